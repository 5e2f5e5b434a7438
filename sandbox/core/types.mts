/**
 * The sandbox's shared types: operations and refusals of a stand-in provider, the calls that it
 * receives, the answers that it returns, and the effects of scenarios on them.
 */

export const PROVIDERS = ['aimlApi', 'convai', 'pixazo', 'vimmerse'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Scenarios and the transcript treat the media host like a provider. */
export type HostName = ProviderName | 'media';

/** One passage of speech and its voice. */
export interface SpokenTurn {
	voice: string;
	text: string;
}

/**
 * The course of an accepted job. Without any of these properties it runs for `settings.jobSeconds`
 * and completes.
 */
export interface JobEffect {
	/**
	 * `FAILED` and `ERROR` end the job; `never` keeps it PROCESSING; any other word is reported
	 * forever as an unknown status.
	 */
	outcome?: 'COMPLETED' | 'FAILED' | 'ERROR' | 'never' | (string & {});
	/** The text of the job's `error` field when it fails. */
	error?: string;
	/** Seconds until it ends, instead of `settings.jobSeconds`. */
	seconds?: number;
	/** The job stays PROCESSING for this many polls, regardless of the time. */
	processingPolls?: number;
	/**
	 * This many polls are answered normally, and every later poll with 404, as for an unknown job.
	 */
	vanishAfterPolls?: number;
	/** The first `times` polls are answered with this HTTP status. */
	pollStatus?: { status: number; times: number };
}

/** The behaviour of a generated file on the media host. */
export interface MediaEffect {
	/** The first requests, up to this number, are answered with 404. */
	missingRequests?: number;
	/** Answers 404 until this many milliseconds after publication, as a slow CDN does. */
	missingMs?: number;
	/** Content-Length gives the full size; the connection ends after half of it. */
	truncated?: boolean;
	/**
	 * Content-Length and body agree, but the audio data ends at half; only the WAV header shows it.
	 */
	cutShort?: boolean;
	/** Answers 200 with an HTML page. */
	html?: boolean;
	/** A wrong or generic Content-Type. */
	contentType?: string;
	/** A 302 to the same file under another host name, or to itself forever. */
	redirect?: 'otherHost' | 'loop';
	/** Milliseconds before the answer, and milliseconds over which the body is spread. */
	headersDelayMs?: number;
	bodyDelayMs?: number;
	/**
	 * The first `times` requests are answered with this status; all requests when `times` is
	 * absent.
	 */
	status?: { status: number; times?: number };
	/**
	 * Resets the connection in the middle of the body for the first requests, up to this number.
	 */
	resetRequests?: number;
}

/**
 * The delivery of a job's callback. The properties can be combined; without any, the callback is
 * sent once, when the job ends.
 */
export interface CallbackEffect {
	/** The total number of deliveries. */
	deliveries?: number;
	/** Sent before the submission is answered. */
	early?: boolean;
	/**
	 * Before the real callback, sends one that claims success for an unknown ID and links to
	 * another file.
	 */
	forged?: boolean;
	/** Sent this many milliseconds after the end of the job. */
	lateMs?: number;
	never?: boolean;
}

/**
 * The effect of a scenario on one request. Parts can be combined. `job`, `media`, `callback` and
 * `shape` apply to generating operations only, and to their jobs and files. All other parts apply
 * to the answer of the request itself.
 */
export interface Effect {
	/**
	 * Refuses with this status and the provider's documented body for it. The request is neither
	 * accepted nor charged.
	 */
	status?: number;
	/**
	 * Selects one of several documented bodies of that status, such as `credits`, `verification`,
	 * `plan`, `html`.
	 */
	kind?: string;
	/** A custom body, supplied by the test. */
	body?: unknown;
	/** The Retry-After of a 429 or 503 in seconds, and its format. */
	retryAfterSeconds?: number;
	retryAfterForm?: 'seconds' | 'date' | 'none';
	headers?: Record<string, string>;

	/**
	 * Milliseconds before the status line is sent. The request is already accepted at that time.
	 */
	headersDelayMs?: number;
	/** Milliseconds over which the body is spread. */
	bodyDelayMs?: number;
	/**
	 * The point at which the connection is reset. `beforeRequest`: the request is not accepted.
	 * `beforeAnswer`: accepted and charged, without any byte of an answer. `duringAnswer`: after
	 * half of the body. `afterAnswer`: after the complete answer, so that the kept-alive connection
	 * is gone.
	 */
	reset?: 'beforeRequest' | 'beforeAnswer' | 'duringAnswer' | 'afterAnswer';

	/**
	 * The answer's body is empty, ends at half (with a matching Content-Length), or is an HTML
	 * page. The status stays the same.
	 */
	empty?: boolean;
	truncated?: boolean;
	html?: boolean;
	/** Replaces the answer's Content-Type. An empty string removes the header. */
	contentType?: string;
	/** One of the answer shapes in the provider's documentation; each provider lists its own. */
	shape?: string;

	job?: JobEffect;
	media?: MediaEffect;
	callback?: CallbackEffect;
	/** The audio is a valid streamed WAV of exactly this size instead of speech. */
	audioSizeBytes?: number;
}

export interface Settings {
	/** The minimum time of every provider answer, in milliseconds. */
	latencyMs: number;
	mediaLatencyMs: number;
	/**
	 * The rate limit of each provider in requests per second; further requests get 429 with
	 * Retry-After. 0: no limit.
	 */
	requestsPerSecond: number;
	/** The duration of a queued job. */
	jobSeconds: number;
	/** When above 0, every generated file is a streamed WAV of this size. */
	audioSizeBytes: number;
}

export const DEFAULT_SETTINGS: Settings = {
	latencyMs: 0,
	mediaLatencyMs: 0,
	requestsPerSecond: 0,
	jobSeconds: 0.2,
	audioSizeBytes: 0,
};

/** The summary that the transcript keeps of a large body. */
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
	/** The requested path without the query. */
	path: string;
	params: Record<string, string>;
	query: Record<string, string>;
	headers: Record<string, string | string[] | undefined>;
	contentType: string;
	/**
	 * Parsed when it is JSON or a form. `undefined` when absent or unreadable; `bodyError` then
	 * gives the reason.
	 */
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
	/** An object is sent as JSON, a string and bytes unchanged; a stream needs `sizeBytes`. */
	body?: unknown;
	stream?: { sizeBytes: number; chunks(): Iterable<Uint8Array> };
	/** This answer accepts a generation. */
	accepted?: boolean;
	/** This answer charges for it. */
	charged?: boolean;
	jobId?: string;
	spoken?: SpokenTurn[];
}

export interface Operation {
	/** The project's name of the operation, such as `speech.generate` or `job.get`. */
	name: string;
	method: 'GET' | 'POST';
	/** The documented path, in fastify's notation. */
	path: string;
	/** An accepted request is a generation and is charged. */
	paid?: boolean;
	/** Served without a key, as documented. */
	open?: boolean;
	answer(call: Call): Answer | Promise<Answer>;
}

/**
 * The reason for a refusal: an HTTP status as a string, with a kind when one status has several
 * documented bodies (`403:credits`).
 */
export type RefusalTable = Record<string, (call: Call) => Answer>;

export interface ProviderModule {
	name: ProviderName;
	/** The header that carries the key, in lower case. */
	credentialHeader: string;
	/**
	 * Extracts the key from the header's value; undefined when the value does not have the
	 * documented format.
	 */
	keyOf(headerValue: string): string | undefined;
	operations: Operation[];
	/**
	 * Must contain `missingKey`, `wrongKey`, `notFound` and `429`. A missing status is answered
	 * with a gateway's HTML page.
	 */
	refusals: RefusalTable;
	/** Clears all state: jobs and balances. */
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
	/** Names of headers or other places that carry a credential and must not. */
	leaks: string[];
	body: unknown;
	files: UploadedFile[];
	/** The scenario that was applied, if any. */
	effect: Effect | null;
	/** 0 while there is no answer, and when the connection was reset without one. */
	status: number;
	/** The answer's JSON; a summary for any other content. */
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
	/** Accepted generations. */
	accepted: number;
	/**
	 * Charged generations. A job that fails with an error that is not charged is subtracted again.
	 */
	charges: number;
	/** Answers with a status of 400 or above. */
	refused: number;
	/** Requests that carried a credential to a place where it does not belong. */
	leaks: number;
}

/** Totals, and `<host>` -> `<operation>` -> counters. */
export interface Counters {
	total: OperationCounters;
	hosts: Record<string, { total: OperationCounters; operations: Record<string, OperationCounters> }>;
}

/** The requests that a scenario applies to, their number (all when absent), and the effect. */
export interface Scenario extends Effect {
	provider?: HostName;
	operation?: string;
	times?: number;
	/** The name of a row of the scenario table. The other properties override that row. */
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
	/** 0 when there was no answer. */
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
