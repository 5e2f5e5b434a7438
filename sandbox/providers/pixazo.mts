/**
 * Pixazo (documentation pages as saved on 2026-07-03, official skills of 2026-08-20). Most
 * operations queue a job that is polled or sends a callback. Some return the result directly. Each
 * model family has its own answer shape.
 */
import { randomUUID } from 'node:crypto';

import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

import { audioFile, loadData, type ProviderContext } from '../core/context.mts';
import { pause } from '../core/respond.mts';
import { castTurns, readScript, speakersNeeded } from '../core/script.mts';
import type {
	Answer,
	Call,
	CallbackEffect,
	JobEffect,
	JobSummary,
	Operation,
	ProviderModule,
	RefusalTable,
	SpokenTurn,
} from '../core/types.mts';
import { CODECS, type AudioFormat } from '../speech/encode.mts';
import { renderAudio, type AudioOrder } from '../speech/speech.mts';

export interface PixazoOperation {
	modelId: string;
	path: string;
	/** The path in the documentation of the other month. */
	alsoAt: string[];
	kind: 'speech' | 'soundEffect' | 'music';
	mode: 'queued' | 'direct' | 'status';
	textField: string | null;
	/** The answer shape of a synchronous operation. */
	directShape?: DirectShape;
	schema: { properties: Record<string, { default?: unknown }> };
}

/**
 * The location of the URL in a synchronous answer: `string` is `output`, `object` is
 * `output.media_url[0]`, `urls` is `url` and `audio_url`, `audioList` is `audio[0].url`,
 * `audioObject` is `audio.url`, `outputUrl` is `output_url`.
 */
type DirectShape = 'string' | 'object' | 'urls' | 'audioList' | 'audioObject' | 'outputUrl';

interface Job {
	id: string;
	requestId: number;
	operation: PixazoOperation;
	effect: JobEffect;
	callback: CallbackEffect;
	callbackUrl: string | null;
	callbackMode: 'terminal' | 'sync';
	/**
	 * `octetStream`: the generic media type of the template pages. `iso`: all times with a time
	 * zone.
	 */
	shape: string | undefined;
	audioUrl: string;
	mediaType: string;
	/** Properties of `output` that only some pages show. */
	about: Record<string, unknown>;
	submittedAt: number;
	endsAt: number;
	endedAt: number | null;
	status: string;
	error: string | null;
	polls: number;
}

const OPERATIONS = loadData<{ operations: PixazoOperation[] }>('pixazo-operations.json').operations;
const STATUS_PATH = '/v2/requests/status/:id';
/** The fraction of a job's time that it spends in the queue. */
const QUEUED_SHARE = 0.3;
/**
 * The interval at which a running job in `sync` callback mode reports progress, if its time allows.
 */
const PROGRESS_CYCLE_MS = 5_000;
const SHORTEST_CYCLE_MS = 20;
const PROGRESS_CALLBACKS = 3;
const PAGES_WITH_FILE_FACTS = ['zonos-2'];
const KEPT_JOBS = 20_000;

export function createPixazo(context: ProviderContext): ProviderModule {
	const jobs = new Map<string, Job>();
	const validators = (compiled ??= compile());

	const operations = OPERATIONS.flatMap((operation) =>
		[operation.path, ...operation.alsoAt].map(
			(path): Operation => ({
				name: operation.mode === 'status' ? 'job.get' : `${operation.kind}.generate`,
				method: 'POST',
				path,
				paid: operation.mode !== 'status',
				answer: (call) => {
					const complaint = complaintAbout(call, operation, validators);
					if (complaint) return complaint;
					if (operation.mode === 'direct') return answerAtOnce(call, operation, context);
					if (operation.mode === 'status') return legacyStatus(call, jobs);
					return submit(call, operation, jobs, context);
				},
			}),
		),
	);
	const poll: Operation = {
		name: 'job.get',
		method: 'GET',
		path: STATUS_PATH,
		answer: (call) => pollJob(jobs.get(call.params.id ?? ''), call, context),
	};

	return {
		name: 'pixazo',
		credentialHeader: 'ocp-apim-subscription-key',
		keyOf: (value) => value || undefined,
		operations: [...operations, poll],
		refusals,
		clear: () => jobs.clear(),
		jobs: () => [...jobs.values()].map(summaryOf),
	};
}

/** Shared by all sandboxes of a process. */
let compiled: Map<string, ValidateFunction> | undefined;

function compile(): Map<string, ValidateFunction> {
	const ajv = new Ajv({ strict: false });
	(formats as unknown as (ajv: Ajv) => void)(ajv);
	return new Map(OPERATIONS.map(({ path, schema }) => [path, ajv.compile(schema)]));
}

const refused = (status: number, error: string, message: string): Answer => ({
	status,
	body: { error, message },
});
const badRequest = (message: string) => refused(400, 'Bad Request', message);

function complaintAbout(
	call: Call,
	operation: PixazoOperation,
	validators: Map<string, ValidateFunction>,
): Answer | undefined {
	if (call.body === undefined)
		return badRequest(`The request body is not JSON: ${call.bodyError ?? 'empty'}`);
	const check = validators.get(operation.path) as ValidateFunction;
	if (!check(call.body)) {
		const [error] = check.errors ?? [];
		const extra = (error?.params as { additionalProperty?: string }).additionalProperty;
		const place = error?.instancePath.slice(1).replaceAll('/', '.') || 'body';
		return badRequest(`${place} ${error?.message}${extra ? `: ${extra}` : ''}`);
	}
	return callbackComplaint(call) ?? scriptComplaint(call.body as ScriptBody, operation);
}

function callbackComplaint({ headers }: Call): Answer | undefined {
	const address = headers['x-webhook-url'];
	const mode = headers['x-webhook-mode'];
	if (mode !== undefined && mode !== 'terminal' && mode !== 'sync')
		return badRequest('X-Webhook-Mode must be terminal or sync');
	if (address === undefined) return undefined;
	if (typeof address !== 'string' || !URL.canParse(address)) return badRequest('X-Webhook-URL is not a URL');
	const { protocol, hostname } = new URL(address);
	const isLoopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
	return protocol === 'https:' || (protocol === 'http:' && isLoopback)
		? undefined
		: badRequest('X-Webhook-URL must be https');
}

interface ScriptBody {
	script?: string;
	speakers?: Array<{ preset?: string; audio_url?: string }>;
}

const isRealtime = ({ modelId }: PixazoOperation) => modelId.startsWith('vibevoice-realtime');

/**
 * The realtime page requires a speaker on every line, counted from 0; the other page has no such
 * rule. Neither says how a script with more speakers than `speakers` is handled. The sandbox
 * refuses it, so that a client's mistake is noticed.
 */
function scriptComplaint({ script, speakers }: ScriptBody, operation: PixazoOperation): Answer | undefined {
	if (operation.textField !== 'script' || script === undefined) return undefined;
	const turns = readScript(script);
	const lines = script.split('\n').filter((line) => line.trim());
	if (isRealtime(operation) && turns.length < lines.length)
		return badRequest('script: each line must begin with Speaker X:');
	if (isRealtime(operation) && !/^Speaker\s+0\s*:/im.test(script))
		return badRequest('script: speakers are numbered from 0');
	const given = Math.max(1, speakers?.length ?? 0);
	const needed = speakersNeeded(turns);
	return needed > given
		? badRequest(`speakers: the script has ${needed} speakers, ${given} given`)
		: undefined;
}

async function submit(
	call: Call,
	operation: PixazoOperation,
	jobs: Map<string, Job>,
	context: ProviderContext,
): Promise<Answer> {
	const { order, format, turns } = readOrder(call, operation);
	if ((call.body as { sync_mode?: boolean }).sync_mode) return answerWithBytes(order, format);
	const id = `${operation.modelId}_${randomUUID()}`;
	const extension = CODECS[format.codec].extension;
	const now = Date.now();
	const jobEffect = call.effect.job ?? {};
	const saysNothing = turns.length === 0 && operation.kind === 'speech';
	const callbackUrl = call.headers['x-webhook-url'];
	const job: Job = {
		id,
		requestId: call.id,
		operation,
		effect: saysNothing
			? { outcome: 'FAILED', error: 'No valid speaker lines found in script', ...jobEffect }
			: jobEffect,
		callback: call.effect.callback ?? {},
		callbackUrl: typeof callbackUrl === 'string' ? callbackUrl : null,
		callbackMode: call.headers['x-webhook-mode'] === 'sync' ? 'sync' : 'terminal',
		shape: call.effect.shape,
		audioUrl: context.media.publish(`/v1/${id}/output.${extension}`, audioFile(order, format), call.effect),
		mediaType: isRealtime(operation) ? 'application/octet-stream' : CODECS[format.codec].mimeType,
		about: PAGES_WITH_FILE_FACTS.includes(operation.modelId)
			? { file_name: `output.${extension}`, file_size: (await renderAudio(order, format)).length }
			: {},
		submittedAt: now,
		endsAt: now + (jobEffect.seconds ?? call.settings.jobSeconds) * 1000,
		endedAt: null,
		status: 'QUEUED',
		error: null,
		polls: 0,
	};
	remember(jobs, job);
	if (job.callback.early) {
		job.endsAt = now;
		await settle(job, context);
	} else void run(job, context);
	return {
		status: 202,
		body: {
			request_id: id,
			status: 'QUEUED',
			polling_url: `${context.baseUrl('pixazo')}/v2/requests/status/${id}`,
		},
		accepted: true,
		charged: true,
		jobId: id,
		spoken: turns,
	};
}

function remember(jobs: Map<string, Job>, job: Job): void {
	jobs.set(job.id, job);
	const oldest = jobs.keys().next().value;
	if (jobs.size > KEPT_JOBS && oldest !== undefined) jobs.delete(oldest);
}

/** Runs a job over time: progress callbacks on the way, and its end when it is due. */
async function run(job: Job, context: ProviderContext): Promise<void> {
	const signal = context.signal();
	const shareMs = (job.endsAt - job.submittedAt) / (PROGRESS_CALLBACKS + 1);
	const cycleMs = Math.min(PROGRESS_CYCLE_MS, Math.max(SHORTEST_CYCLE_MS, shareMs));
	while (job.callbackUrl && job.callbackMode === 'sync' && Date.now() + cycleMs < job.endsAt) {
		await pause(cycleMs, signal);
		if (signal.aborted || job.endedAt !== null) return;
		advance(job);
		await context.postCallback({
			jobId: job.id,
			url: job.callbackUrl,
			kind: 'progress',
			body: statusBody(job),
		});
	}
	// A timer can fire slightly before the clock reaches its time.
	while (Date.now() < job.endsAt && !signal.aborted)
		await pause(Math.max(1, job.endsAt - Date.now()), signal);
	if (!signal.aborted) await settle(job, context);
}

/**
 * Updates the status to the current time. A job that never ends keeps the status of its scenario.
 */
function advance(job: Job): void {
	if (job.endedAt !== null) return;
	const now = Date.now();
	const share = now >= job.endsAt ? 1 : (now - job.submittedAt) / (job.endsAt - job.submittedAt);
	job.status = share < QUEUED_SHARE ? 'QUEUED' : 'PROCESSING';
	const { outcome } = job.effect;
	if (share >= QUEUED_SHARE && outcome && !ENDINGS.includes(outcome) && outcome !== 'never')
		job.status = outcome;
}

const ENDINGS = ['COMPLETED', 'FAILED', 'ERROR'];

/** Ends a job that is due, once, and sends its final callbacks. */
async function settle(job: Job, context: ProviderContext): Promise<void> {
	const { outcome = 'COMPLETED', error, processingPolls = 0 } = job.effect;
	advance(job);
	const isDue = Date.now() >= job.endsAt && (processingPolls === 0 || job.polls > processingPolls);
	if (job.endedAt !== null || !isDue || !ENDINGS.includes(outcome)) return;
	job.endedAt = Date.now();
	job.status = outcome;
	job.error = outcome === 'COMPLETED' ? null : (error ?? 'Description of the error');
	if (outcome === 'ERROR') context.refund(job.requestId);
	await callBack(job, context);
}

async function callBack(job: Job, context: ProviderContext): Promise<void> {
	const { callback, callbackUrl: url } = job;
	if (!url || callback.never) return;
	if (callback.forged)
		await context.postCallback({ jobId: FORGED_ID, url, kind: 'forged', body: forgedBody(job) });
	if (callback.lateMs) await pause(callback.lateMs, context.signal());
	for (let sent = 0; sent < (callback.deliveries ?? 1); sent += 1) {
		if (context.signal().aborted) return;
		await context.postCallback({ jobId: job.id, url, kind: 'terminal', body: statusBody(job) });
	}
}

const FORGED_ID = 'vibevoice_00000000-0000-7000-8000-000000000000';

/** A forged callback by a sender that knows the address but no job. */
function forgedBody(job: Job) {
	const output = { media_url: ['http://127.0.0.1:9/forged.wav'], media_type: 'audio/wav' };
	return { ...statusBody({ ...job, status: 'COMPLETED', error: null }), request_id: FORGED_ID, output };
}

async function pollJob(job: Job | undefined, call: Call, context: ProviderContext): Promise<Answer> {
	if (!job) return refusals['404']!(call);
	job.polls += 1;
	const { vanishAfterPolls, pollStatus } = job.effect;
	if (vanishAfterPolls !== undefined && job.polls > vanishAfterPolls) return refusals['404']!(call);
	if (pollStatus && job.polls <= pollStatus.times) {
		return (refusals[String(pollStatus.status)] ?? refusals['500']!)(call);
	}
	void settle(job, context);
	return { status: 200, body: statusBody(job), jobId: job.id };
}

/** The older polling request: a POST with the ID in the body. */
function legacyStatus(call: Call, jobs: Map<string, Job>): Answer {
	const { task_id, request_id } = call.body as { task_id?: string; request_id?: string };
	const job = jobs.get(task_id ?? request_id ?? '');
	if (!job) return refusals['404']!(call);
	advance(job);
	return { status: 200, body: statusBody(job), jobId: job.id };
}

/** The documented status body, with its two time formats. */
function statusBody(job: Job) {
	const bare = (time: number) => (job.shape === 'iso' ? new Date(time).toISOString() : withoutZone(time));
	const mediaType = job.shape === 'octetStream' ? 'application/octet-stream' : job.mediaType;
	return {
		request_id: job.id,
		status: job.status,
		model_id: job.operation.modelId,
		error: job.error,
		output:
			job.status === 'COMPLETED' ? { media_url: [job.audioUrl], media_type: mediaType, ...job.about } : null,
		created_at: new Date(job.submittedAt).toISOString(),
		updated_at: bare(job.endedAt ?? Date.now()),
		completed_at: job.endedAt === null ? null : bare(job.endedAt),
	};
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, without a time zone. */
const withoutZone = (time: number) => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

const DIRECT_BODIES: Record<DirectShape, (url: string) => unknown> = {
	string: (url) => ({ output: url }),
	object: (url) => ({ output: { media_url: [url], media_type: 'audio/wav' } }),
	urls: (url) => ({ url, audio_url: url, sample_rate: 48_000, elapsed_s: 2.3, status: 'done' }),
	audioList: (url) => ({ audio: [{ url }] }),
	audioObject: (url) => ({ audio: { url } }),
	outputUrl: (url) => ({ output_url: url }),
};

async function answerAtOnce(
	call: Call,
	operation: PixazoOperation,
	context: ProviderContext,
): Promise<Answer> {
	const { order, format, turns } = readOrder(call, operation);
	const name = `${Date.now()}-${call.id}.${CODECS[format.codec].extension}`;
	const url = context.media.publish(`/${operation.modelId}/${name}`, audioFile(order, format), call.effect);
	const shape = (call.effect.shape ?? operation.directShape ?? 'string') as DirectShape;
	const body = (DIRECT_BODIES[shape] ?? DIRECT_BODIES.string)(url);
	return { status: 200, body, accepted: true, charged: true, spoken: turns };
}

/** Stable Audio's `sync_mode`: the file itself as a data URI. */
async function answerWithBytes(order: AudioOrder, format: AudioFormat): Promise<Answer> {
	const base64 = (await renderAudio(order, format)).toString('base64');
	const output = `data:${CODECS[format.codec].mimeType};base64,${base64}`;
	return { status: 200, body: { output }, accepted: true, charged: true };
}

/** Formats that the parameters name, and the default of each kind of audio. */
function readOrder(
	call: Call,
	operation: PixazoOperation,
): { order: AudioOrder; format: AudioFormat; turns: SpokenTurn[] } {
	const body = call.body as Record<string, unknown>;
	const format = formatOf(body, operation);
	const prompt = String(
		body[operation.textField ?? ''] ?? 'Hello, this is a sample of my cloned voice speaking naturally.',
	);
	if (operation.kind !== 'speech') {
		const seconds = Number(
			body.duration ?? (body.music_length_ms ? Number(body.music_length_ms) / 1000 : 10),
		);
		return { order: { kind: operation.kind, prompt, seconds }, format, turns: [] };
	}
	const turns =
		operation.textField === 'script'
			? scriptTurns(body as ScriptBody)
			: [{ voice: voiceOf(body, operation), text: prompt }];
	return { order: { kind: 'speech', turns, speed: Number(body.speed ?? 1) }, format, turns };
}

function scriptTurns({ script = '', speakers }: ScriptBody): SpokenTurn[] {
	const cast = speakers?.length ? speakers : [{ preset: 'Alice [EN]' }];
	return castTurns(
		readScript(script),
		cast.map(({ preset, audio_url }) => audio_url ?? preset ?? 'Alice [EN]'),
	);
}

function voiceOf(body: Record<string, unknown>, operation: PixazoOperation): string {
	const settings = body.voice_setting as { voice_id?: string } | undefined;
	const names = [
		body.voice,
		body.voice_id,
		settings?.voice_id,
		body.audio_url,
		body.reference_audio_url,
		body.speaker,
		body.reference_id,
	];
	return String(names.find((name) => name !== undefined) ?? operation.modelId);
}

const CODEC_BY_NAME: Record<string, AudioFormat['codec']> = { ogg_opus: 'ogg', ulaw: 'mulaw', hex: 'mp3' };

function formatOf(body: Record<string, unknown>, operation: PixazoOperation): AudioFormat {
	const named = body.output_format ?? body.upload_audio_format ?? body.format;
	if (named === undefined) return { codec: operation.kind === 'music' ? 'mp3' : 'wav' };
	const name = String(named).split('_')[0] as string;
	const codec = CODEC_BY_NAME[String(named)] ?? CODEC_BY_NAME[name] ?? name;
	return { codec: codec in CODECS ? (codec as AudioFormat['codec']) : 'mp3' };
}

function summaryOf(job: Job): JobSummary {
	advance(job);
	return {
		provider: 'pixazo',
		id: job.id,
		status: job.status,
		submittedAt: new Date(job.submittedAt).toISOString(),
		endedAt: job.endedAt === null ? null : new Date(job.endedAt).toISOString(),
		polls: job.polls,
	};
}

/**
 * 400 and 402 as documented. The bodies for keys and rate limits are those of Azure API Management,
 * whose header the gateway uses.
 */
const INVALID_KEY: Answer = {
	status: 401,
	body: {
		statusCode: 401,
		message:
			'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
	},
};
const MISSING_KEY: Answer = {
	status: 401,
	body: {
		statusCode: 401,
		message:
			'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
	},
};

const refusals: RefusalTable = {
	missingKey: () => MISSING_KEY,
	wrongKey: () => INVALID_KEY,
	notFound: (call) =>
		call.method === 'POST'
			? refused(400, 'Model not found', `Model '${call.path.split('/')[1]}' not found or is disabled`)
			: refused(404, 'Not Found', `No such path: ${call.path}`),
	'400': () => refused(400, 'Model not found', "Model 'vibevoice' not found or is disabled"),
	'401': () => INVALID_KEY,
	'402': () => refused(402, 'Insufficient Balance', 'Your wallet does not have enough balance.'),
	'403': () => refused(403, 'Forbidden', 'Your subscription does not include this API.'),
	'403:credits': () => refused(403, 'Insufficient Balance', 'Your wallet does not have enough balance.'),
	'403:verification': () => refused(403, 'Forbidden', 'Your account is not verified.'),
	'403:key': () => ({
		status: 403,
		body: { statusCode: 403, message: 'Access denied: the subscription key is not active.' },
	}),
	'404': () => refused(404, 'Not Found', 'Request not found'),
	'422': () => refused(422, 'Unprocessable Entity', 'The request could not be processed.'),
	'429': () => ({
		status: 429,
		body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 1 seconds.' },
	}),
	'500': () => refused(500, 'Internal Server Error', 'Something went wrong.'),
	'503': () => refused(503, 'Service Unavailable', 'The service is temporarily unavailable.'),
	'504': () => refused(504, 'Gateway Timeout', 'The upstream did not answer in time.'),
};
