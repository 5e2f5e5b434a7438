import { z } from 'zod';

import { formatFromExtension, formatFromMimeType } from '../shared/audio/format';
import { audioAt } from '../shared/http/audioText';
import { numeric, optional } from '../shared/http/answerFields';
import { merged } from '../shared/http/jsonBody';
import { answeredWithout } from '../shared/http/refusal';
import type { Answer, HttpRequest, Refusal, RefusalMeaning, Service } from '../shared/http/service';
import type { JobState, StatusQuestion } from '../shared/run/jobState';
import { Failure } from '../shared/speech/failure';
import type { AudioKind, JobFacts } from '../shared/speech/job';

/** Vimmerse's audio API, version 2. Source: vimmerse-api.redoc.ly/tag/Audio, and the OpenAPI file of its legacy routes. */
export const vimmerse: Service = {
	id: 'vimmerse',
	displayName: 'Vimmerse',
	credentialType: 'vimmerseApi',
	readRefusal,
};

/** What Vimmerse makes, under the names that its routes, its estimates and its assets have for it, which differ. */
export const SERVICES = {
	speech: { appName: 'text-to-speech', path: '/v2/audio/text-2-speech' },
	soundEffect: { appName: 'text-to-audio', path: '/v2/audio/text-2-sound-effect' },
	music: { appName: 'text-to-music', path: '/v2/audio/text-2-music' },
	upload: { appName: 'upload-audio', path: '/v2/audio' },
} as const satisfies Record<AudioKind, { appName: string; path: string }>;

/** Lets Vimmerse choose what makes the audio. Estimates demand a choice, and only speech has one. */
export const ANY_ENGINE = 'AutoA';

/** What a generation of each kind takes; keys left out are Vimmerse's to choose. */
export interface GenerationBodies {
	/** `option` is the engine; '' as language lets Vimmerse detect it. */
	speech: { prompt: string; voice: string; option: string; language: string };
	/** `duration` in seconds. */
	soundEffect: { prompt: string; duration: number };
	music: { prompt: string };
}

/** @param additionalFields the user's own part of the body: goes over everything */
export function generateRequest<Kind extends keyof GenerationBodies>(
	kind: Kind,
	body: GenerationBodies[Kind],
	additionalFields: object = {},
): HttpRequest {
	return { method: 'POST', path: SERVICES[kind].path, body: merged(body, additionalFields), spends: true };
}

/** Vimmerse fetches the file itself. */
export function uploadUrlRequest(audioUrl: string): HttpRequest {
	return { method: 'POST', path: SERVICES.upload.path, query: { audio_url: audioUrl }, spends: true };
}

/** The field of the form that holds the file. */
export const UPLOAD_FIELD = 'audio_file';

/** @param form see `multipart.ts` */
export function uploadFileRequest(
	form: Pick<HttpRequest, 'headers' | 'openBody' | 'streamKey'>,
): HttpRequest {
	return { method: 'POST', path: SERVICES.upload.path, ...form, spends: true };
}

export interface EstimateBody {
	app_name: string;
	option: string;
	prompt?: string;
	/** Seconds. */
	duration?: number;
	voice?: string;
	quantity?: number;
}

/** What a generation with this body would be estimated as; `quantity` and the like only where the user added them. */
export function estimateBody(kind: keyof GenerationBodies, generation: object): EstimateBody {
	const { option = ANY_ENGINE, prompt, duration, voice, quantity } = generation as Partial<EstimateBody>;
	return { app_name: SERVICES[kind].appName, option, prompt, duration, voice, quantity };
}

/** Creates nothing, and costs nothing. */
export function estimateRequest(body: EstimateBody): HttpRequest {
	return { method: 'POST', path: '/v2/audio/estimate-credits', body, spends: false };
}

const estimate = z.object({ total_credits: numeric, breakdown: z.unknown() });
const estimateAnswer = z.union([estimate, z.object({ data: estimate }).transform(({ data }) => data)]);

/** @throws {Failure} `unavailable` when the answer is no estimate */
export function readEstimate({ body }: Answer): { credits: number; breakdown: unknown } {
	const parsed = estimateAnswer.safeParse(body.kind === 'json' ? body.value : undefined);
	if (parsed.success) return { credits: parsed.data.total_credits, breakdown: parsed.data.breakdown ?? null };
	throw new Failure(
		'unavailable',
		"Vimmerse answered without an estimate. Nothing was spent. Run the node again later, or remove 'Max Credits' from Options where it is set.",
		{ charged: false },
	);
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

const result = z.union([
	z.string(),
	z.object({ URL: z.string() }).transform(({ URL: url }) => url),
	z.object({ url: z.string() }).transform(({ url }) => url),
]);

const asset = z.object({
	id: optional(z.string()),
	results: optional(z.union([z.array(result), result.transform((one) => [one])])),
	status: optional(z.string()),
	mime_type: optional(z.string()),
	app_name: optional(z.string()),
	args: optional(z.object({ option: optional(z.string()) })),
	credits: optional(z.number()),
	created_at: optional(z.string()),
	updated_at: optional(z.string()),
	message: optional(z.string()),
	error: optional(z.string()),
});

type Asset = z.output<typeof asset>;

/** Legacy routes wrap the asset in `data`; one of their samples has a list of `{ URL }` there instead. */
const assetAnswer = z.union([
	z
		.object({ data: z.array(result).min(1) })
		.transform(({ data }): Asset => ({ ...asset.parse({}), results: data })),
	z.object({ data: asset }).transform(({ data }) => data),
	asset,
]);

const DONE = new Set(['', 'success', 'succeeded', 'completed', 'complete', 'done']);
const FAILED = new Set(['fail', 'failed', 'error', 'cancelled']);

/** @param withoutResults what a finished asset without results means: not yet there, or never */
function readAsset(answer: Answer, withoutResults: 'processing' | 'completed'): JobState {
	if (answer.body.kind === 'audio') return { status: 'completed', facts: {}, source: { body: answer.body } };
	const parsed = assetAnswer.safeParse(answer.body.kind === 'json' ? answer.body.value : undefined);
	if (!parsed.success) throw answeredWithout(vimmerse, 'an asset');
	const read = parsed.data;
	const facts = factsOf(read);
	const said = read.status?.toLowerCase() ?? '';
	if (FAILED.has(said) || isRefusal(read))
		return { status: 'failed', facts, words: wordsOf(read) ?? `status ${said}` };
	const source = audioAt(read.results ?? []);
	if ('body' in source || source.urls.length > 0) return { status: 'completed', facts, source };
	if (!DONE.has(said)) return { status: 'processing', facts };
	if (withoutResults === 'processing' && read.id)
		return { status: 'processing', facts, isWorthAskingAtOnce: true };
	return { status: 'completed', facts, source: { urls: [] } };
}

function wordsOf({ error, message }: Asset): string | undefined {
	return message ?? error ?? undefined;
}

/** What a refusal says, with the status of a success: words, and nothing of an asset. */
function isRefusal(read: Asset): boolean {
	return wordsOf(read) !== undefined && !read.id && !read.status && !read.results;
}

const KIND_BY_APP_NAME = new Map<string, AudioKind>(
	Object.entries(SERVICES).map(([kind, { appName }]) => [appName, kind as AudioKind]),
);

function factsOf(read: Asset): JobFacts {
	const used = read.credits ?? null;
	return {
		id: read.id,
		kind: KIND_BY_APP_NAME.get(read.app_name ?? ''),
		model: KIND_BY_APP_NAME.get(read.app_name ?? '') === 'speech' ? read.args?.option || null : null,
		providerStatus: read.status,
		charged: used === null ? null : used > 0,
		audio: { mimeType: declaredMimeType(read) },
		credits: { used },
		createdAt: read.created_at,
		completedAt: read.updated_at,
	};
}

/** Samples say `audio/mp3` of everything, WAV included: the name of the file says more. */
function declaredMimeType({ results, mime_type }: Asset): string | null {
	const format = formatFromExtension(results?.[0] ?? '') ?? formatFromMimeType(mime_type ?? '');
	return format?.mimeType ?? mime_type ?? null;
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
	if (status === 403 && /api[- ]?key/i.test(words ?? '')) return { code: 'invalid_credentials', words };
	if (status === 403 && /credit/i.test(words ?? '')) return { code: 'insufficient_credits', words };
	if (status === 404) return { words, how: 'It knows no such asset of this account.' };
	return { words };
}
