import { sleep } from 'n8n-workflow';

import { Failure } from '../speech/failure';

/** How long, how often and under which signal one item may be waited for. */
export interface Patience {
	/** Epoch milliseconds; all waiting of the item counts against it. */
	deadline: number;
	/** Further attempts after the first one. */
	maxRetries: number;
	/** Fires when the execution is stopped. */
	signal: AbortSignal | undefined;
	/** Why the request is not to be sent any more, if so: looked at just before it is, however long it had to wait. */
	calledOff?: () => Failure | null;
}

/** Whole ones, as an `AbortSignal.timeout` takes no others: a deadline may come from an expression that yields a fraction. */
export function millisecondsLeft(patience: Patience): number {
	return Math.max(0, Math.ceil(patience.deadline - Date.now()));
}

/** @throws {Failure} `cancelled` when the execution is stopped, before or during the wait */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
	throwIfCancelled(signal);
	// It rejects for no other reason than the signal.
	await sleep(milliseconds, signal).catch(() => undefined);
	throwIfCancelled(signal);
}

/** Waits for what others do, as long as the item has time. @throws {Failure} `timed_out` or `cancelled` */
export async function within(patience: Patience, awaited: Promise<void>): Promise<void> {
	const isOver = new AbortController();
	const signals = [isOver.signal, ...(patience.signal ? [patience.signal] : [])];
	const timer = pause(millisecondsLeft(patience), AbortSignal.any(signals)).then(() => {
		throw outOfTime();
	});
	// Once it is over nobody listens to the timer any more.
	await Promise.race([awaited, timer]).finally(() => isOver.abort());
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw cancelled();
}

/** @throws {Failure} `cancelled`, or why the request is called off */
export function throwIfPointless({ signal, calledOff }: Patience): void {
	throwIfCancelled(signal);
	const reason = calledOff?.();
	if (reason) throw reason;
}

export function cancelled(): Failure {
	return new Failure('cancelled', 'The execution was canceled.');
}

/** A request would be sent too late. */
export function outOfTime(): Failure {
	return new Failure(
		'timed_out',
		"The time for this item is too short to wait for its turn, and nothing was sent. Raise 'Timeout (Seconds)' in Options, or run the node with fewer items.",
		{ charged: false },
	);
}

export function isOutOfTime(thrown: unknown): boolean {
	return thrown instanceof Failure && thrown.code === 'timed_out';
}

/** What became of a promise, as a value. */
export async function settled<T>(promise: Promise<T>): Promise<{ value: T } | { thrown: unknown }> {
	try {
		return { value: await promise };
	} catch (thrown) {
		return { thrown };
	}
}
