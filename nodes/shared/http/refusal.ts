import { Failure } from '../speech/failure';
import type { FailureCode, FailureFacts } from '../speech/failure';
import type { Answer, Service } from './service';

/** What happened, and how to mend it; `{name}` is the provider. */
const SENTENCES: Record<
	| 'invalid_credentials'
	| 'not_permitted'
	| 'insufficient_credits'
	| 'rejected'
	| 'job_failed'
	| 'rate_limited'
	| 'unavailable'
	| 'ambiguous',
	[what: string, how: string]
> = {
	invalid_credentials: ['{name} did not accept the API key', "Check 'API Key' in the {name} credential."],
	not_permitted: [
		'The {name} account may not do this',
		'Check what its plan includes and whether the account is verified.',
	],
	insufficient_credits: ['The {name} account has no credits left', 'Top it up, then run the node again.'],
	rejected: ['{name} did not accept the request', 'Change what it names, then run the node again.'],
	job_failed: ['{name} could not make the audio', 'Change the text or the voice, then run the node again.'],
	rate_limited: [
		'{name} received too many requests',
		"Run the node again later, or lower 'Concurrency' in Options.",
	],
	unavailable: ['{name} cannot be reached or is not working at the moment', 'Run the node again later.'],
	ambiguous: [
		'{name} was sent the request, but no answer came: it may have been accepted and charged',
		'Look into the {name} account before running the workflow again; retrying this execution sends nothing.',
	],
};

type Refused = keyof typeof SENTENCES;

const CODE_BY_STATUS: Record<number, Refused> = {
	401: 'invalid_credentials',
	402: 'insufficient_credits',
	403: 'not_permitted',
	429: 'rate_limited',
};

/** The status alone, where the provider's words say no more. */
function codeByStatus(status: number): Refused {
	return CODE_BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'rejected');
}

/** A refusal (any status but 2xx) as the failure that it means. */
export function refusalFailure(service: Service, answer: Answer): Failure {
	const { code, words, how, retryAfterSeconds } = service.readRefusal(answer);
	const meaning = code ?? codeByStatus(answer.status);
	const said = words ?? redirectWords(answer) ?? `HTTP ${answer.status}`;
	return serviceFailure(service, meaning, {
		words: said,
		how: how ?? (meaning === 'rejected' && namesNothing(said) ? WITHOUT_A_REASON : undefined),
		httpStatus: answer.status,
		retryAfterSeconds: readRetryAfter(answer.headers['retry-after']) ?? retryAfterSeconds ?? null,
	});
}

/** A failure of this service, told in the provider's own words where there are any. */
export function serviceFailure(
	service: Service,
	code: FailureCode,
	facts: Pick<FailureFacts, 'charged' | 'httpStatus' | 'retryAfterSeconds'> & {
		words?: string;
		how?: string;
	} = {},
): Failure {
	const [what, how] = SENTENCES[code as Refused] ?? SENTENCES.rejected;
	const words = facts.words && !repeats(code, facts.words) ? ` (${shorten(facts.words)})` : '';
	const wait = facts.retryAfterSeconds ? ` It asks to wait ${Math.ceil(facts.retryAfterSeconds)} s.` : '';
	const sentence = `${what}${words}.${wait} ${facts.how ?? how}`.replaceAll('{name}', service.displayName);
	return new Failure(code, sentence, facts);
}

/** A date as HTTP writes it (RFC 9110, 5.6.7), or ISO 8601: to Date.parse, any word with a number is a day of 2001. */
const WRITTEN_DATE = /^((mon|tue|wed|thu|fri|sat|sun)\w*,? .*\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT)/i;

/** What was asked for may have been paid for, and is not in the answer. @param what `any audio` and the like */
export function answeredWithout({ displayName }: Service, what: string): Failure {
	return new Failure(
		'bad_audio',
		`${displayName} answered without ${what}. It may have been charged: look into the ${displayName} account before running the node again.`,
	);
}

/** Retry-After in both of its forms (RFC 9110, 10.2.3): seconds, or a date. Null for anything else. */
export function readRetryAfter(header: string | undefined, nowMs = Date.now()): number | null {
	const value = (header ?? '').trim();
	if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value);
	const at = WRITTEN_DATE.test(value) ? Date.parse(asUtc(value)) : NaN;
	return Number.isNaN(at) ? null : Math.max(0, (at - nowMs) / 1000);
}

/** The oldest of HTTP's three forms names no zone, and means UTC. */
function asUtc(date: string): string {
	return /\d{4}$/.test(date) ? `${date} GMT` : date;
}

const WITHOUT_A_REASON =
	'It does not say why. Check the text, the voice and the options of this item, then run the node again.';

/** Whether a refusal is worded with its status alone. Source of the phrases: the HTTP status code registry of IANA. */
function namesNothing(words: string): boolean {
	return STATUS_PHRASES.has(lettersOf(words).replace(/^(http|error|status) ?/, ''));
}

/** Whether words in brackets would say once more what the sentence of the code says: a key that has expired is news, an invalid one is not. */
function repeats(code: FailureCode, words: string): boolean {
	const known = KNOWN_WORDS[code];
	return (
		known !== undefined &&
		lettersOf(words)
			.split(' ')
			.every((word) => known.has(word))
	);
}

const FILLING_WORDS =
	'a an and are do does for has have http is it no not of or please the to ve was you your';
const wordSet = (words: string): ReadonlySet<string> => new Set(`${FILLING_WORDS} ${words}`.split(' '));

const KNOWN_WORDS: Partial<Record<FailureCode, ReadonlySet<string>>> = {
	invalid_credentials: wordSet(
		'access api authorized denied error found invalid key missing provided unauthorized valid wrong',
	),
	insufficient_credits: wordSet(
		'account balance credit credits enough funds insufficient left out payment required run top up wallet',
	),
};

/** In lower case, one space between two words. */
function lettersOf(words: string): string {
	return words
		.toLowerCase()
		.replace(/[^a-z]+/g, ' ')
		.trim();
}

const STATUS_PHRASES: ReadonlySet<string> = new Set([
	...['', 'code', 'error', 'bad request', 'not found', 'method not allowed', 'not acceptable', 'conflict'],
	...['gone', 'request timeout', 'length required', 'precondition failed', 'content too large'],
	...['payload too large', 'uri too long', 'unsupported media type', 'unprocessable content'],
	...['unprocessable entity', 'error code', 'validation error', 'invalid request'],
]);

function redirectWords(answer: Answer): string | undefined {
	if (answer.status < 300 || answer.status >= 400) return undefined;
	return `it answered with a redirect, which is not followed with a key; check 'Base URL' in the credential`;
}

const LONGEST_WORDS = 300;

function shorten(words: string): string {
	const line = words.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
	return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line;
}
