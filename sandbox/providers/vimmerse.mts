/**
 * Vimmerse (v2 audio pages at vimmerse-api.redoc.ly, legacy OpenAPI of
 * github.com/fern-demo/vimmerse at 66d5ca11). Its routes create an asset and return it, in the
 * several shapes that the documentation shows.
 */
import { randomUUID } from 'node:crypto';

import { audioFile, type ProviderContext } from '../core/context.mts';
import type {
	Answer,
	Call,
	JobEffect,
	JobSummary,
	Operation,
	ProviderModule,
	RefusalTable,
	SpokenTurn,
} from '../core/types.mts';
import { CODECS, type AudioFormat } from '../speech/encode.mts';
import type { AudioOrder } from '../speech/speech.mts';

/**
 * The wrapper of an asset and the location of its URLs. `results` is the v2 prose, `none` the v2
 * samples (no `results` at all), `data` the legacy wrapper, `urlList` the legacy prose
 * (`data[0].URL`), `processing` an asset that is not ready, `empty` an asset with empty `results`.
 */
type Shape = 'results' | 'none' | 'data' | 'urlList' | 'processing' | 'empty';

interface Asset {
	id: string;
	requestId: number;
	appName: string;
	args: Record<string, unknown>;
	urls: string[];
	mimeType: string;
	credits: number;
	effect: JobEffect;
	createdAt: number;
	endsAt: number;
	polls: number;
	withSpaces: boolean;
}

interface Field {
	type: 'string' | 'number' | 'integer';
	required?: boolean;
	values?: string[];
	minimum?: number;
	maximum?: number;
	maxLength?: number;
	minLength?: number;
}
type Fields = Record<string, Field>;

const ENGINES = ['ElevenLabsTTS', 'ChirpTTS'];
const APP_NAMES = ['text-to-speech', 'text-to-audio', 'text-to-music', 'upload-audio'];
const OPTIONS = ['AutoA', 'ElevenLabsTTS', 'ChirpTTS', 'ElevenLabsSE', 'MMAudio', 'Lyria'];
/** "~5,000 characters" in the legacy document; the v2 pages give no limit. */
const PROMPT: Field = { type: 'string', required: true, minLength: 1, maxLength: 5_000 };
/**
 * The legacy document's list, and the v2 default. ChirpTTS voices are not documented, so any name
 * is accepted.
 */
const VOICES = [
	...['AutoV', 'Rachel', 'Aria', 'Roger', 'Sarah', 'Laura', 'Charlie', 'George', 'Callum', 'River', 'Liam'],
	...['Charlotte', 'Alice', 'Matilda', 'Will', 'Jessica', 'Eric', 'Chris', 'Brian', 'Daniel', 'Lily', 'Bill'],
];
const MUSIC_SECONDS = 30;
const DEFAULT_EFFECT_SECONDS = 5;
const KEPT_ASSETS = 20_000;

const SPEECH_FIELDS: Fields = {
	prompt: PROMPT,
	voice: { type: 'string' },
	option: { type: 'string', values: ENGINES },
	language: { type: 'string' },
};
const EFFECT_FIELDS: Fields = { prompt: PROMPT, duration: { type: 'number', minimum: 1, maximum: 30 } };
const ESTIMATE_FIELDS: Fields = {
	app_name: { type: 'string', required: true, values: APP_NAMES },
	option: { type: 'string', required: true, values: OPTIONS },
	quantity: { type: 'integer', minimum: 1 },
	prompt: { type: 'string' },
	duration: { type: 'number', minimum: 0 },
	voice: { type: 'string' },
};

interface Generator {
	operation: string;
	path: string;
	/** JSON for v2, a form for the legacy routes. */
	contentType: 'application/json' | 'application/x-www-form-urlencoded';
	appName: string;
	fields: Fields;
	usualShape: Shape;
	/** Arguments that the request omits, as the asset's `args` shows them. */
	defaults: Record<string, unknown>;
	order(args: Record<string, unknown>): { order: AudioOrder; format: AudioFormat; turns: SpokenTurn[] };
}

const speechOrder: Generator['order'] = (args) => {
	const turns = [{ voice: String(args.voice), text: String(args.prompt) }];
	return { order: { kind: 'speech', turns }, format: { codec: 'mp3' }, turns };
};
const effectOrder: Generator['order'] = ({ prompt, duration }) => ({
	order: { kind: 'soundEffect', prompt: String(prompt), seconds: Number(duration) },
	format: { codec: 'mp3' },
	turns: [],
});
const musicOrder: Generator['order'] = ({ prompt }) => ({
	order: { kind: 'music', prompt: String(prompt), seconds: MUSIC_SECONDS },
	format: { codec: 'wav', sampleRateHz: 44_100 },
	turns: [],
});

const V2_SPEECH_DEFAULTS = { voice: 'AutoV', option: 'ElevenLabsTTS', language: '' };
const KINDS = [
	{
		operation: 'speech.generate',
		route: 'text-2-speech',
		appName: 'text-to-speech',
		fields: SPEECH_FIELDS,
		order: speechOrder,
	},
	{
		operation: 'soundEffect.generate',
		route: 'text-2-sound-effect',
		appName: 'text-to-audio',
		fields: EFFECT_FIELDS,
		order: effectOrder,
	},
	{
		operation: 'music.generate',
		route: 'text-2-music',
		appName: 'text-to-music',
		fields: { prompt: PROMPT },
		order: musicOrder,
	},
];
const DEFAULTS: Record<string, Record<string, unknown>> = {
	'text-2-speech': V2_SPEECH_DEFAULTS,
	'text-2-sound-effect': { duration: DEFAULT_EFFECT_SECONDS },
	'text-2-music': {},
};

const GENERATORS: Generator[] = KINDS.flatMap(({ route, ...kind }): Generator[] => [
	{
		...kind,
		path: `/v2/audio/${route}`,
		contentType: 'application/json',
		usualShape: 'results',
		defaults: DEFAULTS[route] ?? {},
	},
	{
		...kind,
		path: `/audio/${route}`,
		contentType: 'application/x-www-form-urlencoded',
		usualShape: 'data',
		defaults: { ...DEFAULTS[route], ...(route === 'text-2-speech' ? { voice: 'Rachel', option: '' } : {}) },
	},
]);

export function createVimmerse(context: ProviderContext): ProviderModule {
	const assets = new Map<string, Asset>();
	const operations: Operation[] = [
		...GENERATORS.map(
			(generator): Operation => ({
				name: generator.operation,
				method: 'POST',
				path: generator.path,
				paid: true,
				answer: (call) => generate(call, generator, assets, context),
			}),
		),
		...['/v2/audio', '/audio'].map(
			(path): Operation => ({
				name: 'audio.upload',
				method: 'POST',
				path,
				paid: true,
				answer: (call) => upload(call, path === '/audio' ? 'data' : 'results', assets, context),
			}),
		),
		{ name: 'credits.estimate', method: 'POST', path: '/v2/audio/estimate-credits', answer: estimate },
		{
			name: 'asset.get',
			method: 'GET',
			path: '/asset/:id',
			answer: (call) => getAsset(assets.get(call.params.id ?? ''), call, context),
		},
		{
			name: 'health.get',
			method: 'GET',
			path: '/health',
			open: true,
			answer: () => ({ status: 200, body: { status: 'ok' } }),
		},
	];
	return {
		name: 'vimmerse',
		credentialHeader: 'x-api-key',
		keyOf: (value) => value || undefined,
		operations,
		refusals,
		clear: () => assets.clear(),
		jobs: () => [...assets.values()].map(summaryOf),
	};
}

function generate(
	call: Call,
	generator: Generator,
	assets: Map<string, Asset>,
	context: ProviderContext,
): Answer {
	const complaint = complaintAbout(call, generator);
	if (complaint) return complaint;
	const args = { ...generator.defaults, ...(call.body as Record<string, unknown>) };
	const { order, format, turns } = generator.order(args);
	const id = randomUUID();
	const file = audioFile(order, format);
	const url = context.media.publish(
		`/assets/${id}/output.${CODECS[format.codec].extension}`,
		file,
		call.effect,
	);
	const asset = startAsset(call, { id, appName: generator.appName, args, urls: [url] });
	remember(assets, asset);
	const shape = (call.effect.shape as Shape | undefined) ?? generator.usualShape;
	return answerWith(asset, shape, { accepted: true, charged: true, spoken: turns, jobId: id });
}

/**
 * A job effect turns the asset into one that must be polled, or that fails at once with 0 seconds.
 * Without a job effect the routes are synchronous.
 */
const hasJobEffect = ({ effect }: Call) => effect.job !== undefined;

function startAsset(call: Call, of: Pick<Asset, 'id' | 'appName' | 'args' | 'urls'>): Asset {
	const now = Date.now();
	const seconds =
		call.effect.job?.seconds ??
		(hasJobEffect(call) || call.effect.shape === 'processing' ? call.settings.jobSeconds : 0);
	return {
		...of,
		requestId: call.id,
		mimeType: 'audio/mp3',
		credits: creditsFor(of.appName, of.args),
		effect: call.effect.job ?? {},
		createdAt: now,
		endsAt: now + seconds * 1000,
		polls: 0,
		withSpaces: call.path.startsWith('/audio'),
	};
}

function remember(assets: Map<string, Asset>, asset: Asset): void {
	assets.set(asset.id, asset);
	const oldest = assets.keys().next().value;
	if (assets.size > KEPT_ASSETS && oldest !== undefined) assets.delete(oldest);
}

function complaintAbout(
	call: Call,
	{ contentType, fields }: Pick<Generator, 'contentType' | 'fields'>,
): Answer | undefined {
	if (
		call.contentType !== contentType ||
		call.body === undefined ||
		typeof call.body !== 'object' ||
		call.body === null
	) {
		return invalid([
			issue(
				[],
				'Input should be a valid dictionary or object to extract fields from',
				'model_attributes_type',
			),
		]);
	}
	const issues = issuesOf(call.body as Record<string, unknown>, fields, contentType !== 'application/json');
	const { option, voice } = call.body as { option?: string; voice?: string };
	if (fields === SPEECH_FIELDS && voice && option !== 'ChirpTTS' && !VOICES.includes(voice)) {
		issues.push(issue(['voice'], `Input should be one of ${VOICES.join(', ')}`, 'enum'));
	}
	return issues.length > 0 ? invalid(issues) : undefined;
}

interface Issue {
	loc: string[];
	msg: string;
	type: string;
}
const issue = (place: string[], msg: string, type: string): Issue => ({ loc: ['body', ...place], msg, type });
const invalid = (issues: Issue[]): Answer => ({ status: 422, body: { detail: issues } });

/** The validation error of FastAPI for a body. Numbers in a form are text. */
function issuesOf(body: Record<string, unknown>, fields: Fields, isForm: boolean): Issue[] {
	const unknown = Object.keys(body).filter((name) => !(name in fields));
	const extra = unknown.map((name) => issue([name], 'Extra inputs are not permitted', 'extra_forbidden'));
	const wrong = Object.entries(fields).flatMap(([name, field]) => {
		const value =
			isForm && field.type !== 'string' && body[name] !== undefined ? Number(body[name]) : body[name];
		const complaint = fieldIssue(value, field, isForm);
		return complaint ? [issue([name], ...complaint)] : [];
	});
	return [...wrong, ...extra];
}

function fieldIssue(value: unknown, field: Field, isForm: boolean): [msg: string, type: string] | undefined {
	if (value === undefined) return field.required ? ['Field required', 'missing'] : undefined;
	if (field.type === 'string') {
		if (typeof value !== 'string') return ['Input should be a valid string', 'string_type'];
		if (value.length < (field.minLength ?? 0))
			return [`String should have at least ${field.minLength} character`, 'string_too_short'];
		if ([...value].length > (field.maxLength ?? Infinity)) {
			return [`String should have at most ${field.maxLength} characters`, 'string_too_long'];
		}
		const isAllowed = !field.values || field.values.includes(value) || (isForm && value === '');
		return isAllowed ? undefined : [`Input should be ${field.values?.join(' or ')}`, 'enum'];
	}
	if (typeof value !== 'number' || Number.isNaN(value))
		return ['Input should be a valid number', 'float_parsing'];
	if (field.type === 'integer' && !Number.isInteger(value))
		return ['Input should be a valid integer', 'int_type'];
	if (value < (field.minimum ?? -Infinity))
		return [`Input should be greater than or equal to ${field.minimum}`, 'greater_than_equal'];
	if (value > (field.maximum ?? Infinity))
		return [`Input should be less than or equal to ${field.maximum}`, 'less_than_equal'];
	return undefined;
}

const UPLOAD_QUERY = [
	'audio_url',
	'option',
	'audio_file_path',
	'removing_asset_args',
	'audio_duration',
	'asset_id',
];

/** The file is hashed as it arrives and not kept; the URL serves a generated sound instead. */
function upload(call: Call, usualShape: Shape, assets: Map<string, Asset>, context: ProviderContext): Answer {
	const fields = { ...(call.body as Record<string, string> | undefined), ...call.query };
	const unknown = Object.keys(call.query).find((name) => !UPLOAD_QUERY.includes(name));
	if (unknown)
		return invalid([
			{ loc: ['query', unknown], msg: 'Extra inputs are not permitted', type: 'extra_forbidden' },
		]);
	if (call.bodyError)
		return { status: 400, body: { message: `There was an error parsing the body: ${call.bodyError}` } };
	const file = call.files.find(({ field }) => field === 'audio_file');
	const foreign = call.files.find(({ field }) => field !== 'audio_file');
	if (foreign) return invalid([issue([foreign.field], 'Extra inputs are not permitted', 'extra_forbidden')]);
	if (!file && !fields.audio_url) return invalid([issue(['audio_file'], 'Field required', 'missing')]);
	if (file?.sizeBytes === 0) return { status: 400, body: { message: 'EMPTY FILE' } };
	const id = randomUUID();
	const name = encodeURIComponent(file?.fileName ?? 'audio.wav');
	const order: AudioOrder = {
		kind: 'soundEffect',
		prompt: file?.sha256 ?? String(fields.audio_url),
		seconds: 2,
	};
	const url = context.media.publish(`/assets/${id}/${name}`, audioFile(order, { codec: 'wav' }), call.effect);
	const args = {
		option: fields.option ?? 'UploadAudio',
		...(fields.audio_url ? { audio_url: fields.audio_url } : {}),
	};
	const asset = startAsset(call, { id, appName: 'upload-audio', args, urls: [url] });
	remember(assets, asset);
	return answerWith(asset, (call.effect.shape as Shape | undefined) ?? usualShape, {
		accepted: true,
		charged: true,
		jobId: id,
	});
}

function getAsset(asset: Asset | undefined, call: Call, context: ProviderContext): Answer {
	if (!asset) return refusals['404']!(call);
	asset.polls += 1;
	const { vanishAfterPolls, pollStatus } = asset.effect;
	if (vanishAfterPolls !== undefined && asset.polls > vanishAfterPolls) return refusals['404']!(call);
	if (pollStatus && asset.polls <= pollStatus.times)
		return (refusals[String(pollStatus.status)] ?? refusals['500']!)(call);
	if (statusOf(asset) === 'fail' && asset.effect.outcome === 'ERROR') context.refund(asset.requestId);
	return answerWith(asset, (call.effect.shape as Shape | undefined) ?? 'results', { jobId: asset.id });
}

/** The outcomes of scenarios in the provider's wording. */
const STATUS_BY_OUTCOME: Record<string, string> = {
	COMPLETED: 'success',
	FAILED: 'fail',
	ERROR: 'fail',
	never: 'processing',
};

function statusOf({ effect, endsAt, polls }: Asset): string {
	const outcome = effect.outcome ?? 'COMPLETED';
	const isRunning = Date.now() < endsAt || (effect.processingPolls ?? 0) >= Math.max(1, polls);
	if (isRunning) return 'processing';
	return STATUS_BY_OUTCOME[outcome] ?? outcome;
}

function answerWith(asset: Asset, shape: Shape, facts: Omit<Answer, 'status' | 'body'>): Answer {
	const { results, ...bare } = assetBody(asset, shape);
	const bodies: Record<Shape, unknown> = {
		results: { ...bare, results },
		none: bare,
		data: { data: { ...bare, results } },
		urlList: { data: asset.urls.map((URL) => ({ URL, thumbnail_url: null })) },
		processing: { ...bare, results },
		empty: { ...bare, results: [] },
	};
	return { status: 200, body: bodies[shape] ?? bodies.results, ...facts };
}

function assetBody(asset: Asset, shape: Shape) {
	const status = shape === 'processing' ? 'processing' : statusOf(asset);
	const time = (at: number) => {
		const iso = new Date(at).toISOString().replace('Z', '508+00:00');
		return asset.withSpaces ? iso.replace('T', ' ') : iso;
	};
	return {
		id: asset.id,
		customer_id: 'sandbox-customer',
		primary_user_id: 'sandbox-user',
		args: asset.args,
		results: status === 'success' ? asset.urls : [],
		thumbnails: [],
		status,
		mime_type: asset.mimeType,
		app_name: asset.appName,
		quantity: 1,
		credits: asset.credits,
		created_at: time(asset.createdAt),
		updated_at: time(Math.max(asset.createdAt, Math.min(asset.endsAt, Date.now()))),
		history: [],
	};
}

function estimate(call: Call): Answer {
	const complaint = complaintAbout(call, { contentType: 'application/json', fields: ESTIMATE_FIELDS });
	if (complaint) return complaint;
	const body = call.body as { app_name: string; quantity?: number } & Record<string, unknown>;
	const each = creditsFor(body.app_name, body);
	const quantity = body.quantity ?? 1;
	return {
		status: 200,
		body: { total_credits: each * quantity, breakdown: { [body.app_name]: each, quantity } },
	};
}

/**
 * The sandbox's own prices, because the provider publishes none: one credit per 100 characters of
 * speech, 2 per second of sound effect, 60 per piece of music, 1 per upload.
 */
function creditsFor(appName: string, { prompt, duration }: Record<string, unknown>): number {
	if (appName === 'text-to-speech') return Math.max(1, Math.ceil([...String(prompt ?? '')].length / 100));
	if (appName === 'text-to-audio') return Math.ceil(2 * Number(duration ?? DEFAULT_EFFECT_SECONDS));
	return appName === 'text-to-music' ? 60 : 1;
}

function summaryOf(asset: Asset): JobSummary {
	const status = statusOf(asset);
	return {
		provider: 'vimmerse',
		id: asset.id,
		status,
		submittedAt: new Date(asset.createdAt).toISOString(),
		endedAt: status === 'processing' ? null : new Date(asset.endsAt).toISOString(),
		polls: asset.polls,
	};
}

const message = (status: number, text: string) => (): Answer => ({ status, body: { message: text } });
const detail = (status: number, text: string) => (): Answer => ({ status, body: { detail: text } });

const refusals: RefusalTable = {
	missingKey: detail(401, 'Missing or invalid API key'),
	wrongKey: detail(401, 'Missing or invalid API key'),
	notFound: detail(404, 'Not Found'),
	'400': message(400, 'BAD REQUEST'),
	'401': detail(401, 'Missing or invalid API key'),
	'402': message(402, 'INSUFFICIENT CREDIT'),
	'403': detail(403, 'You do not have permission to access this resource'),
	'403:credits': message(403, 'INSUFFICIENT CREDIT'),
	'403:verification': detail(403, 'Your account is not verified'),
	'403:plan': detail(403, 'Your plan does not include this feature'),
	'403:key': detail(403, 'Missing or invalid API key'),
	'404': detail(404, 'Asset not found'),
	'422': () => invalid([issue(['prompt'], 'Field required', 'missing')]),
	'422:failed': detail(422, 'Failed to generate audio'),
	'429': message(429, 'TOO MANY REQUESTS'),
	'500': message(500, 'INTERNAL SERVER ERROR'),
	'503': message(503, 'SERVICE UNAVAILABLE'),
	'504': message(504, 'GATEWAY TIMEOUT'),
};
