import type { NodeName } from '../workflow/harness.mts';
import type { Effect } from '../../sandbox/core/types.mts';
import type { FailureCode } from '../../nodes/shared/speech/failure';
import type { Trait } from './operations.mts';

/** What a fault amounts to; what has to follow is in `matrix.mts`. */
export type Kind =
	/** The answer is as good as ever. */
	| 'harmless'
	/** Refused for good: nothing was accepted. */
	| 'refused'
	/** Refused once, and then no more: nothing was accepted the first time. */
	| 'passing'
	/** Refused however often it is sent. */
	| 'lasting'
	/** Sent, and no answer. */
	| 'unanswered'
	/** Answered well, and what came is not what was paid for. */
	| 'unusable'
	/** Accepted, and the provider says that there will be no audio. */
	| 'jobFailed'
	/** The time is up while the job runs. */
	| 'running'
	/** Asking for the job is refused for good. */
	| 'lostTrack'
	/** The audio was made, and cannot be had from its address. */
	| 'undelivered'
	/** The execution was stopped. */
	| 'stopped';

/** Which request of the operation meets an effect: the one it is named after, a question for the job, or a download. */
type Place = 'request' | 'poll' | 'media';

export interface Fault {
	name: string;
	/** What happens, for people. */
	title: string;
	kind: Kind;
	/** What it is called, where the kind leaves that open. */
	code?: FailureCode;
	needs?: readonly Trait[];
	/** What lasts for long, or runs against a time limit, is not for operations without Options. */
	needsOptions?: boolean;
	/** Other providers have no such answer, or document no words for it. */
	nodes?: readonly NodeName[];
	effects: ReadonlyArray<{ at: Place; times?: number } & Effect>;
	/** A body that every provider words in its own way. */
	body?: Record<NodeName, unknown>;
	/** Nobody listens at the base URL. */
	isRefusedConnection?: boolean;
	/** When the execution is stopped: once such a request is under way, or after so many milliseconds of it. */
	stopAt?: { place: Place; afterMs?: number };
	/** Seconds that the item has; `LONG_SECONDS` when absent. */
	timeoutSeconds?: number;
	/** The fault leaves no time for another attempt. */
	usesUpTime?: boolean;
	/** Whether the provider took the request on; by default as the kind has it. */
	isAccepted?: boolean;
	/** False: taken on, and not charged in the end. */
	isCharged?: boolean;
	/** Whether a retry of the node may have it made anew. */
	isMadeAnew?: boolean;
	/** Whether the audio exists in the end, so that it can be collected. */
	isMade?: boolean;
}

export interface FaultGroup {
	title: string;
	faults: readonly Fault[];
}

const SHORT_SECONDS = 1.2;
/** Enough to make the audio, and for a few attempts to fetch it. */
const MEDIA_SECONDS = 2;
/** Longer than a short item has, and than a test wants to wait. */
const TOO_LONG_MS = 4_000;
const paid = ['paid'] as const;
const polled = ['paid', 'job'] as const;
const free = ['free'] as const;

/** One effect on the request itself. */
const request = (effect: Effect, times?: number): Fault['effects'] => [{ at: 'request', times, ...effect }];
/** One effect on the questions for a job, which Vimmerse only has with a job effect. */
const poll = (effect: Effect, times?: number): Fault['effects'] => [
	{ at: 'request', job: {} },
	{ at: 'poll', times, ...effect },
];
const media = (effect: Effect, times?: number): Fault['effects'] => [{ at: 'media', times, ...effect }];
const once = 1;

const refused = (
	name: string,
	title: string,
	code: FailureCode,
	effect: Effect,
	more: Partial<Fault> = {},
): Fault => ({
	name,
	title,
	kind: 'refused',
	code,
	effects: request(effect),
	...more,
});

const passing = (name: string, title: string, code: FailureCode, effect: Effect): Fault => ({
	name,
	title,
	kind: 'passing',
	code,
	effects: request(effect, once),
});

const lasting = (name: string, title: string, code: FailureCode, effect: Effect): Fault => ({
	name,
	title,
	kind: 'lasting',
	code,
	effects: request(effect),
});

export const GROUPS: readonly FaultGroup[] = [
	{
		title: 'The provider refuses the request',
		faults: [
			refused('400', '400', 'rejected', { status: 400 }),
			refused('401', '401', 'invalid_credentials', { status: 401 }),
			refused('401 quoting', '401 that quotes the key', 'invalid_credentials', {
				status: 401,
				body: { message: 'Invalid key {key}', error: 'Invalid key {key}', ERROR: 'Invalid key {key}' },
			}),
			refused('402', '402', 'insufficient_credits', { status: 402 }),
			refused(
				'403 credits',
				'403 about credits',
				'insufficient_credits',
				{ status: 403, kind: 'credits' },
				{ nodes: ['aimlApi', 'pixazo', 'vimmerse'] },
			),
			refused(
				'403 funds',
				'403 about funds, in words only',
				'insufficient_credits',
				{ status: 403, kind: 'funds' },
				{ nodes: ['aimlApi'] },
			),
			refused('403 verification', '403 about a missing verification', 'not_permitted', {
				status: 403,
				kind: 'verification',
			}),
			refused('403 plan', '403 about the plan', 'not_permitted', { status: 403, kind: 'plan' }),
			refused(
				'403 key',
				'403 about the key',
				'invalid_credentials',
				{ status: 403, kind: 'key' },
				{ nodes: ['convai', 'pixazo', 'vimmerse'] },
			),
			refused('404', '404', 'rejected', { status: 404 }),
			refused('422', '422', 'rejected', { status: 422 }),
			refused(
				'422 failed',
				'422 that says that the audio could not be made',
				'job_failed',
				{ status: 422, kind: 'failed' },
				{ nodes: ['vimmerse'], needs: paid },
			),
			refused('302', 'Redirect to another host', 'rejected', {
				status: 302,
				headers: { location: '{media}/elsewhere' },
			}),
			refused(
				'429 long',
				'429 with a Retry-After that is longer than the time',
				'rate_limited',
				{ status: 429, retryAfterSeconds: 60 },
				{ needsOptions: true },
			),
		],
	},
	{
		title: 'The provider is busy or down, and nothing was accepted',
		faults: [
			passing('429 seconds', '429 once, Retry-After in seconds', 'rate_limited', {
				status: 429,
				retryAfterSeconds: 1,
			}),
			passing('429 date', '429 once, Retry-After as a date', 'rate_limited', {
				status: 429,
				retryAfterSeconds: 1,
				retryAfterForm: 'date',
			}),
			passing('429 none', '429 once, without Retry-After', 'rate_limited', {
				status: 429,
				retryAfterForm: 'none',
			}),
			lasting('429 lasting', '429 every time', 'rate_limited', { status: 429, retryAfterForm: 'none' }),
			passing('500', '500 once', 'unavailable', { status: 500 }),
			lasting('500 lasting', '500 every time', 'unavailable', { status: 500 }),
			passing('502', '502 once, an HTML page', 'unavailable', { status: 502, kind: 'html' }),
			lasting('502 lasting', '502 every time, an HTML page', 'unavailable', { status: 502, kind: 'html' }),
			passing('503', '503 once', 'unavailable', { status: 503 }),
			passing('503 retry', '503 once, with Retry-After', 'unavailable', {
				status: 503,
				retryAfterSeconds: 1,
			}),
			passing('504', '504 once', 'unavailable', { status: 504 }),
			lasting('524', '524 every time, an HTML page', 'unavailable', { status: 524, kind: 'html' }),
			{
				...lasting('refused', 'Connection refused', 'unavailable', {}),
				effects: [],
				isRefusedConnection: true,
			},
		],
	},
	{
		title: 'No answer comes',
		faults: [
			{
				name: 'reset before',
				title: 'Connection reset before the request was taken',
				kind: 'unanswered',
				effects: request({ reset: 'beforeRequest' }),
				isAccepted: false,
			},
			{
				name: 'reset unanswered',
				title: 'Connection reset after the request was taken',
				kind: 'unanswered',
				effects: request({ reset: 'beforeAnswer' }),
			},
			{
				name: 'reset once',
				title: 'Connection reset once, for a question that costs nothing',
				kind: 'passing',
				code: 'unavailable',
				needs: free,
				effects: request({ reset: 'beforeAnswer' }, once),
			},
			{
				name: 'slow headers',
				title: 'Silence for longer than the item has',
				kind: 'unanswered',
				effects: request({ headersDelayMs: TOO_LONG_MS }),
				timeoutSeconds: SHORT_SECONDS,
				usesUpTime: true,
			},
			{
				name: 'late headers',
				title: 'Silence for a while',
				kind: 'harmless',
				effects: request({ headersDelayMs: 300 }),
			},
		],
	},
	{
		title: 'The answer is not what it should be',
		faults: [
			{
				name: 'reset after',
				title: 'Connection reset after the whole answer',
				kind: 'harmless',
				effects: request({ reset: 'afterAnswer' }),
			},
			{
				name: 'slow body',
				title: 'Body that takes a while',
				kind: 'harmless',
				effects: request({ bodyDelayMs: 400 }),
			},
			{ name: 'no type', title: 'No Content-Type', kind: 'harmless', effects: request({ contentType: '' }) },
			{
				name: 'wrong type',
				title: 'Wrong Content-Type',
				kind: 'harmless',
				effects: request({ contentType: 'text/plain' }),
			},
			{
				name: 'reset during',
				title: 'Connection reset during the answer',
				kind: 'unusable',
				effects: request({ reset: 'duringAnswer' }),
			},
			{
				name: 'endless body',
				title: 'Body that takes longer than the item has',
				kind: 'unusable',
				effects: request({ bodyDelayMs: TOO_LONG_MS }),
				timeoutSeconds: SHORT_SECONDS,
				usesUpTime: true,
			},
			{ name: 'empty', title: 'Empty body', kind: 'unusable', effects: request({ empty: true }) },
			{
				name: 'truncated',
				title: 'Half of the body, complete by its Content-Length',
				kind: 'unusable',
				effects: request({ truncated: true }),
			},
			{
				name: 'html',
				title: 'HTML page with status 200',
				kind: 'unusable',
				effects: request({ html: true }),
			},
			{
				name: 'no audio',
				title: 'JSON with status 200 that says nothing',
				kind: 'unusable',
				needs: paid,
				effects: request({ status: 200, body: {} }),
				isAccepted: false,
			},
			{
				name: '200 error',
				title: 'JSON with status 200 that says what went wrong',
				kind: 'jobFailed',
				needs: paid,
				effects: request({ status: 200 }),
				body: {
					aimlApi: { error: { name: 'Exception', message: 'The text could not be spoken.' } },
					convai: { result: 'No voice found in the request' },
					pixazo: { error: 'Internal Server Error', message: 'The text could not be spoken.' },
					vimmerse: { message: 'The text could not be spoken.' },
				},
				isAccepted: false,
			},
		],
	},
	{
		title: 'The job goes wrong',
		faults: [
			{
				name: 'job failed',
				title: 'FAILED',
				kind: 'jobFailed',
				needs: polled,
				effects: request({ job: { outcome: 'FAILED' } }),
			},
			{
				name: 'job error',
				title: 'ERROR, which is not charged',
				kind: 'jobFailed',
				nodes: ['pixazo'],
				needs: polled,
				effects: request({ job: { outcome: 'ERROR' } }),
				isCharged: false,
				isMadeAnew: true,
			},
			{
				name: 'job never',
				title: 'It never ends',
				kind: 'running',
				needs: polled,
				effects: request({ job: { outcome: 'never' } }),
				timeoutSeconds: SHORT_SECONDS,
			},
			{
				name: 'job unknown',
				title: 'A status that nobody has documented, for ever',
				kind: 'running',
				needs: polled,
				effects: request({ job: { outcome: 'HIBERNATING' } }),
				timeoutSeconds: SHORT_SECONDS,
			},
			{
				name: 'job slow',
				title: 'It takes longer than the item has',
				kind: 'running',
				needs: polled,
				effects: request({ job: { seconds: 1.5 } }),
				timeoutSeconds: SHORT_SECONDS,
				isMade: true,
			},
			{
				name: 'job vanishes',
				title: 'It vanishes: 404 when asked again',
				kind: 'lostTrack',
				code: 'rejected',
				needs: polled,
				effects: request({ job: { outcome: 'never', vanishAfterPolls: 1 } }),
			},
			{
				name: 'poll 401',
				title: 'The key is withdrawn while it runs',
				kind: 'lostTrack',
				code: 'invalid_credentials',
				needs: polled,
				effects: poll({ status: 401 }),
				isMade: true,
			},
			{
				name: 'poll 500',
				title: 'Questions are answered 500 for a while',
				kind: 'harmless',
				needs: polled,
				effects: poll({ status: 500 }, once),
			},
			{
				name: 'poll 429',
				title: 'Questions are answered 429 for a while',
				kind: 'harmless',
				needs: polled,
				effects: poll({ status: 429, retryAfterSeconds: 1 }, once),
			},
			{
				name: 'poll reset',
				title: 'A question is not answered',
				kind: 'harmless',
				needs: polled,
				effects: poll({ reset: 'beforeAnswer' }, once),
			},
			{
				name: 'poll html',
				title: 'A question is answered with an HTML page and 200',
				kind: 'harmless',
				needs: polled,
				effects: poll({ html: true }, once),
			},
			{
				name: 'poll empty',
				title: 'A question is answered with nothing',
				kind: 'harmless',
				needs: polled,
				effects: poll({ empty: true }, once),
			},
			{
				name: 'poll truncated',
				title: 'A question is answered with half of the JSON',
				kind: 'harmless',
				needs: polled,
				effects: poll({ truncated: true }, once),
			},
			{
				name: 'poll down',
				title: 'Questions are answered 503 until the time is up',
				kind: 'running',
				needs: polled,
				effects: poll({ status: 503 }),
				timeoutSeconds: SHORT_SECONDS,
				isMade: true,
			},
		],
	},
	{
		title: 'The audio cannot be fetched',
		faults: [
			{
				name: 'media late',
				title: '404 for a while',
				kind: 'harmless',
				needs: ['media'],
				effects: media({ status: 404 }, once),
			},
			{
				name: 'media 500',
				title: '500 once',
				kind: 'harmless',
				needs: ['media'],
				effects: media({ status: 500 }, once),
			},
			{
				name: 'media reset',
				title: 'Connection reset midway, once',
				kind: 'harmless',
				needs: ['media'],
				effects: media({ reset: 'duringAnswer' }, once),
			},
			{
				name: 'media wrong type',
				title: 'Generic Content-Type',
				kind: 'harmless',
				needs: ['media'],
				effects: media({ media: { contentType: 'application/octet-stream' } }),
			},
			{
				name: 'media elsewhere',
				title: 'Redirect to another host',
				kind: 'harmless',
				needs: ['media'],
				effects: media({ media: { redirect: 'otherHost' } }),
			},
			{
				name: 'media missing',
				title: '404 every time',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ status: 404 }),
			},
			{
				name: 'media forbidden',
				title: '403, as of an address that is over',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ status: 403 }),
			},
			{
				name: 'media down',
				title: '503 every time',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ status: 503 }),
			},
			{
				name: 'media truncated',
				title: 'It breaks off every time',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ media: { truncated: true } }),
			},
			{
				name: 'media cut',
				title: 'Half of it, complete by its Content-Length',
				kind: 'undelivered',
				needs: ['media', 'wav'],
				effects: media({ media: { cutShort: true } }),
			},
			{
				name: 'media empty',
				title: 'It is empty',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ empty: true }),
			},
			{
				name: 'media html',
				title: 'HTML page with status 200',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ media: { html: true } }),
			},
			{
				name: 'media loop',
				title: 'Redirect to itself',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ media: { redirect: 'loop' } }),
			},
			{
				name: 'media silent',
				title: 'Silence for longer than the item has',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ headersDelayMs: TOO_LONG_MS }),
			},
			{
				name: 'media endless',
				title: 'It takes longer than the item has',
				kind: 'undelivered',
				needs: ['media'],
				effects: media({ bodyDelayMs: TOO_LONG_MS }),
			},
		].map((fault) => ({
			...fault,
			timeoutSeconds: fault.kind === 'undelivered' ? MEDIA_SECONDS : undefined,
		})) as Fault[],
	},
	{
		title: 'The execution is stopped',
		faults: [
			{
				name: 'stop unanswered',
				title: 'Before the answer',
				kind: 'stopped',
				needs: paid,
				effects: request({ headersDelayMs: TOO_LONG_MS }),
				stopAt: { place: 'request' },
			},
			{
				name: 'stop polling',
				title: 'While the job is asked for',
				kind: 'stopped',
				needs: polled,
				effects: request({ job: { seconds: 1.5 } }),
				stopAt: { place: 'poll' },
				isMade: true,
			},
			{
				name: 'stop download',
				title: 'While the audio is downloaded',
				kind: 'stopped',
				needs: ['paid', 'media'],
				effects: media({ headersDelayMs: TOO_LONG_MS }),
				stopAt: { place: 'media' },
				isMade: true,
			},
			{
				name: 'execution timeout',
				title: 'By the time limit of the workflow',
				kind: 'stopped',
				needs: polled,
				effects: request({ job: { seconds: 1.5 } }),
				stopAt: { place: 'poll', afterMs: 300 },
				isMade: true,
			},
		],
	},
];

export const FAULTS: readonly Fault[] = GROUPS.flatMap(({ faults }) => faults);
