/**
 * AI/ML API (docs of github.com/aimlapi/api-docs at f14fa72f): one speech path for all models, each with a schema of its own, and five shapes
 * of answer.
 */
import { randomUUID } from 'node:crypto';

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

import { audioFile, loadData, type ProviderContext } from '../core/context.mts';
import { unguessable } from '../core/media.mts';
import { castTurns, readScript, speakersNeeded } from '../core/script.mts';
import type { Answer, Call, Operation, ProviderModule, RefusalTable, SpokenTurn } from '../core/types.mts';
import { CODECS, type AudioFormat } from '../speech/encode.mts';
import type { Resettable } from '../sandbox.mts';
import { renderAudio, type AudioOrder } from '../speech/speech.mts';
import { virtualWav } from '../speech/wav.mts';

export interface AimlModel {
	model: string;
	aliases: string[];
	textField: string;
	/** Media types that the schema lists for status 200. */
	answersWith: string[];
	schema: { properties: Record<string, { enum?: unknown[]; default?: unknown; maxLength?: number }> };
}

/**
 * Shapes of the answer, each printed somewhere in the documents. `string`: `audio` is the URL (the schema). `object`: `audio.url` (the
 * samples). `bytes`: the audio itself (the schema's alternative).
 */
type Shape = 'string' | 'object' | 'bytes';

const CREDITS_PER_USD = 2_000_000;
/** The sandbox's own price, no provider's: so many credits for a character. */
const CREDITS_PER_CHARACTER = 30;
const START_BALANCE_USD = 100;

const MODELS = loadData<{ models: AimlModel[] }>('aimlApi-models.json').models;

export function createAimlApi(context: ProviderContext): ProviderModule & Resettable {
	const validators = compile(MODELS);
	let spentUsd = 0;

	const operations: Operation[] = [
		{
			name: 'speech.generate',
			method: 'POST',
			path: '/v1/tts',
			paid: true,
			async answer(call) {
				const model = findModel((call.body as { model?: unknown } | undefined)?.model);
				const complaint = validate(call, model, validators);
				if (complaint) return refusals['400:validation']!({ ...call, bodyError: complaint });
				const answer = await speak(call, model as AimlModel, context);
				if (answer.charged) spentUsd += charactersOf(call, model as AimlModel) * usdPerCharacter();
				return answer;
			},
		},
		...['/v1/models', '/models', '/api/v1/models'].map(
			(path): Operation => ({ name: 'model.getAll', method: 'GET', path, open: true, answer: listModels }),
		),
		{
			name: 'account.getBalance',
			method: 'GET',
			path: '/v2/billing',
			answer: () =>
				json({ current_balance: Number((START_BALANCE_USD - spentUsd).toFixed(6)), currency: 'USD' }),
		},
		{
			name: 'account.getDetail',
			method: 'GET',
			path: '/v2/billing/detail',
			answer: () =>
				json({
					user_id: 1,
					email: 'builder@sandbox.example',
					current_balance: Number((START_BALANCE_USD - spentUsd).toFixed(6)),
					currency: 'USD',
					autotopup_settings: { is_enabled: false, threshold: null, amount: null, currency: 'USD' },
				}),
		},
	];

	return {
		name: 'aimlApi',
		credentialHeader: 'authorization',
		keyOf: (value) => /^Bearer (\S+)$/.exec(value)?.[1],
		operations,
		refusals,
		clear() {
			spentUsd = 0;
		},
		jobs: () => [],
	};
}

const usdPerCharacter = () => CREDITS_PER_CHARACTER / CREDITS_PER_USD;

/** A model by its id or by one of its older ids, which name the voice as well. */
function findModel(id: unknown): AimlModel | undefined {
	return MODELS.find(({ model, aliases }) => model === id || aliases.includes(id as string));
}

function compile(models: AimlModel[]): Map<string, ValidateFunction> {
	const ajv = new Ajv({ strict: false, allErrors: false });
	(formats as unknown as (ajv: Ajv) => void)(ajv);
	return new Map(models.map(({ model, schema }) => [model, ajv.compile(schema)]));
}

/** What is wrong with the request, in the words of the provider's validator, or undefined. */
function validate(
	call: Call,
	model: AimlModel | undefined,
	validators: Map<string, ValidateFunction>,
): string | undefined {
	if (call.body === undefined) return call.bodyError ?? 'Expected object, received undefined';
	if (!model) {
		const received = JSON.stringify((call.body as { model?: unknown }).model);
		return `Invalid enum value. Expected ${MODELS.map((known) => `'${known.model}'`).join(' | ')}, received ${received}`;
	}
	const check = validators.get(model.model) as ValidateFunction;
	if (!check(call.body)) return describe(check.errors?.[0], call.body);
	return model.textField === 'script'
		? validateScript(call.body as { script: string; speakers?: unknown[] })
		: undefined;
}

function describe(error: ErrorObject | undefined, body: unknown): string {
	if (!error) return 'Invalid input';
	const place = error.instancePath.slice(1).replaceAll('/', '.') || 'body';
	if (error.keyword === 'enum') {
		const expected = (error.params as { allowedValues: unknown[] }).allowedValues
			.map((value) => `'${value}'`)
			.join(' | ');
		const received = error.instancePath
			.split('/')
			.slice(1)
			.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
		return `${place}: Invalid enum value. Expected ${expected}, received ${JSON.stringify(received)}`;
	}
	if (error.keyword === 'additionalProperties') {
		const { additionalProperty } = error.params as { additionalProperty: string };
		return `${place}: Unrecognized key(s) in object: '${additionalProperty}'`;
	}
	return `${place}: ${error.message ?? 'Invalid input'}`;
}

/**
 * The documents leave open what happens when a script has more speakers than `speakers`; the sandbox refuses, so that a client's omission
 * shows. No line with a speaker is the reference processor's ValueError.
 */
function validateScript({ script, speakers }: { script: string; speakers?: unknown[] }): string | undefined {
	const turns = readScript(script);
	if (turns.length === 0) return 'script: No valid speaker lines found in script';
	const given = speakers?.length ?? 1;
	const needed = speakersNeeded(turns);
	if (needed > given) return `speakers: the script has ${needed} speakers, ${given} given`;
	const empty = (speakers ?? []).findIndex((speaker) => Object.keys(speaker as object).length === 0);
	return empty >= 0 ? `speakers.${empty}: Expected preset or audio_url` : undefined;
}

const charactersOf = (call: Call, model: AimlModel) =>
	[...String((call.body as Record<string, unknown>)[model.textField])].length;

async function speak(call: Call, model: AimlModel, context: ProviderContext): Promise<Answer> {
	const body = call.body as Record<string, unknown>;
	const shape = shapeOf(call, model);
	const format = formatOf(model, body);
	const { turns, speed } = castOf(model, body);
	const order: AudioOrder = { kind: 'speech', turns, speed };
	const inference = { 'x-inference-id': randomUUID(), ...echoClientId(call) };
	const paid = { accepted: true, charged: true, spoken: turns };
	const sizeBytes = call.effect.audioSizeBytes ?? call.settings.audioSizeBytes;

	if (shape === 'bytes') {
		const headers = { 'content-type': CODECS[format.codec].mimeType, ...inference };
		if (sizeBytes)
			return {
				status: 200,
				headers: { ...headers, 'content-type': 'audio/wav' },
				stream: virtualWav(sizeBytes),
				...paid,
			};
		return { status: 200, headers, body: await renderAudio(order, format), ...paid };
	}

	const family = familyOf(model.model);
	const place = family.place({ model: model.model, extension: CODECS[format.codec].extension });
	const url = context.media.publish(place.path, audioFile(order, format), call.effect, place.query);
	const audio = shape === 'string' ? url : { url, ...(await family.about?.(order, format, place.path)) };
	const credits = charactersOf(call, model) * CREDITS_PER_CHARACTER;
	const usd = credits / CREDITS_PER_USD;
	const costs = { 'x-aimlapi-credits-used': String(credits), 'x-aimlapi-usd-spent': String(usd) };
	const extra =
		shape === 'string'
			? { meta: { usage: { credits_used: credits, usd_spent: usd } } }
			: await family.beside(call, credits, usd, order, format);
	return { status: 200, headers: { ...inference, ...costs }, body: { audio, ...extra }, ...paid };
}

function echoClientId(call: Call): Record<string, string> {
	const id = call.headers['x-client-request-id'];
	return typeof id === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(id) ? { 'x-client-request-id': id } : {};
}

/**
 * Models whose `stream` is true by default answer with bytes unless it is turned off; MiniMax 2.5 and 2.6 by their sample, which writes the
 * body to a file. All others: the object of the samples.
 */
function shapeOf(call: Call, model: AimlModel): Shape {
	const wanted = call.effect.shape as Shape | undefined;
	if (wanted && (wanted !== 'bytes' || model.answersWith.includes('audio/wav'))) return wanted;
	const streams = model.schema.properties.stream?.default === true;
	if (streams) return (call.body as { stream?: boolean }).stream === false ? 'object' : 'bytes';
	return /^minimax\/speech-2\.[56]-/.test(model.model) ? 'bytes' : 'object';
}

/** What each model's format parameter is called, and how its values read. */
function formatOf(model: AimlModel, body: Record<string, unknown>): AudioFormat {
	const properties = model.schema.properties;
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
	linear16: 'wav',
	ogg_opus: 'ogg',
	ulaw: 'mulaw',
	mulaw: 'mulaw',
	alaw: 'alaw',
	...(Object.fromEntries(Object.keys(CODECS).map((codec) => [codec, codec])) as Record<
		string,
		AudioFormat['codec']
	>),
};

/** Reads `mp3`, `linear16`, `mp3_44100_128`, `pcm_16000`. */
function readFormat(value: unknown, beside: { sample_rate?: unknown }): AudioFormat {
	const known = CODEC_BY_NAME[String(value)];
	const rate = Number(beside.sample_rate) || undefined;
	if (known)
		return { codec: known, ...(rate && known !== 'ogg' && known !== 'opus' ? { sampleRateHz: rate } : {}) };
	const [name = 'mp3', hz, kbps] = String(value).split('_');
	const codec = CODEC_BY_NAME[name] ?? 'mp3';
	return { codec, sampleRateHz: Number(hz) || undefined, ...(kbps ? { bitrateKbps: Number(kbps) } : {}) };
}

function castOf(model: AimlModel, body: Record<string, unknown>): { turns: SpokenTurn[]; speed?: number } {
	const text = String(body[model.textField]);
	if (model.textField === 'script') {
		const speakers = (body.speakers ?? [{ preset: 'Alice [EN]' }]) as Array<{
			preset?: string;
			audio_url?: string;
		}>;
		const voices = speakers.map(({ preset, audio_url }) => audio_url ?? preset ?? 'Alice [EN]');
		return { turns: castTurns(readScript(text), voices) };
	}
	const settings = (body.voice_setting ?? body.voice_settings ?? {}) as { voice_id?: string; speed?: number };
	const alias = /^#g1_aura(?:-2)?-(\w+)-/.exec(String(body.model))?.[1];
	const reference = (body.references as Array<{ speaker?: string; audio_url?: string }> | undefined)?.[0];
	const voice =
		body.voice ??
		settings.voice_id ??
		alias ??
		reference?.speaker ??
		reference?.audio_url ??
		model.schema.properties.voice?.default;
	return {
		turns: [{ voice: String(voice ?? model.model), text }],
		speed: Number(body.speed ?? settings.speed ?? 1),
	};
}

interface Family {
	/** Where the file lies, as the samples of the family print it. */
	place(of: { model: string; extension: string }): { path: string; query?: Record<string, string> };
	/** Members of `audio` besides `url`. */
	about?(order: AudioOrder, format: AudioFormat, path: string): Promise<Record<string, unknown>>;
	/** Members beside `audio`. */
	beside(
		call: Call,
		credits: number,
		usd: number,
		order: AudioOrder,
		format: AudioFormat,
	): Record<string, unknown> | Promise<Record<string, unknown>>;
}

const usage = (credits: number, usd?: number) => ({
	meta: { usage: { credits_used: credits, ...(usd === undefined ? {} : { usd_spent: usd }) } },
});
const signature = () => ({
	Expires: String(Math.floor(Date.now() / 1000) + 3_600),
	OSSAccessKeyId: 'SANDBOX',
	Signature: unguessable(),
});

const FAMILIES: Array<[RegExp, Family]> = [
	[
		/^microsoft\/vibevoice/,
		{
			place: ({ extension }) => ({ path: `/generations/hippopotamus/${unguessable()}.${extension}` }),
			about: async (order, format, path) => ({
				content_type: CODECS[format.codec].mimeType,
				file_name: path.split('/').at(-1),
				file_size: (await renderAudio(order, format)).length,
			}),
			beside: async (_call, credits, usd, order, format) => {
				const sampleRateHz = CODECS[format.codec].sampleRateHz;
				const durationSeconds = ((await renderAudio(order, format)).length - 44) / 2 / sampleRateHz;
				return { duration: durationSeconds, sample_rate: sampleRateHz, ...usage(credits, usd) };
			},
		},
	],
	[
		/^alibaba\//,
		{
			place: ({ extension }) => ({
				path: `/sandbox-result/${unguessable()}.${extension}`,
				query: signature(),
			}),
			beside: (call) => ({ usage: { characters: [...String((call.body as { text: string }).text)].length } }),
		},
	],
	[
		/^inworld\//,
		{
			place: ({ model, extension }) => {
				const base = `${model.replace('/', '-')}-${unguessable()}.mp3`;
				return {
					path: `/generations/tts/${base}/${Date.now()}-${unguessable()}.${extension === 'wav' ? 'mp3' : extension}`,
				};
			},
			beside: (_call, credits) => usage(credits),
		},
	],
	[
		/^hume\//,
		{
			place: ({ extension }) => ({ path: `/generations/hippopotamus/${unguessable()}.${extension}` }),
			beside: (_call, credits) => usage(credits),
		},
	],
	[
		/^minimax\//,
		{
			place: ({ extension }) => ({ path: `/moose/${unguessable()}.${extension}`, query: signature() }),
			beside: (_call, credits, usd) => usage(credits, usd),
		},
	],
];

const USUAL_FAMILY: Family = {
	place: ({ model, extension }) => ({
		path: `/generations/tts/${model.replace('/', '-')}-${unguessable()}.${extension}`,
	}),
	beside: (_call, credits, usd) => usage(credits, usd),
};

const familyOf = (model: string): Family =>
	FAMILIES.find(([pattern]) => pattern.test(model))?.[1] ?? USUAL_FAMILY;

/** The catalogue's query parameters; the documents name no others. */
const CATALOGUE_PARAMETERS = [
	...['include', 'details', 'id', 'type', 'tags', 'modalities'],
	...['input_modalities', 'output_modalities', 'capabilities'],
];

function listModels(call: Call): Answer {
	const unknown = Object.keys(call.query).find((name) => !CATALOGUE_PARAMETERS.includes(name));
	if (unknown)
		return refusals['400:validation']!({ ...call, bodyError: `Unrecognized key(s) in object: '${unknown}'` });
	const rows = [...MODELS.map(catalogueRow), ...OTHER_ROWS]
		.filter(({ type }) => !call.query.type || type === call.query.type)
		.filter(({ id, aliases }) => !call.query.id || id === call.query.id || aliases.includes(call.query.id))
		.filter(
			({ modalities }) =>
				!call.query.output_modalities || modalities.output.includes(call.query.output_modalities),
		);
	const includes = (call.query.include ?? '').split(',');
	const data = rows.map(({ modalities, ...row }) =>
		includes.some((part) => part === 'modalities' || part === 'all') ? { ...row, modalities } : row,
	);
	return { status: 200, headers: { etag: `W/"${rows.length}"` }, body: { object: 'list', data } };
}

function catalogueRow({ model, aliases }: AimlModel) {
	const [developer = '', name = ''] = model.split('/');
	const docsJson = `https://api.aimlapi.com/docs-json?model=${encodeURIComponent(model)}&endpoint=internal/text-to-speech`;
	return {
		id: model,
		aliases,
		type: 'internal/text-to-speech',
		info: {
			name,
			developer,
			description: `Speech by ${name}`,
			docsUrl: 'https://docs.aimlapi.com/',
			docsJson,
		},
		tags: [] as string[],
		modalities: { input: ['text'], output: ['audio'] },
	};
}

/** Two models that do not speak: a client's filter must leave them out. */
const OTHER_ROWS: Array<ReturnType<typeof catalogueRow>> = [
	{ id: 'openai/gpt-4o', type: 'chat-completion', output: 'text' },
	{ id: 'stable-audio', type: 'audio', output: 'audio' },
].map(({ id, type, output }) => ({
	id,
	aliases: [],
	type,
	info: { name: id, developer: id, description: '', docsUrl: 'https://docs.aimlapi.com/', docsJson: '' },
	tags: [],
	modalities: { input: ['text'], output: [output] },
}));

const json = (body: unknown, status = 200): Answer => ({
	status,
	headers: { 'x-inference-id': randomUUID() },
	body,
});

/** The body of a captured answer (a public support ticket of 2026-04-14): the name, the sentence, and `data.kind` for what it is about. */
function captured(
	status: number,
	title: string,
	message: string,
	data: Record<string, unknown> | null,
	call: Call,
): Answer {
	return json(
		{
			title,
			status,
			message,
			instance: call.path,
			timestamp: new Date().toISOString(),
			error: { name: `${title.replaceAll(' ', '')}Exception`, message, ...(data ? { data } : {}) },
		},
		status,
	);
}

/** The body that the documents print (general-info.md): its `statusCode` is a string. */
function printed(status: number, message: string, call: Call): Answer {
	const body = {
		message,
		path: call.path,
		requestId: randomUUID(),
		statusCode: String(status),
		timestamp: new Date().toISOString(),
	};
	return json(body, status);
}

const OUT_OF_CREDITS =
	"You've run out of credits. Please top up your balance or update your payment method to continue: https://aimlapi.com/app/billing/";
const NOT_VERIFIED = 'Complete verification to use this model: https://aimlapi.com/app/billing/verification';

const refusals: RefusalTable = {
	missingKey: (call) => captured(401, 'Unauthorized', 'No API key provided', null, call),
	wrongKey: (call) => captured(401, 'Unauthorized', 'Invalid API key provided', null, call),
	notFound: (call) => captured(404, 'Not Found', `Cannot ${call.method} ${call.path}`, null, call),
	'400': (call) => captured(400, 'Bad Request', 'Body validation error!', null, call),
	'400:validation': (call) =>
		captured(
			400,
			'Bad Request',
			`Body validation error! ${call.bodyError ?? ''}`,
			{ issues: [call.bodyError] },
			call,
		),
	'401': (call) => captured(401, 'Unauthorized', 'Invalid API key provided', null, call),
	'402': (call) => printed(402, "You've run out of funds. Please top up your balance.", call),
	'403': (call) => captured(403, 'Forbidden', OUT_OF_CREDITS, { kind: 'err_insufficent_credits' }, call),
	'403:credits': (call) =>
		captured(403, 'Forbidden', OUT_OF_CREDITS, { kind: 'err_insufficent_credits' }, call),
	'403:verification': (call) =>
		captured(403, 'Forbidden', NOT_VERIFIED, { kind: 'err_verification_required' }, call),
	'403:plan': (call) => captured(403, 'Forbidden', 'This model is not available on your plan.', null, call),
	'404': (call) => captured(404, 'Not Found', 'Not found', null, call),
	'429': (call) => printed(429, 'Too Many Requests', call),
	'500': (call) =>
		captured(500, 'Internal Server Error', "Something wrong with the server. We're fixing it.", null, call),
	'503': (call) => printed(503, 'The model is under maintenance. Please try again later.', call),
	'504': (call) => printed(504, 'Generation timeout', call),
};
