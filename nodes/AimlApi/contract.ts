import { z } from 'zod';

import { audioAt } from '../shared/http/audioText';
import { optional } from '../shared/http/answerFields';
import type { Answer, Refusal, RefusalMeaning, Service } from '../shared/http/service';
import { answeredWithout } from '../shared/http/refusal';
import type { AudioSource, JobState } from '../shared/run/jobState';
import type { JobFacts } from '../shared/speech/job';

/** AI/ML API's text-to-speech. Source: github.com/aimlapi/api-docs and docs.aimlapi.com, 2026. */
export const aimlApi: Service = {
	id: 'aimlApi',
	displayName: 'AI/ML API',
	credentialType: 'aimlApi',
	readRefusal,
};

/** 1 USD buys this many credits. Source: docs.aimlapi.com, FAQ "How can I track my funds". */
const CREDITS_PER_USD = 2_000_000;

/**
 * The schema says that `audio` is a URL, the samples that it is an object with one. `duration` and `sample_rate` come from
 * VibeVoice and are in no schema; `meta` may be null at every level.
 */
const speechAnswer = z.object({
	audio: z.union([
		z
			.string()
			.transform((url) => ({ url, file_name: undefined, content_type: undefined, file_size: undefined })),
		z.object({
			url: z.string(),
			file_name: optional(z.string()),
			content_type: optional(z.string()),
			file_size: optional(z.number()),
		}),
	]),
	duration: optional(z.number()),
	sample_rate: optional(z.number()),
	meta: optional(
		z.object({
			usage: optional(z.object({ credits_used: optional(z.number()), usd_spent: optional(z.number()) })),
		}),
	),
});

/** JSON naming a URL, or the audio itself: the schemas allow both for every model. @throws {Failure} `bad_audio` */
export function readSpeech(answer: Answer): JobState {
	const id = answer.headers['x-inference-id'];
	if (answer.body.kind === 'audio') return completed({ id }, { body: answer.body });

	const parsed = speechAnswer.safeParse(answer.body.kind === 'json' ? answer.body.value : undefined);
	if (!parsed.success) {
		const words = wordsOf(answer);
		if (words) return { status: 'failed', facts: { id }, words };
		throw answeredWithout(aimlApi, 'any audio');
	}
	const { audio, duration, sample_rate, meta } = parsed.data;
	const source = audioAt([audio.url]);
	if ('urls' in source && source.urls.length === 0) throw answeredWithout(aimlApi, 'any audio');
	const used = meta?.usage?.credits_used ?? null;
	return completed(
		{
			id,
			charged: used === null ? null : used > 0,
			audio: {
				fileName: audio.file_name ?? null,
				mimeType: audio.content_type ?? null,
				sizeBytes: audio.file_size ?? null,
				durationSeconds: duration ?? null,
				sampleRateHz: sample_rate ?? null,
			},
			// Documented as tokens; they are credits.
			credits: { used, usd: meta?.usage?.usd_spent ?? (used === null ? null : used / CREDITS_PER_USD) },
		},
		source,
	);
}

function completed(facts: JobFacts, source: AudioSource): JobState {
	return { status: 'completed', facts, source };
}

const words = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join('; '))]);

/** Documented and captured bodies differ; both are read, the more specific words first. */
const errorBody = z.object({
	error: optional(
		z.union([
			z.string().transform((message) => ({ message, data: undefined })),
			z.object({ message: optional(words), data: optional(z.object({ kind: optional(z.string()) })) }),
		]),
	),
	message: optional(words),
	title: optional(z.string()),
});

function readError({ body }: Pick<Refusal, 'body'>): { kind: string; words: string | undefined } {
	const parsed = errorBody.safeParse(body.kind === 'json' ? body.value : {});
	if (!parsed.success) return { kind: '', words: undefined };
	const { error, message, title } = parsed.data;
	return { kind: error?.data?.kind ?? '', words: error?.message ?? message ?? title ?? undefined };
}

function wordsOf(answer: Pick<Refusal, 'body'>): string | undefined {
	return readError(answer).words;
}

/** 403 means an empty account, a missing verification or a plan, never a wrong key: only its words tell. */
function readRefusal(refusal: Refusal): RefusalMeaning {
	const { kind, words: said } = readError(refusal);
	// `err_insufficent_credits` is spelled so.
	const isOutOfCredits =
		/insuff?ici?ent_credits/.test(kind) || /out of (credits|funds)|top up/i.test(said ?? '');
	if (refusal.status === 403 && isOutOfCredits) return { code: 'insufficient_credits', words: said };
	return { words: said };
}
