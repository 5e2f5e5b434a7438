import { Failure, MAY_BE_RESENT } from '../speech/failure';
import type { Pacer } from './pacer';
import { isOutOfTime, millisecondsLeft, outOfTime, pause, settled, throwIfPointless } from './patience';
import type { Patience } from './patience';

/** Which failures are worth another attempt, how many, and how long the wait between two may grow. */
export interface RetryPolicy {
	mayRetry(failure: Failure): boolean;
	maxRetries: number;
	longestBackoffMs: number;
}

const FIRST_BACKOFF_MS = 500;

/** For requests that may cost money: only what cannot have been accepted is sent again. */
export function resendPolicy(patience: Patience): RetryPolicy {
	return {
		mayRetry: (failure) => MAY_BE_RESENT.has(failure.code),
		maxRetries: patience.maxRetries,
		longestBackoffMs: 30_000,
	};
}

/**
 * How long to wait before attempt `retry` (1, 2, ...): what the provider asked for, or a doubling wait; with jitter, so that
 * items that were refused together do not come back together.
 */
function backoffMs(retry: number, retryAfterSeconds: number | null, longestMs: number): number {
	// What allows to come back at once is no reason to.
	if (retryAfterSeconds) return Math.ceil(retryAfterSeconds * 1000 + Math.random() * 100);
	const nominalMs = Math.min(longestMs, FIRST_BACKOFF_MS * 2 ** (retry - 1));
	return Math.ceil(nominalMs * (0.75 + Math.random() / 2));
}

/**
 * Calls `attempt` until it succeeds, fails for good, or the patience is used up; then throws the last failure. A rate limit holds all
 * that share the pacer, also when the one that met it gives up.
 */
export async function retrying<T>(
	patience: Patience,
	pacer: Pacer,
	policy: RetryPolicy,
	attempt: () => Promise<T>,
): Promise<T> {
	let last: Failure | null = null;
	let passedBefore = pacer.passed();
	let retry = 0;
	for (;;) {
		const turn = await pacer.ready(patience).catch((thrown) => {
			throw last && isOutOfTime(thrown) ? last : thrown;
		});
		throwIfPointless(patience);
		if (millisecondsLeft(patience) === 0) throw last ?? outOfTime();
		const outcome = await settled(attempt());
		if ('value' in outcome) {
			pacer.ease();
			return outcome.value;
		}

		const { thrown } = outcome;
		if (!(thrown instanceof Failure) || !policy.mayRetry(thrown)) throw thrown;
		// Who is refused while others pass has only to wait for a turn: that is no attempt in vain.
		const wasOvertaken = thrown.code === 'rate_limited' && pacer.passed() > passedBefore;
		retry = wasOvertaken ? 1 : retry + 1;
		passedBefore = pacer.passed();
		const waitMs = backoffMs(retry, thrown.retryAfterSeconds, policy.longestBackoffMs);
		last = thrown;
		if (thrown.code === 'rate_limited') pacer.hold(waitMs, turn);
		if (retry > policy.maxRetries || waitMs >= millisecondsLeft(patience)) throw thrown;
		if (thrown.code !== 'rate_limited') await pause(waitMs, patience.signal);
	}
}
