import { z } from 'zod';

import { formatFromExtension, formatFromMimeType } from '../shared/audio/format';
import { audioAt } from '../shared/http/audioText';
import { optional } from '../shared/http/answerFields';
import type { Answer, HttpRequest, Refusal, RefusalMeaning, Service } from '../shared/http/service';
import type { AudioSource, JobState, StatusQuestion } from '../shared/run/jobState';
import { answeredWithout } from '../shared/http/refusal';
import type { JobFacts, JobStatus } from '../shared/speech/job';
import { OTHER_KINDS } from './models';

/** Pixazo's gateway: jobs are queued, then asked for. Source: pixazo.ai/models/vibevoice and its documentation pages, 2026. */
export const pixazo: Service = {
	id: 'pixazo',
	displayName: 'Pixazo',
	credentialType: 'pixazoApi',
	readRefusal,
};

/** The official host, which the documentation prints before every path. */
export const pixazoHost = 'https://gateway.pixazo.ai';

/** @param callbackUrl where Pixazo reports the end of the job, once; left out: nowhere */
export function generateRequest(path: string, body: object, callbackUrl?: string): HttpRequest {
	return {
		method: 'POST',
		path,
		body,
		headers: {
			'Cache-Control': 'no-cache',
			...(callbackUrl && { 'X-Webhook-URL': callbackUrl, 'X-Webhook-Mode': 'terminal' }),
		},
		spends: true,
	};
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

const place = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]);
const places = z.union([place.transform((one) => [one]), z.array(place)]);

/** Every place where an answer of Pixazo has been documented to have its audio: queued, synchronous, and its own client library. */
const audioPlaces = {
	output: optional(
		z.union([
			places.transform((media_url) => ({ media_url }) as Output),
			z.object({
				media_url: optional(places),
				audio: optional(places),
				media_type: optional(z.string()),
				file_name: optional(z.string()),
				file_size: optional(z.number()),
			}),
		]),
	),
	audio: optional(places),
	/** As MiniMax itself, whose models give hex. */
	data: optional(z.object({ audio: optional(places) })),
	url: optional(z.string()),
	audio_url: optional(z.string()),
	output_url: optional(z.string()),
	sample_rate: optional(z.number()),
};

interface Output {
	media_url?: string[] | null;
	audio?: string[] | null;
	media_type?: string | null;
	file_name?: string | null;
	file_size?: number | null;
}

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
	// Not documented, but watched for by clients of others.
	SUCCEEDED: { status: 'completed', charged: null },
	CANCELLED: { status: 'failed', charged: null },
};

/** What an answer says of a job: to a submission, to a question, or in a callback; they have the same shape. */
export function readJob(answer: Answer): JobState {
	if (answer.body.kind === 'audio') return { status: 'completed', facts: {}, source: { body: answer.body } };
	const parsed = jobAnswer.safeParse(answer.body.kind === 'json' ? answer.body.value : undefined);
	if (!parsed.success) throw answeredWithout(pixazo, 'a job and without any audio');

	const job = parsed.data;
	const source = sourceOf(job);
	const known = STATUSES[job.status?.toUpperCase() ?? ''];
	const facts = factsOf(job, known?.charged ?? null);
	const said = known?.status ?? guessedStatus(job, source);
	if (said === 'completed') return { status: said, facts, source };
	if (said === 'failed')
		return { status: said, facts, words: job.error ?? job.message ?? `status ${job.status}` };
	return { status: said, facts };
}

/** An ID as part of a path, which a stranger must not be able to bend. */
const JOB_ID = /^[A-Za-z0-9][\w.:-]{0,199}$/;

const callbackBody = z.object({ request_id: z.string().regex(JOB_ID), status: optional(z.string()) });

/**
 * Which job a callback is about, and whether it reports an end rather than progress. That is all that is read: a callback is shaped like
 * an answer to a question, but is not signed, so the rest is worth nothing until Pixazo has been asked.
 *
 * @returns null when it names no job
 */
export function readCallback(body: unknown): { jobId: string; saysEnded: boolean } | null {
	const parsed = callbackBody.safeParse(body);
	if (!parsed.success) return null;
	const said = STATUSES[parsed.data.status?.toUpperCase() ?? '']?.status;
	return { jobId: parsed.data.request_id, saysEnded: said !== 'queued' && said !== 'processing' };
}

/** A status that is not documented: its answer says more than its name. */
function guessedStatus(job: JobAnswer, source: AudioSource): JobStatus {
	if ('body' in source || source.urls.length > 0) return 'completed';
	if (job.error) return 'failed';
	if (idOf(job) || job.status) return 'processing';
	throw answeredWithout(pixazo, 'a job and without any audio');
}

/** Addresses, or the audio itself where it came as text. */
function sourceOf(job: JobAnswer): AudioSource {
	const { output, audio, data } = job;
	const single = job.audio_url ?? job.url ?? job.output_url;
	return audioAt(output?.media_url ?? output?.audio ?? audio ?? data?.audio ?? (single ? [single] : []));
}

/** Answers that only have `polling_url` have the job's ID in it. */
function idOf(job: JobAnswer): string | undefined {
	return job.request_id ?? job.polling_url?.split(/[?#]/)[0]?.split('/').filter(Boolean).at(-1);
}

function factsOf(job: JobAnswer, charged: boolean | null): JobFacts {
	return {
		id: idOf(job),
		kind: OTHER_KINDS[job.model_id ?? ''],
		model: job.model_id,
		providerStatus: job.status,
		statusUrl: job.polling_url,
		charged,
		audio: {
			fileName: job.output?.file_name ?? null,
			mimeType: declaredMimeType(job.output),
			sizeBytes: job.output?.file_size ?? null,
			sampleRateHz: job.sample_rate ?? null,
		},
		createdAt: job.created_at,
		completedAt: job.completed_at,
	};
}

/** The template pages send `application/octet-stream` for everything: then the name of the file says more. */
function declaredMimeType(output: Output | null | undefined): string | null {
	const declared = formatFromMimeType(output?.media_type ?? '');
	return (declared ?? formatFromExtension(output?.media_url?.[0] ?? ''))?.mimeType ?? null;
}

/** Bodies of 401, 403 and 429 are not documented: those of the gateway software that the key header names are read too. */
const errorBody = z.object({ error: optional(z.string()), message: optional(z.string()) });

function readRefusal({ status: httpStatus, body }: Refusal): RefusalMeaning {
	const parsed = errorBody.safeParse(body.kind === 'json' ? body.value : {});
	const { error, message } = parsed.success ? parsed.data : {};
	const words = message ?? error ?? undefined;
	const said = `${error ?? ''} ${message ?? ''}`;
	const retryAfterSeconds = /try again in (\d+) second/i.exec(said)?.[1];
	if (httpStatus === 403 && /subscription key|api[- ]?key/i.test(said))
		return { code: 'invalid_credentials', words };
	if (httpStatus === 403 && /balance|credit/i.test(said)) return { code: 'insufficient_credits', words };
	if (httpStatus === 400 && error === 'Model not found') {
		return { words, how: "Choose another 'Model': Pixazo renames its paths now and then." };
	}
	if (httpStatus === 404) {
		return { words, how: 'It knows no such path, or no such job of this account.' };
	}
	return { words, ...(retryAfterSeconds && { retryAfterSeconds: Number(retryAfterSeconds) }) };
}
