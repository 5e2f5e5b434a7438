/**
 * The answers of AI/ML API's models: their shapes, formats and properties, as in the sample of each
 * model family.
 */
import { createHash, randomUUID } from 'node:crypto';

import { audioFile, type ProviderContext } from '../core/context.mts';
import { unguessable } from '../core/media.mts';
import { castTurns, readScript } from '../core/script.mts';
import type { Answer, Call, SpokenTurn } from '../core/types.mts';
import { CODECS, type AudioFormat } from '../speech/encode.mts';
import { renderAudio, type AudioOrder } from '../speech/speech.mts';
import { virtualWav } from '../speech/wav.mts';

export interface AimlModel {
	model: string;
	/** Older IDs, which also contain the voice. */
	aliases: string[];
	textField: string;
	/** Media types that the schema lists for status 200. */
	answersWith: string[];
	schema: { properties: Record<string, { enum?: unknown[]; default?: unknown; maxLength?: number }> };
}

/**
 * Answer shapes, each of which appears in the documentation. `string`: `audio` is the URL (the
 * schema). `object`: `audio.url` (the samples). `bytes`: the audio itself (the schema's
 * alternative). `nullMeta`: the schema's `meta: null`. `metadata`: a 201 with facts about the audio
 * and no URL (the schema before 2026-04).
 */
type Shape = 'string' | 'object' | 'bytes' | 'nullMeta' | 'metadata';

const CREDITS_PER_USD = 2_000_000;
/** The sandbox's own price; it is not the provider's. */
const CREDITS_PER_CHARACTER = 30;
const WAV_HEADER_BYTES = 44;

/** One accepted request. */
interface Generation {
	call: Call;
	model: AimlModel;
	order: AudioOrder;
	format: AudioFormat;
	path: string;
	url: string;
	characters: number;
	credits: number;
	usd: number;
	/** The size of the file, which is generated for this purpose. */
	sizeBytes(): Promise<number>;
}

/** The number of characters by the provider's count. */
export const charactersOf = (call: Call, { textField }: AimlModel): number =>
	[...String((call.body as Record<string, unknown>)[textField])].length;

export const usdFor = (characters: number): number => (characters * CREDITS_PER_CHARACTER) / CREDITS_PER_USD;

/** The answer to a validated request. */
export async function answerSpeech(call: Call, model: AimlModel, context: ProviderContext): Promise<Answer> {
	const body = call.body as Record<string, unknown>;
	const shape = shapeOf(call, model);
	const format = formatOf(model, body);
	const { turns, speed } = castOf(model, body);
	const order: AudioOrder = { kind: 'speech', turns, speed };
	const jobId = randomUUID();
	const paid = { accepted: true, charged: true, spoken: turns, jobId };
	const inference = { 'x-inference-id': jobId, ...echoClientId(call) };
	if (shape === 'bytes') return { ...(await bytesOf(call, order, format, inference)), ...paid };

	const family = FAMILIES.find(([pattern]) => pattern.test(model.model))?.[1] ?? USUAL_FAMILY;
	const { path, query } = family.place(model.model, CODECS[format.codec].extension);
	const url = context.media.publish(path, audioFile(order, format), call.effect, query);
	const characters = charactersOf(call, model);
	const usd = usdFor(characters);
	const virtualBytes = call.effect.audioSizeBytes ?? call.settings.audioSizeBytes;
	const sizeBytes = async () => virtualBytes || (await renderAudio(order, format)).length;
	const credits = characters * CREDITS_PER_CHARACTER;
	const generation = { call, model, order, format, path, url, characters, credits, usd, sizeBytes };
	const costs = { 'x-aimlapi-credits-used': String(credits), 'x-aimlapi-usd-spent': String(usd) };
	const printed = await (SHAPES[shape] ?? family.body)(generation);
	return {
		status: shape === 'metadata' ? 201 : 200,
		headers: { ...inference, ...costs },
		body: printed,
		...paid,
	};
}

/** Binary answers contain no costs. */
async function bytesOf(
	call: Call,
	order: AudioOrder,
	format: AudioFormat,
	headers: Record<string, string>,
): Promise<Answer> {
	const sizeBytes = call.effect.audioSizeBytes ?? call.settings.audioSizeBytes;
	if (sizeBytes) {
		return {
			status: 200,
			headers: { ...headers, 'content-type': 'audio/wav' },
			stream: virtualWav(sizeBytes),
		};
	}
	const contentType = { 'content-type': CODECS[format.codec].mimeType };
	return { status: 200, headers: { ...headers, ...contentType }, body: await renderAudio(order, format) };
}

/** Valid IDs are returned; others are silently dropped. */
function echoClientId(call: Call): Record<string, string> {
	const id = call.headers['x-client-request-id'];
	return typeof id === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(id) ? { 'x-client-request-id': id } : {};
}

/**
 * Models whose `stream` defaults to true return bytes unless it is turned off. So do MiniMax 2.5
 * and 2.6, because their sample writes the body to a file. All others return the object of the
 * samples.
 */
function shapeOf(call: Call, model: AimlModel): Shape {
	const wanted = call.effect.shape as Shape | undefined;
	if (wanted && (wanted !== 'bytes' || model.answersWith.includes('audio/wav'))) return wanted;
	const streams = model.schema.properties.stream?.default === true;
	if (streams) return (call.body as { stream?: boolean }).stream === false ? 'object' : 'bytes';
	return /^minimax\/speech-2\.[56]-/.test(model.model) ? 'bytes' : 'object';
}

/** The name of each model's format parameter, and the notation of its values. */
function formatOf(model: AimlModel, body: Record<string, unknown>): AudioFormat {
	const { properties } = model.schema;
	for (const field of ['response_format', 'format', 'encoding', 'output_format'] as const) {
		if (properties[field])
			return readFormat(body[field] ?? properties[field].default ?? 'mp3_44100_128', body);
	}
	const nested = (body.audio_config ?? body.audio_setting ?? {}) as {
		format?: string;
		sample_rate?: unknown;
	};
	if (properties.audio_config) return readFormat(nested.format ?? 'wav', nested);
	if (properties.audio_setting) return readFormat(nested.format ?? 'mp3', nested);
	return { codec: 'wav' };
}

const CODEC_BY_NAME: Record<string, AudioFormat['codec']> = {
	...(Object.fromEntries(Object.keys(CODECS).map((codec) => [codec, codec])) as Record<
		string,
		AudioFormat['codec']
	>),
	linear16: 'wav',
	ogg_opus: 'ogg',
	ulaw: 'mulaw',
};

/**
 * Parses `mp3`, `linear16`, `mp3_44100_128`, `pcm_16000`. Opus has a fixed rate of its own and
 * ignores the requested rate.
 */
function readFormat(value: unknown, beside: { sample_rate?: unknown }): AudioFormat {
	const known = CODEC_BY_NAME[String(value)];
	const [name = 'mp3', hz, kbps] = known ? [known, beside.sample_rate] : String(value).split('_');
	const codec = CODEC_BY_NAME[name] ?? 'mp3';
	const sampleRateHz = codec === 'ogg' || codec === 'opus' ? undefined : Number(hz) || undefined;
	return { codec, sampleRateHz, bitrateKbps: Number(kbps) || undefined };
}

function castOf(model: AimlModel, body: Record<string, unknown>): { turns: SpokenTurn[]; speed?: number } {
	const text = String(body[model.textField]);
	if (model.textField === 'script') {
		const speakers = (body.speakers ?? [{}]) as Array<{ preset?: string; audio_url?: string }>;
		const voices = speakers.map(({ preset, audio_url }) => audio_url ?? preset ?? 'Alice [EN]');
		return { turns: castTurns(readScript(text), voices) };
	}
	const settings = (body.voice_setting ?? body.voice_settings ?? {}) as { voice_id?: string; speed?: number };
	const aliasVoice = /^#g1_aura(?:-2)?-(\w+)-/.exec(String(body.model))?.[1];
	const reference = (body.references as Array<{ speaker?: string; audio_url?: string }> | undefined)?.[0];
	const names = [body.voice, settings.voice_id, aliasVoice, reference?.speaker, reference?.audio_url];
	const voice = [...names, model.schema.properties.voice?.default, model.model].find(
		(name) => name !== undefined,
	);
	return { turns: [{ voice: String(voice), text }], speed: Number(body.speed ?? settings.speed ?? 1) };
}

const usage = ({ credits, usd }: Generation) => ({
	meta: { usage: { credits_used: credits, usd_spent: usd } },
});
const usageInCredits = ({ credits }: Generation) => ({ meta: { usage: { credits_used: credits } } });

/** Shapes that are the same for every model. */
const SHAPES: Partial<Record<Shape, (generation: Generation) => unknown>> = {
	string: (generation) => ({ audio: generation.url, ...usage(generation) }),
	nullMeta: ({ url }) => ({ audio: url, meta: null }),
	metadata: async ({ order, format, model }) => {
		const bytes = await renderAudio(order, format);
		const sha256 = createHash('sha256').update(bytes).digest('hex');
		const pcm = await renderAudio(order, { codec: 'pcm' });
		const about = {
			created: new Date().toISOString(),
			duration: pcm.length / 2 / CODECS.pcm.sampleRateHz,
			channels: 1,
			models: [model.model],
			model_info: {},
		};
		return { metadata: { transaction_key: 'deprecated', request_id: randomUUID(), sha256, ...about } };
	},
};

interface Family {
	/** The file's location: path and, for a signed URL, query. */
	place(model: string, extension: string): { path: string; query?: Record<string, string> };
	body(generation: Generation): unknown;
}

/** A signed URL of Alibaba's object storage, as two model families return it. */
const signature = () => ({
	Expires: String(Math.floor(Date.now() / 1000) + 3_600),
	OSSAccessKeyId: 'SANDBOX',
	Signature: unguessable(),
});

const FAMILIES: Array<[RegExp, Family]> = [
	[
		/^microsoft\/vibevoice/,
		{
			place: (_model, extension) => ({ path: `/generations/hippopotamus/${unguessable()}.${extension}` }),
			body: async (generation) => {
				const { url, path, format } = generation;
				const { mimeType, sampleRateHz } = CODECS[format.codec];
				const sizeBytes = await generation.sizeBytes();
				return {
					audio: { url, content_type: mimeType, file_name: path.split('/').at(-1), file_size: sizeBytes },
					duration: (sizeBytes - WAV_HEADER_BYTES) / 2 / sampleRateHz,
					sample_rate: sampleRateHz,
					...usage(generation),
				};
			},
		},
	],
	[
		/^alibaba\//,
		{
			place: (_model, extension) => ({
				path: `/sandbox-result/${unguessable()}.${extension}`,
				query: signature(),
			}),
			body: ({ url, characters }) => ({ audio: { url }, usage: { characters } }),
		},
	],
	[
		/^inworld\//,
		{
			// The documentation prints a file name with MP3 twice, although WAV is the default.
			place: (model) => ({
				path: `/generations/tts/${model.replace('/', '-')}-${unguessable()}.mp3/${Date.now()}-${unguessable()}.mp3`,
			}),
			body: (generation) => ({ audio: { url: generation.url }, ...usageInCredits(generation) }),
		},
	],
	[
		/^hume\//,
		{
			place: (_model, extension) => ({ path: `/generations/hippopotamus/${unguessable()}.${extension}` }),
			body: (generation) => ({ audio: { url: generation.url }, ...usageInCredits(generation) }),
		},
	],
	[
		/^minimax\//,
		{
			place: (_model, extension) => ({ path: `/moose/${unguessable()}.${extension}`, query: signature() }),
			body: (generation) => ({ audio: { url: generation.url }, ...usage(generation) }),
		},
	],
];

const USUAL_FAMILY: Family = {
	place: (model, extension) => ({
		path: `/generations/tts/${model.replace('/', '-')}-${unguessable()}.${extension}`,
	}),
	body: (generation) => ({ audio: { url: generation.url }, ...usage(generation) }),
};
