/**
 * The sandbox's own vocabulary: what a stand-in provider is made of (operations, refusals), what it is called with, what it answers, and how
 * a scenario changes that.
 */

export const PROVIDERS = ['aimlApi', 'convai', 'pixazo', 'vimmerse'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** The media host is addressed by scenarios and counted in the transcript like a provider. */
export type HostName = ProviderName | 'media';

/** One stretch of speech and the voice that said it. */
export interface SpokenTurn {
	voice: string;
	text: string;
}

/** How a job that a provider has accepted goes on. Everything absent: it runs for `settings.jobSeconds` and completes. */
export interface JobEffect {
	/** `FAILED` and `ERROR` end it so; `never` keeps it PROCESSING; any other word is reported as an unknown status, for ever. */
	outcome?: 'COMPLETED' | 'FAILED' | 'ERROR' | 'never' | (string & {});
	/** The text of the job's `error` field when it fails. */
	error?: string;
	/** Seconds until it ends, instead of `settings.jobSeconds`. */
	seconds?: number;
	/** It stays PROCESSING for so many polls, whatever the clock says. */
	processingPolls?: number;
	/** So many polls are answered normally, and every later one 404, as if the job had never been. */
	vanishAfterPolls?: number;
	/** The first so many polls are answered with this HTTP status. */
	pollStatus?: { status: number; times: number };
}

/** How the file that a generation yields behaves on the media host. */
export interface MediaEffect {
	/** 404 for the first so many requests. */
	missingRequests?: number;
	/** 404 until so many milliseconds after it was published, as a CDN that lags. */
	missingMs?: number;
	/** Content-Length tells the whole, the connection ends at half. */
	truncated?: boolean;
	/** Content-Length and body agree, but the audio data stops at half: only the WAV header tells. */
	cutShort?: boolean;
	/** A 200 with an HTML page. */
	html?: boolean;
	/** A Content-Type that is wrong or says nothing. */
	contentType?: string;
	/** 302 to the same file under another host name, or to itself for ever. */
	redirect?: 'otherHost' | 'loop';
	/** Milliseconds before the answer, and over which the body is stretched. */
	headersDelayMs?: number;
	bodyDelayMs?: number;
	/** Answered with this status for the first `times` requests (all when absent). */
	status?: { status: number; times?: number };
	/** Resets the connection midway for the first so many requests. */
	resetRequests?: number;
}

/** What becomes of the callback of a job that has one. Composable; all absent: once, when the job ends. */
export interface CallbackEffect {
	/** Delivered so many times in all. */
	deliveries?: number;
	/** Sent before the submission is answered. */
	early?: boolean;
	/** Before the true one, a callback that claims success for an unknown id and names a foreign file. */
	forged?: boolean;
	/** Sent so many milliseconds after the job has ended. */
	lateMs?: number;
	never?: boolean;
}

/**
 * What a scenario does to one request. Parts compose. `job`, `media`, `callback` and `shape` touch generating operations only, and follow
 * the job and its files; the rest touches the answer of the request itself.
 */
export interface Effect {
	/** Refuses with this status and the provider's documented body for it. Nothing is accepted, nothing charged. */
	status?: number;
	/** Which of several documented bodies of that status, such as `credits`, `verification`, `plan`, `html`. */
	kind?: string;
	/** A body of the test's own instead. */
	body?: unknown;
	/** Retry-After of a 429 or 503, in seconds, and how it is written. */
	retryAfterSeconds?: number;
	retryAfterForm?: 'seconds' | 'date' | 'none';
	headers?: Record<string, string>;

	/** Milliseconds of silence before the status line; the request has been accepted by then. */
	headersDelayMs?: number;
	/** Milliseconds over which the body is stretched. */
	bodyDelayMs?: number;
	/**
	 * Where the connection is reset. `beforeRequest`: nothing was accepted. `beforeAnswer`: accepted and charged, and no byte of an answer.
	 * `duringAnswer`: half of the body. `afterAnswer`: the whole answer, and then the kept-alive connection is gone.
	 */
	reset?: 'beforeRequest' | 'beforeAnswer' | 'duringAnswer' | 'afterAnswer';

	/** The answer's body is empty, ends at half (with a Content-Length that agrees), or is an HTML page; the status stays. */
	empty?: boolean;
	truncated?: boolean;
	html?: boolean;
	/** Replaces the answer's Content-Type. An empty string leaves it out. */
	contentType?: string;
	/** One of the shapes that the provider's documents show for this answer; each provider lists its own. */
	shape?: string;

	job?: JobEffect;
	media?: MediaEffect;
	callback?: CallbackEffect;
	/** The audio is a valid WAV of exactly so many bytes, streamed, instead of speech. */
	audioSizeBytes?: number;
}

export interface Settings {
	/** Milliseconds that every answer of a provider takes at least. */
	latencyMs: number;
	mediaLatencyMs: number;
	/** Requests per second that each provider lets through; more are answered 429 with Retry-After. 0: no limit. */
	requestsPerSecond: number;
	/** How long a queued job takes. */
	jobSeconds: number;
	/** When above 0, every generated file is a streamed WAV of so many bytes. */
	audioSizeBytes: number;
}

export const DEFAULT_SETTINGS: Settings = {
	latencyMs: 0,
	mediaLatencyMs: 0,
	requestsPerSecond: 0,
	jobSeconds: 0.2,
	audioSizeBytes: 0,
};

/** A body as the transcript keeps it when it is too large to be kept whole. */
export interface BodySummary {
	sizeBytes: number;
	sha256: string;
}

/** One uploaded file of a multipart body. */
export interface UploadedFile extends BodySummary {
	field: string;
	fileName: string;
	mimeType: string;
}

export interface Call {
	provider: ProviderName;
	operation: string;
	method: string;
	/** Path as asked for, without the query. */
	path: string;
	params: Record<string, string>;
	query: Record<string, string>;
	headers: Record<string, string | string[] | undefined>;
	contentType: string;
	/** Parsed when it is JSON or a form; `undefined` when absent or unreadable (then `bodyError` says why). */
	body: unknown;
	bodyError?: string;
	files: UploadedFile[];
	effect: Effect;
	settings: Settings;
	id: number;
}

export interface Answer {
	status: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON; a string and bytes as they are; a stream needs `sizeBytes`. */
	body?: unknown;
	stream?: { sizeBytes: number; chunks(): Iterable<Uint8Array> };
	/** A generation was accepted by this answer. */
	accepted?: boolean;
	/** It was charged for by this answer. */
	charged?: boolean;
	jobId?: string;
	spoken?: SpokenTurn[];
}

export interface Operation {
	/** The project's name of it, such as `speech.generate`, `job.get`. */
	name: string;
	method: 'GET' | 'POST';
	/** The documented path, in fastify's notation. */
	path: string;
	/** An accepted request is a generation that costs. */
	paid?: boolean;
	/** Served without a key, as documented. */
	open?: boolean;
	answer(call: Call): Answer | Promise<Answer>;
}

/** Why a request is refused: an HTTP status as a string, with a kind when one status has several documented bodies (`403:credits`). */
export type RefusalTable = Record<string, (call: Call) => Answer>;

export interface ProviderModule {
	name: ProviderName;
	/** The header that carries the key, lower case. */
	credentialHeader: string;
	/** Takes the key out of the header's value; undefined when the value has not the documented form. */
	keyOf(headerValue: string): string | undefined;
	operations: Operation[];
	/** Must hold `missingKey`, `wrongKey`, `notFound` and `429`; statuses that it lacks are answered as a gateway would, in HTML. */
	refusals: RefusalTable;
	/** Forgets what it keeps: jobs, balances. */
	clear(): void;
	jobs(): JobSummary[];
}

export interface RecordedRequest {
	id: number;
	provider: HostName;
	operation: string;
	method: string;
	path: string;
	query: Record<string, string>;
	/** Values of credential headers are replaced by `<credential>`. */
	headers: Record<string, string>;
	credential: 'right' | 'wrong' | 'missing' | 'none needed';
	/** Names of headers or places that carry a credential where none belongs. */
	leaks: string[];
	body: unknown;
	files: UploadedFile[];
	/** The scenario that ran, when one did. */
	effect: Effect | null;
	/** 0 while unanswered or when the connection was reset without an answer. */
	status: number;
	/** The answer's JSON; a summary for anything else. */
	answer: unknown;
	accepted: boolean;
	charged: boolean;
	jobId: string | null;
	spoken: SpokenTurn[];
	/** ISO 8601, UTC. */
	time: string;
	durationMs: number;
}

export interface OperationCounters {
	requests: number;
	/** Generations taken on. */
	accepted: number;
	/** Generations charged for; a job that ends in an error that is not charged is taken off again. */
	charges: number;
	/** Answers with a status of 400 and above. */
	refused: number;
	/** Requests that carried a credential where none belongs. */
	leaks: number;
}

/** Totals, and `<host>` -> `<operation>` -> counters. */
export interface Counters {
	total: OperationCounters;
	hosts: Record<string, { total: OperationCounters; operations: Record<string, OperationCounters> }>;
}

/** Which requests a scenario is for, how many of them (all when absent), and what it does. */
export interface Scenario extends Effect {
	provider?: HostName;
	operation?: string;
	times?: number;
	/** The name of a row of the scenario table, the base that the other members are put on. */
	name?: string;
}

export type RequestFilter =
	| Partial<
			Pick<RecordedRequest, 'provider' | 'operation' | 'method' | 'path' | 'status' | 'charged' | 'accepted'>
	  >
	| ((request: RecordedRequest) => boolean);

/** One POST to a callback URL. */
export interface DeliveredCallback {
	jobId: string;
	url: string;
	kind: 'terminal' | 'progress' | 'forged';
	body: unknown;
	/** 0 when nobody answered. */
	status: number;
	time: string;
}

/** A queued job as the control server shows it. */
export interface JobSummary {
	provider: ProviderName;
	id: string;
	status: string;
	submittedAt: string;
	endedAt: string | null;
	polls: number;
}
