/**
 * Every provider error is mapped to one of these codes.
 * Saved workflows may branch on them, so their meaning never changes.
 */
export type FailureCode =
	/** Refused here, before any request; the sentence names the field by its display name. */
	| 'invalid_input'
	/** The provider does not know the API key. */
	| 'invalid_credentials'
	/** The key is good, but its plan, verification or permission does not allow this. */
	| 'not_permitted'
	/** The account has no credits or balance left. */
	| 'insufficient_credits'
	/** The provider says that the request itself is wrong. */
	| 'rejected'
	/** Too many requests: the provider wants a pause. */
	| 'rate_limited'
	/** The provider cannot be reached or is down; the request cannot have been accepted. */
	| 'unavailable'
	/** The request was sent and no answer came: it may have been accepted and paid for. */
	| 'ambiguous'
	/** The provider accepted the job and could not finish it. */
	| 'job_failed'
	/** The job is still running and the item's time is up. */
	| 'timed_out'
	/** What came back is not audio, is cut short, or names no audio. */
	| 'bad_audio'
	/** The execution was stopped. */
	| 'cancelled';

/** Failures that every other item of the run would meet too: no new request is started after one. */
export const HITS_EVERY_ITEM: ReadonlySet<FailureCode> = new Set<FailureCode>([
	'invalid_credentials',
	'not_permitted',
	'insufficient_credits',
]);

/** Failures after which the same request may be sent again: it cannot have been accepted. */
export const MAY_BE_RESENT: ReadonlySet<FailureCode> = new Set<FailureCode>(['rate_limited', 'unavailable']);

/** Failures of a request that costs, after which it may have been paid for all the same. */
const MAY_HAVE_BEEN_PAID: ReadonlySet<FailureCode> = new Set<FailureCode>([
	'ambiguous',
	'bad_audio',
	'job_failed',
]);

export interface FailureFacts {
	/** Display name of the field that has to change. */
	field?: string;
	/** Status of the provider's answer, where there was one. */
	httpStatus?: number | null;
	/** How long the provider asked to wait. */
	retryAfterSeconds?: number | null;
	/** Whether the provider says that this was paid for; null: it does not say. */
	charged?: boolean | null;
	/** Whether it is known that trying again leads nowhere. */
	isFinal?: boolean;
}

/**
 * What is thrown on every floor below the node. The message is for a workflow builder: what happened, then how to mend it.
 * It never holds a key, and no cause: what n8n's helpers throw carries the credential.
 */
export class Failure extends Error {
	readonly code: FailureCode;

	readonly field: string | null;

	readonly httpStatus: number | null;

	readonly retryAfterSeconds: number | null;

	readonly charged: boolean | null;

	readonly isFinal: boolean;

	constructor(code: FailureCode, message: string, facts: FailureFacts = {}) {
		super(message);
		this.name = 'Failure';
		this.code = code;
		this.field = facts.field ?? null;
		this.httpStatus = facts.httpStatus ?? null;
		this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
		this.charged = facts.charged ?? null;
		this.isFinal = facts.isFinal ?? false;
	}
}

/** Whether a request that costs may have been paid for although it failed so. A status that refuses says that it was not. */
export function mayHaveBeenPaid({ code, charged, httpStatus }: Failure): boolean {
	const isRefused = httpStatus !== null && httpStatus >= 300;
	return MAY_HAVE_BEEN_PAID.has(code) && charged !== false && !isRefused;
}

/** The same failure in other words, and with other facts if given. */
export function reworded(failure: Failure, message: string, facts: FailureFacts = {}): Failure {
	return new Failure(failure.code, message, { ...failure, field: failure.field ?? undefined, ...facts });
}
