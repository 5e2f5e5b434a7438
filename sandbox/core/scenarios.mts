import type { Effect, HostName, Scenario } from './types.mts';

/** The key that every stand-in accepts. Obviously not a real key. */
export const RIGHT_KEY = 'sandbox-key';

const SLOW_MS = 3_000;

/**
 * Scenarios by name. A key `sandbox-key.<name>` runs one on every request made with it, `sandbox-key.<name>.<n>` on the first n, and
 * `sandbox-key.<name>+<name>` several at once.
 */
export const SCENARIOS: Record<string, Effect> = {
	'400': { status: 400 },
	'401': { status: 401 },
	'402': { status: 402 },
	'403': { status: 403 },
	'403-credits': { status: 403, kind: 'credits' },
	'403-verification': { status: 403, kind: 'verification' },
	'403-funds': { status: 403, kind: 'funds' },
	'403-plan': { status: 403, kind: 'plan' },
	'403-key': { status: 403, kind: 'key' },
	'404': { status: 404 },
	'422': { status: 422 },
	'422-failed': { status: 422, kind: 'failed' },
	'429': { status: 429, retryAfterSeconds: 1 },
	'429-date': { status: 429, retryAfterSeconds: 1, retryAfterForm: 'date' },
	'429-none': { status: 429, retryAfterForm: 'none' },
	'500': { status: 500 },
	'500-html': { status: 500, kind: 'html' },
	'502': { status: 502, kind: 'html' },
	'503': { status: 503 },
	'503-retry': { status: 503, retryAfterSeconds: 1 },
	'504': { status: 504 },
	'524': { status: 524, kind: 'html' },

	slow: { headersDelayMs: SLOW_MS },
	slowBody: { bodyDelayMs: SLOW_MS },
	resetBeforeRequest: { reset: 'beforeRequest' },
	resetBeforeAnswer: { reset: 'beforeAnswer' },
	resetDuringAnswer: { reset: 'duringAnswer' },
	resetAfterAnswer: { reset: 'afterAnswer' },
	empty: { empty: true },
	truncated: { truncated: true },
	html: { html: true },
	wrongType: { contentType: 'text/plain' },
	noType: { contentType: '' },

	jobFailed: { job: { outcome: 'FAILED' } },
	jobError: { job: { outcome: 'ERROR' } },
	jobNever: { job: { outcome: 'never' } },
	jobUnknownStatus: { job: { outcome: 'HIBERNATING' } },
	jobVanishes: { job: { vanishAfterPolls: 1, outcome: 'never' } },
	jobSlow: { job: { seconds: 20 } },
	poll500: { job: { pollStatus: { status: 500, times: 3 } } },

	mediaMissing: { media: { missingRequests: Infinity } },
	mediaLate: { media: { missingRequests: 2 } },
	mediaTruncated: { media: { truncated: true } },
	mediaCutShort: { media: { cutShort: true } },
	mediaHtml: { media: { html: true } },
	mediaWrongType: { media: { contentType: 'application/octet-stream' } },
	mediaOtherHost: { media: { redirect: 'otherHost' } },
	mediaLoop: { media: { redirect: 'loop' } },
	mediaSlow: { media: { headersDelayMs: SLOW_MS } },
	media500: { media: { status: { status: 500 } } },
	mediaReset: { media: { resetRequests: 1 } },

	callbackTwice: { callback: { deliveries: 2 } },
	callbackEarly: { callback: { early: true } },
	callbackForged: { callback: { forged: true } },
	callbackLate: { callback: { lateMs: 2_000 } },
	callbackNever: { callback: { never: true } },

	string: { shape: 'string' },
	object: { shape: 'object' },
	bytes: { shape: 'bytes' },
	wrapped: { shape: 'data' },
	noResults: { shape: 'none' },
	emptyResults: { shape: 'empty' },
	urlList: { shape: 'urlList' },
	nullMeta: { shape: 'nullMeta' },
	metadata: { shape: 'metadata' },
	octetStream: { shape: 'octetStream' },
	isoTimes: { shape: 'iso' },
};

/** Parts of an effect that apply only to an accepted generation. */
const GENERATION_PARTS = ['job', 'media', 'callback', 'shape', 'audioSizeBytes'];

const SELECTORS = ['provider', 'operation', 'times', 'name'];

/** True when the effect cannot change a request that generates nothing. */
function isAboutGenerations(effect: Effect): boolean {
	return Object.keys(effect).every((part) => GENERATION_PARTS.includes(part) || SELECTORS.includes(part));
}

/**
 * The properties of a request that select its scenario: provider, operation, whether it generates,
 * and key.
 */
interface Target {
	host: HostName;
	operation: string;
	paid: boolean;
	key?: string;
}

export interface ScenarioBook {
	/** Queues a scenario. Throws when its name is not in the table. */
	add(scenario: Scenario): void;
	/** Returns the effect for this request and counts one use of its scenario. */
	take(target: Target): Effect | null;
	clear(): void;
}

export function createScenarioBook(): ScenarioBook {
	let queue: Array<{ scenario: Scenario; left: number }> = [];
	const usesByKey = new Map<string, number>();

	const matches = ({ scenario, left }: { scenario: Scenario; left: number }, target: Target) =>
		left > 0 &&
		(scenario.provider === undefined ? target.host !== 'media' : scenario.provider === target.host) &&
		(scenario.operation === undefined
			? target.paid || !isAboutGenerations(scenario)
			: scenario.operation === target.operation);

	return {
		add({ times, name, ...scenario }) {
			queue.push({ scenario: { ...namedEffect(name), ...scenario }, left: times ?? Infinity });
		},
		take(target) {
			const queued = queue.find((entry) => matches(entry, target));
			if (queued) {
				queued.left -= 1;
				queue = queue.filter((entry) => entry.left > 0);
				const { provider: _provider, operation: _operation, ...effect } = queued.scenario;
				return effect;
			}
			const byKey = target.key === undefined ? undefined : readKey(target.key);
			if (!byKey?.effect || (!target.paid && isAboutGenerations(byKey.effect))) return null;
			const uses = usesByKey.get(target.key as string) ?? 0;
			if (uses >= byKey.times) return null;
			usesByKey.set(target.key as string, uses + 1);
			return byKey.effect;
		},
		clear() {
			queue = [];
			usesByKey.clear();
		},
	};
}

function namedEffect(name: string | undefined): Effect {
	if (name === undefined) return {};
	const effect = SCENARIOS[name];
	if (!effect) throw new Error(`There is no scenario "${name}". Known: ${Object.keys(SCENARIOS).join(', ')}`);
	return effect;
}

/**
 * Parses a key: the plain key, or the key with scenarios (`sandbox-key.429-date.2`,
 * `sandbox-key.slow+jobFailed`). Returns undefined for a key that no stand-in accepts.
 */
export function readKey(key: string): { effect: Effect | null; times: number } | undefined {
	if (key === RIGHT_KEY) return { effect: null, times: 0 };
	const [base, names, times, ...rest] = key.split('.');
	if (base !== RIGHT_KEY || !names || rest.length > 0) return undefined;
	if (times !== undefined && !/^\d+$/.test(times)) return undefined;
	const effects = names.split('+').map((name) => SCENARIOS[name]);
	if (effects.some((effect) => effect === undefined)) return undefined;
	return { effect: Object.assign({}, ...effects), times: times === undefined ? Infinity : Number(times) };
}
