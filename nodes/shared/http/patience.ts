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
}

export function millisecondsLeft(patience: Patience): number {
	return Math.max(0, patience.deadline - Date.now());
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

export function cancelled(): Failure {
	return new Failure('cancelled', 'The execution was canceled.');
}

/** The time of an item ran out before its request was sent. */
export function outOfTime(): Failure {
	return new Failure(
		'timed_out',
		"The time for this item ran out while it waited for its turn, and nothing was sent. Raise 'Timeout (Seconds)' in Options, or run the node with fewer items.",
		{ charged: false },
	);
}

/** What became of a promise, as a value. */
export async function settled<T>(promise: Promise<T>): Promise<{ value: T } | { thrown: unknown }> {
	try {
		return { value: await promise };
	} catch (thrown) {
		return { thrown };
	}
}
