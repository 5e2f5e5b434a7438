import { createPacer } from '../../../../nodes/shared/http/pacer';
import { resendPolicy, retrying } from '../../../../nodes/shared/http/retry';
import { Failure } from '../../../../nodes/shared/speech/failure';

beforeEach(() => {
	jest.useFakeTimers({ now: 1_000_000 });
	jest.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

interface Provider {
	requestsPerSecond: number;
	/** The burst of requests that it accepts after an idle time. */
	burst: number;
	latencyMs: number;
	retryAfter?: boolean;
}

interface Outcome {
	completed: number;
	refused: number;
	/** Completed, of what the provider would have let through in that time, or of what so many at a time can send. */
	shareOfRate: number;
}

/** The requests of one item, in order: one that is charged, then polls. */
type Errand = Array<'costly' | 'free'>;

/** A token bucket, the usual rate limit of providers. */
async function work(
	provider: Provider,
	{ items, concurrency, errand = ['costly'] }: { items: number; concurrency: number; errand?: Errand },
): Promise<Outcome> {
	const { requestsPerSecond, burst, latencyMs, retryAfter = true } = provider;
	let tokens = burst;
	let filledAt = Date.now();
	let refused = 0;
	const attempt = async () => {
		tokens = Math.min(burst, tokens + ((Date.now() - filledAt) / 1_000) * requestsPerSecond);
		filledAt = Date.now();
		const passes = tokens >= 1;
		if (passes) tokens -= 1;
		else refused += 1;
		const retryAfterSeconds = retryAfter ? Math.max(1, Math.ceil((1 - tokens) / requestsPerSecond)) : null;
		await new Promise((resolve) => setTimeout(resolve, latencyMs));
		if (!passes) throw new Failure('rate_limited', 'Too many.', { retryAfterSeconds });
	};

	const hold = { until: 0 };
	const pacers = { costly: createPacer(hold), free: createPacer(hold, true) };
	const started = Date.now();
	let ended = started;
	let completed = 0;
	let next = 0;
	const runErrand = async () => {
		const patience = { deadline: Date.now() + 600_000, maxRetries: 4, signal: undefined };
		for (const kind of errand) {
			const isFree = kind === 'free';
			const itsPatience = isFree ? { ...patience, maxRetries: Number.MAX_SAFE_INTEGER } : patience;
			await retrying(itsPatience, pacers[kind], resendPolicy(itsPatience), attempt);
		}
	};
	const worker = async () => {
		while (next++ < items) {
			const isDone = await runErrand().then(
				() => true,
				() => false,
			);
			if (isDone) completed += 1;
			ended = Date.now();
		}
	};
	const all = Promise.all(Array.from({ length: concurrency }, worker));
	await jest.runAllTimersAsync();
	await all;
	const mostPerSecond = Math.min(requestsPerSecond, (concurrency * 1_000) / latencyMs);
	const allowed = ((ended - started) / 1_000) * mostPerSecond;
	return { completed, refused, shareOfRate: (completed * errand.length) / allowed };
}

describe.each([
	['5 a second', { requestsPerSecond: 5, burst: 5, latencyMs: 100 }, 200, 0.9],
	[
		'5 a second, without Retry-After',
		{ ...{ requestsPerSecond: 5, burst: 5, latencyMs: 100 }, retryAfter: false },
		200,
		0.9,
	],
	['20 a second', { requestsPerSecond: 20, burst: 20, latencyMs: 300 }, 1_000, 0.9],
	['60 a minute', { requestsPerSecond: 1, burst: 60, latencyMs: 500 }, 300, 0.9],
	// Each refusal costs a second here, in which no tokens accumulate.
	['5 a second, one at a time', { requestsPerSecond: 5, burst: 1, latencyMs: 100 }, 200, 0.5],
	['1 a second, and says so late', { requestsPerSecond: 1, burst: 1, latencyMs: 2_000 }, 100, 0.5],
])('a provider that lets through %s', (_, provider, items, share) => {
	test.each([5, 20, 100])(
		`is used to ${share} of that or more, %i at a time, and all items succeed`,
		async (concurrency) => {
			const { completed, refused, shareOfRate } = await work(provider, { items, concurrency });

			expect(completed).toBe(items);
			expect(shareOfRate).toBeGreaterThanOrEqual(share);
			expect(refused).toBeLessThan(items / 2 + 2 * concurrency);
		},
	);
});

describe('what costs and what does not, counted together by a provider of 5 a second', () => {
	test.each([5, 20, 100])(
		'all get through at 0.8 of that or more, %i at a time, and all items succeed',
		async (concurrency) => {
			const provider = { requestsPerSecond: 5, burst: 5, latencyMs: 100 };
			const errand: Errand = ['costly', 'free', 'free', 'free'];
			const { completed, shareOfRate } = await work(provider, { items: 100, concurrency, errand });

			expect(completed).toBe(100);
			expect(shareOfRate).toBeGreaterThanOrEqual(0.8);
		},
	);
});

test('a provider without a limit is not held back', async () => {
	const provider = { requestsPerSecond: 1e9, burst: 1e9, latencyMs: 100 };
	const started = Date.now();
	await work(provider, { items: 1_000, concurrency: 10 });
	expect(Date.now() - started).toBe(10_000);
});

test.each([10, 30, 60])(
	'an outage of %i s that looks like a limit slows down nothing afterwards',
	async (seconds) => {
		const pacer = createPacer();
		const started = Date.now();
		const attempt = async () => {
			const isOver = Date.now() - started >= seconds * 1_000;
			await new Promise((resolve) => setTimeout(resolve, 100));
			if (!isOver) throw new Failure('rate_limited', 'Too many.');
		};
		let ended = 0;
		const worker = async () => {
			for (let item = 0; item < 60; item += 1) {
				const patience = { deadline: Date.now() + 600_000, maxRetries: 20, signal: undefined };
				await retrying(patience, pacer, resendPolicy(patience), attempt);
				ended = Date.now();
			}
		};
		const all = Promise.all(Array.from({ length: 5 }, worker));
		await jest.runAllTimersAsync();
		await all;
		expect((ended - started) / 1_000 - seconds).toBeLessThan(120);
	},
);
