import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Failure, FailureCode } from '../speech/failure';
import { withFailure } from '../speech/job';
import type { AudioJob } from '../speech/job';

type NodeFailure = NonNullable<NonNullable<ConstructorParameters<typeof NodeApiError>[2]>['failure']>;

/** Why, in n8n's own terms; codes left out are about one item only. */
const CAUSES: Partial<Record<FailureCode, NodeFailure['cause']>> = {
	invalid_credentials: 'credential-invalid',
	insufficient_credits: 'quota-exhausted',
	not_permitted: 'configuration-invalid',
	rate_limited: 'rate-limited',
	unavailable: 'temporarily-unavailable',
};

/**
 * The failure as n8n shows it.
 *
 * @param hint what stands below its sentence: how to collect what was accepted already, of this item and of others that failed
 */
export function toNodeError(
	context: IExecuteFunctions,
	failure: Failure,
	itemIndex: number,
	hint: string | undefined,
): NodeApiError | NodeOperationError {
	const options = {
		message: failure.message,
		description: hint,
		itemIndex,
		failure: causeOf(failure),
	};
	if (failure.code === 'invalid_input' || failure.code === 'cancelled') {
		return new NodeOperationError(context.getNode(), failure.message, options);
	}
	return new NodeApiError(
		context.getNode(),
		{ message: failure.message },
		{
			...options,
			httpCode: failure.httpStatus?.toString(),
		},
	);
}

/** The item that continues on the error output. Just these three keys: n8n would empty an item that carried more, or `error`. */
export function toErrorItem(failure: Failure, itemIndex: number, job: AudioJob): INodeExecutionData {
	return {
		json: { error: failure.message, message: failure.message, details: { ...withFailure(job, failure) } },
		pairedItem: { item: itemIndex },
	};
}

function causeOf(failure: Failure): NodeFailure | undefined {
	const cause = CAUSES[failure.code];
	if (!cause) return undefined;
	const retryAfterMs = failure.retryAfterSeconds === null ? undefined : failure.retryAfterSeconds * 1000;
	return { cause, ...(cause === 'rate-limited' && { retryAfterMs }) } as NodeFailure;
}

/** What was accepted already of items that failed, and how to get at it; undefined: nothing that is known of. */
export function collectHint(jobs: readonly AudioJob[], collectWith: string | null): string | undefined {
	const heardOf = jobs.filter(({ job, text }) => text.requests > 0 || job.providerStatus !== null);
	const ids = accepted(heardOf, ({ job, parts }) => [job.id, ...parts.map(({ jobId }) => jobId)]);
	const urls = accepted(jobs, ({ audio, parts }) => [audio.url, ...parts.map(({ url }) => url)]);
	const isCollectable = ids.length > 0 && heardOf.some(({ status }) => status !== 'failed');
	const hints = [
		ids.length > 0 && `The provider accepted ${ids.length === 1 ? 'job' : 'jobs'} ${ids.join(', ')}.`,
		isCollectable && collectWith && `Collect the audio with '${collectWith}'.`,
		urls.length > 0 && `There is audio at ${urls.join(' and ')}`,
	].filter(Boolean);
	return hints.length > 0 ? hints.join(' ') : undefined;
}

function accepted(jobs: readonly AudioJob[], read: (job: AudioJob) => Array<string | null>): string[] {
	return [...new Set(jobs.flatMap(read).filter((value) => value !== null))];
}
