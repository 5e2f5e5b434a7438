import { z } from 'zod';

import type { Answer, HttpRequest, Refusal, RefusalMeaning, Service } from '../shared/http/service';
import type { JobState, StatusQuestion } from '../shared/run/jobState';
import { Failure } from '../shared/speech/failure';
import type { JobFacts } from '../shared/speech/job';

/** Vimmerse's audio API, version 2. Source: vimmerse-api.redoc.ly/tag/Audio, and the OpenAPI file of its legacy routes. */
export const vimmerse: Service = {
	id: 'vimmerse',
	displayName: 'Vimmerse',
	credentialType: 'vimmerseApi',
	readRefusal,
};

const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish().catch(undefined);

export interface SpeechRequest {
	prompt: string;
	voice: string;
	option: string;
	/** '' lets Vimmerse detect it. */
	language: string;
}

export function speechRequest(body: SpeechRequest): HttpRequest {
	return { method: 'POST', path: '/v2/audio/text-2-speech', body, spends: true };
}

/** The only route that is documented for reading an asset again is a legacy one. */
export const assetStatus: StatusQuestion = {
	request: (assetId) => ({ method: 'GET', path: `/asset/${encodeURIComponent(assetId)}`, spends: false }),
	read: (answer) => readAsset(answer, 'completed'),
};

/** Answers to a generation. Every printed sample lacks `results`, though all code relies on it: then the asset is asked for once more. */
export function readGenerated(answer: Answer): JobState {
	return readAsset(answer, 'processing');
}

const result = z.union([z.string(), z.object({ URL: z.string() }).transform(({ URL: url }) => url)]);

const asset = z.object({
	id: optional(z.string()),
	results: optional(z.array(result)),
	status: optional(z.string()),
	mime_type: optional(z.string()),
	credits: optional(z.number()),
	created_at: optional(z.string()),
	updated_at: optional(z.string()),
	message: optional(z.string()),
	error: optional(z.string()),
});

type Asset = z.output<typeof asset>;

/** Legacy routes wrap the asset in `data`; one of their samples has a list of `{ URL }` there instead. */
const assetAnswer = z.union([
	z.object({ data: z.array(z.object({ URL: z.string() })).min(1) }).transform(({ data }) => ({
		...asset.parse({}),
		results: data.map(({ URL: url }) => url),
	})),
	z.object({ data: asset }).transform(({ data }) => data),
	asset,
]);

const PENDING = new Set(['queued', 'pending', 'processing', 'in_progress']);
const FAILED = new Set(['fail', 'failed', 'error']);

/** @param withoutResults what an asset without results means: not yet there, or never */
function readAsset(answer: Answer, withoutResults: 'processing' | 'completed'): JobState {
	const parsed = assetAnswer.safeParse(answer.body.kind === 'json' ? answer.body.value : undefined);
	if (!parsed.success) throw notUnderstood();
	const read = parsed.data;
	const facts = factsOf(read);
	const said = read.status?.toLowerCase() ?? '';
	if (FAILED.has(said))
		return { status: 'failed', facts, words: read.message ?? read.error ?? `status ${said}` };
	const urls = read.results ?? [];
	if (urls.length > 0) return { status: 'completed', facts, source: { urls } };
	if (PENDING.has(said)) return { status: 'processing', facts };
	if (withoutResults === 'processing' && read.id) return { status: 'processing', facts, isWorthAskingAtOnce: true };
	return { status: 'completed', facts, source: { urls: [] } };
}

function factsOf(read: Asset): JobFacts {
	const used = read.credits ?? null;
	return {
		id: read.id,
		providerStatus: read.status,
		charged: used === null ? null : used > 0,
		audio: { mimeType: read.mime_type ?? null },
		credits: { used },
		createdAt: read.created_at,
		completedAt: read.updated_at,
	};
}

function notUnderstood(): Failure {
	return new Failure(
		'bad_audio',
		'Vimmerse answered without an asset. It may have been charged: look into the Vimmerse account before running the node again.',
	);
}

const detail = z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() });

const errorBody = z.object({
	message: optional(z.string()),
	detail: optional(z.union([z.string(), z.array(detail)])),
});

/** A 422 with a list names wrong fields; with a sentence it says that the audio could not be made. */
function readRefusal({ status, body }: Refusal): RefusalMeaning {
	const parsed = errorBody.safeParse(body.kind === 'json' ? body.value : {});
	if (!parsed.success) return {};
	const { message, detail: said } = parsed.data;
	if (Array.isArray(said))
		return { words: said.map(({ loc, msg }) => `${loc.slice(1).join('.')}: ${msg}`).join('; ') };
	const words = said ?? message ?? undefined;
	if (status === 422 && said) return { code: 'job_failed', words };
	return { words };
}
