import { z } from 'zod';

import type { Answer, HttpRequest, Refusal, RefusalMeaning, Service } from '../shared/http/service';
import type { JobState, StatusQuestion } from '../shared/run/jobState';
import { Failure } from '../shared/speech/failure';
import type { JobFacts, JobStatus } from '../shared/speech/job';

/** Pixazo's gateway: jobs are queued, then asked for. Source: pixazo.ai/models/vibevoice and its documentation pages, 2026. */
export const pixazo: Service = {
	id: 'pixazo',
	displayName: 'Pixazo',
	credentialType: 'pixazoApi',
	readRefusal,
};

const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish().catch(undefined);

export function generateRequest(path: string, body: object): HttpRequest {
	return { method: 'POST', path, body, headers: { 'Cache-Control': 'no-cache' }, spends: true };
}

export const status: StatusQuestion = {
	request: (jobId) => ({
		method: 'GET',
		path: `/v2/requests/status/${encodeURIComponent(jobId)}`,
		headers: { 'Cache-Control': 'no-cache' },
		spends: false,
	}),
	read: readJob,
};

const address = z.object({ url: z.string() });
const addresses = z.union([z.string().transform((url) => [url]), z.array(z.string())]);

/** Every place where an answer of Pixazo has been documented to name its audio: queued, synchronous, and its own client library. */
const audioPlaces = {
	output: optional(
		z.union([
			addresses.transform((media_url) => ({
				media_url,
				media_type: undefined,
				file_name: undefined,
				file_size: undefined,
			})),
			z.object({
				media_url: optional(addresses),
				media_type: optional(z.string()),
				file_name: optional(z.string()),
				file_size: optional(z.number()),
			}),
		]),
	),
	audio: optional(z.union([z.array(address), address.transform((one) => [one])])),
	url: optional(z.string()),
	audio_url: optional(z.string()),
	output_url: optional(z.string()),
	sample_rate: optional(z.number()),
};

const jobAnswer = z.object({
	request_id: optional(z.string()),
	status: optional(z.string()),
	model_id: optional(z.string()),
	polling_url: optional(z.string()),
	error: optional(
		z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
	),
	message: optional(z.string()),
	created_at: optional(z.string()),
	completed_at: optional(z.string()),
	...audioPlaces,
});

type JobAnswer = z.output<typeof jobAnswer>;

/** FAILED is not said to be free, ERROR is. */
const STATUSES: Record<string, { status: JobStatus; charged: boolean | null }> = {
	QUEUED: { status: 'queued', charged: null },
	PROCESSING: { status: 'processing', charged: null },
	COMPLETED: { status: 'completed', charged: null },
	FAILED: { status: 'failed', charged: null },
	ERROR: { status: 'failed', charged: false },
};

/** What an answer says of a job: to a submission, to a question, or in a callback; they have the same shape. */
export function readJob(answer: Answer): JobState {
	if (answer.body.kind === 'audio') return { status: 'completed', facts: {}, source: { body: answer.body } };
	const parsed = jobAnswer.safeParse(answer.body.kind === 'json' ? answer.body.value : undefined);
	if (!parsed.success) throw notUnderstood();

	const job = parsed.data;
	const urls = urlsOf(job);
	const known = STATUSES[job.status?.toUpperCase() ?? ''];
	const facts = factsOf(job, known?.charged ?? null);
	const said = known?.status ?? guessedStatus(job, urls);
	if (said === 'completed') return { status: said, facts, source: { urls } };
	if (said === 'failed')
		return { status: said, facts, words: job.error ?? job.message ?? `status ${job.status}` };
	return { status: said, facts };
}

/** A status that is not documented: its answer says more than its name. */
function guessedStatus(job: JobAnswer, urls: string[]): JobStatus {
	if (urls.length > 0) return 'completed';
	if (job.error) return 'failed';
	if (job.request_id) return 'processing';
	throw notUnderstood();
}

function urlsOf(job: JobAnswer): string[] {
	const single = job.audio_url ?? job.url ?? job.output_url;
	return job.output?.media_url ?? job.audio?.map(({ url }) => url) ?? (single ? [single] : []);
}

function factsOf(job: JobAnswer, charged: boolean | null): JobFacts {
	return {
		id: job.request_id,
		model: job.model_id,
		providerStatus: job.status,
		statusUrl: job.polling_url,
		charged,
		audio: {
			fileName: job.output?.file_name,
			mimeType: job.output?.media_type === 'application/octet-stream' ? null : job.output?.media_type,
			sizeBytes: job.output?.file_size,
			sampleRateHz: job.sample_rate,
		} as JobFacts['audio'],
		createdAt: job.created_at,
		completedAt: job.completed_at,
	};
}

function notUnderstood(): Failure {
	return new Failure(
		'bad_audio',
		'Pixazo answered with neither a job nor any audio. It may have been charged: look into the Pixazo dashboard before running the node again.',
	);
}

/** Bodies of 401, 403 and 429 are not documented: those of the gateway software that the key header names are read too. */
const errorBody = z.object({ error: optional(z.string()), message: optional(z.string()) });

function readRefusal({ status: httpStatus, body }: Refusal): RefusalMeaning {
	const parsed = errorBody.safeParse(body.kind === 'json' ? body.value : {});
	const { error, message } = parsed.success ? parsed.data : {};
	const words = message ?? error ?? undefined;
	const retryAfterSeconds = /try again in (\d+) second/i.exec(words ?? '')?.[1];
	if (httpStatus === 403 && /subscription key|api[- ]?key/i.test(words ?? ''))
		return { code: 'invalid_credentials', words };
	if (httpStatus === 400 && error === 'Model not found') {
		return { words, how: "Choose another 'Model': Pixazo renames its paths now and then." };
	}
	return { words, ...(retryAfterSeconds && { retryAfterSeconds: Number(retryAfterSeconds) }) };
}
