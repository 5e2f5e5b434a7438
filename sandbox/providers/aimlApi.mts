/**
 * AI/ML API (docs of github.com/aimlapi/api-docs at f14fa72f): all models share one speech path.
 * Each model has its own schema, and there are five answer shapes.
 */
import { randomUUID } from 'node:crypto';

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

import { loadData, type ProviderContext } from '../core/context.mts';
import { readScript, speakersNeeded } from '../core/script.mts';
import type { Answer, Call, Operation, ProviderModule, RefusalTable } from '../core/types.mts';
import { answerSpeech, charactersOf, usdFor, type AimlModel } from './aimlAnswers.mts';

const START_BALANCE_USD = 100;

const MODELS = loadData<{ models: AimlModel[] }>('aimlApi-models.json').models;

export function createAimlApi(context: ProviderContext): ProviderModule {
	const validators = (compiled ??= compile(MODELS));
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
				const answer = await answerSpeech(call, model as AimlModel, context);
				if (answer.charged) spentUsd += usdFor(charactersOf(call, model as AimlModel));
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

/** Finds a model by its ID or by an older ID, which also contains the voice. */
function findModel(id: unknown): AimlModel | undefined {
	return MODELS.find(({ model, aliases }) => model === id || aliases.includes(id as string));
}

/** Shared by all sandboxes of a process, because compiling the schemas takes half a second. */
let compiled: Map<string, ValidateFunction> | undefined;

function compile(models: AimlModel[]): Map<string, ValidateFunction> {
	const ajv = new Ajv({ strict: false, allErrors: false });
	(formats as unknown as (ajv: Ajv) => void)(ajv);
	return new Map(models.map(({ model, schema }) => [model, ajv.compile(schema)]));
}

/** The validation error in the provider's wording, or undefined when the request is valid. */
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
 * The documentation does not say how a script with more speakers than `speakers` is handled. The
 * sandbox refuses it, so that a client's mistake is noticed. A script without a speaker line gets
 * the reference processor's ValueError.
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

/** The catalogue's query parameters; the documentation lists no others. */
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

/** Two models without speech, which a client must filter out. */
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

/**
 * The body of a captured answer (a public support ticket of 2026-04-14): the name, the message, and
 * `data.kind` for the type of error.
 */
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

/** The documented body (general-info.md), in which `statusCode` is a string. */
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
	'403:funds': (call) =>
		captured(403, 'Forbidden', "You've run out of funds. Please top up your balance.", null, call),
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
