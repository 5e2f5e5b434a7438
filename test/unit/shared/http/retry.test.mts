import { createPacer } from '../../../../nodes/shared/http/pacer';
import { pause, type Patience } from '../../../../nodes/shared/http/patience';
import { resendPolicy, retrying } from '../../../../nodes/shared/http/retry';
import { Failure, type FailureCode, type FailureFacts } from '../../../../nodes/shared/speech/failure';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

const patience = (about: Partial<Patience> = {}): Patience => ({
	deadline: Date.now() + 300_000,
	maxRetries: 4,
	signal: undefined,
	...about,
});

/** The time of each attempt, and the outcome: a code, or `done`. */
interface Course {
	attemptsMs: number[];
	end: string;
	endedMs: number;
}

/** Fails as listed, then succeeds. */
async function course(
	failures: Array<[FailureCode, FailureFacts?]>,
	about: Partial<Patience> = {},
	pacer = createPacer(),
): Promise<Course> {
	const attemptsMs: number[] = [];
	const left = [...failures];
	const allowed = patience(about);
	const running = retrying(allowed, pacer, resendPolicy(allowed), async () => {
		attemptsMs.push(Date.now());
		const next = left.shift();
		if (next) throw new Failure(next[0], 'It failed.', next[1]);
	}).then(
		() => 'done',
		(thrown: Failure) => thrown.code,
	);
	const ended = running.then((end) => ({ attemptsMs, end, endedMs: Date.now() }));
	await jest.runAllTimersAsync();
	return await ended;
}

const ALL_CODES: FailureCode[] = [
	'invalid_input',
	'invalid_credentials',
	'not_permitted',
	'insufficient_credits',
	'rejected',
	'rate_limited',
	'unavailable',
	'ambiguous',
	'job_failed',
	'timed_out',
	'bad_audio',
	'cancelled',
];

describe('what is sent again', () => {
	test.each(ALL_CODES.map((code) => [code, ['rate_limited', 'unavailable'].includes(code)] as const))(
		'%s: %s',
		async (code, isResent) => {
			const { attemptsMs, end } = await course([[code]]);

			expect(attemptsMs).toHaveLength(isResent ? 2 : 1);
			expect(end).toBe(isResent ? 'done' : code);
		},
	);

	test('as often as the user allows, and then it fails', async () => {
		const { attemptsMs, end } = await course(Array(9).fill(['unavailable']), { maxRetries: 2 });

		expect(attemptsMs).toHaveLength(3);
		expect(end).toBe('unavailable');
	});

	test('as often also while others pass: only a rate limit is no attempt in vain then', async () => {
		const pacer = createPacer();
		const passing = setInterval(() => pacer.ease(), 10);
		setTimeout(() => clearInterval(passing), 60_000);

		const refused = await course(Array(9).fill(['unavailable']), { maxRetries: 2 }, pacer);

		expect(refused.attemptsMs).toHaveLength(3);
	});

	test('a rate limit, for as long as others pass', async () => {
		const pacer = createPacer();
		const passing = setInterval(() => pacer.ease(), 10);
		setTimeout(() => clearInterval(passing), 120_000);

		const { end } = await course(Array(9).fill(['rate_limited']), { maxRetries: 2 }, pacer);

		expect(end).toBe('done');
	});

	test('nothing that is not a failure of ours', async () => {
		const attempt = jest.fn().mockRejectedValue(new TypeError('A defect.'));
		await expect(retrying(patience(), createPacer(), resendPolicy(patience()), attempt)).rejects.toThrow(
			TypeError,
		);
		expect(attempt).toHaveBeenCalledTimes(1);
	});
});

describe('how long the waits are', () => {
	const waits = ({ attemptsMs }: Course) =>
		attemptsMs.slice(1).map((at, index) => at - (attemptsMs[index] as number));

	test.each([
		[0, 0.75],
		[0.999_999, 1.25],
	])('they double from half a second, with a jitter of a quarter (random %d)', async (random, factor) => {
		jest.spyOn(Math, 'random').mockReturnValue(random);

		const seen = waits(await course(Array(8).fill(['unavailable']), { maxRetries: 8 }));

		const nominal = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
		seen.forEach((wait, index) => expect(wait / ((nominal[index] as number) * factor)).toBeCloseTo(1, 2));
		jest.restoreAllMocks();
	});

	test.each(['rate_limited', 'unavailable'] as const)('Retry-After of %s is waited for', async (code) => {
		const [wait] = waits(await course([[code, { retryAfterSeconds: 7 }]]));

		expect(wait).toBeGreaterThanOrEqual(7_000);
		expect(wait).toBeLessThanOrEqual(7_100);
	});

	test('a Retry-After of nothing, or one that has passed, is no reason to come back at once', async () => {
		const seen = waits(await course(Array(3).fill(['rate_limited', { retryAfterSeconds: 0 }])));

		[375, 750, 1_500].forEach((least, index) => expect(seen[index]).toBeGreaterThanOrEqual(least));
	});

	test('a wait that outlasts the time of the item is not begun', async () => {
		const { attemptsMs, endedMs, end } = await course([['rate_limited', { retryAfterSeconds: 60 }]], {
			deadline: 59_000,
		});

		expect({ attempts: attemptsMs.length, endedMs, end }).toEqual({
			attempts: 1,
			endedMs: 0,
			end: 'rate_limited',
		});
	});
});

describe('the pause that a rate limit imposes', () => {
	test('is one for all items of the run', async () => {
		const pacer = createPacer();
		const [limited, other] = await Promise.all([
			course([['rate_limited', { retryAfterSeconds: 5 }]], {}, pacer),
			pause(10, undefined).then(async () => await course([], {}, pacer)),
		]);

		expect(limited.attemptsMs[1]).toBeGreaterThanOrEqual(5_000);
		expect(other.attemptsMs[0]).toBeGreaterThanOrEqual(5_000);
	});

	test('holds the others too when the item that met it has no attempt left', async () => {
		const pacer = createPacer();
		await course([['rate_limited', { retryAfterSeconds: 5 }]], { maxRetries: 0 }, pacer);

		expect((await course([], {}, pacer)).attemptsMs[0]).toBeGreaterThanOrEqual(5_000);
	});

	test('is the longer of two', async () => {
		const pacer = createPacer();
		const turn = await pacer.ready(patience());
		pacer.hold(5_000, turn);
		pacer.hold(1_000, turn);

		expect((await course([], {}, pacer)).attemptsMs).toEqual([5_000]);
	});

	test('goes on for who waits already when a second one is imposed', async () => {
		const pacer = createPacer();
		const turn = await pacer.ready(patience());
		pacer.hold(5_000, turn);
		setTimeout(() => pacer.hold(5_000, turn), 4_000);

		expect((await course([], {}, pacer)).attemptsMs).toEqual([9_000]);
	});

	test('is not waited for by an item whose time ends before: it is refused at once, and nothing is sent', async () => {
		const pacer = createPacer();
		pacer.hold(60_000, await pacer.ready(patience()));

		expect(await course([], { deadline: 59_000 }, pacer)).toEqual({
			attemptsMs: [],
			end: 'timed_out',
			endedMs: 0,
		});
	});

	test('is not waited for longer than the time of an item, behind others that have more of it', async () => {
		const pacer = createPacer();
		const turn = await pacer.ready(patience());
		pacer.hold(5_000, turn);
		const ahead = course([], {}, pacer);
		setTimeout(() => pacer.hold(60_000, turn), 1_000);

		const behind = await course([], { deadline: 10_000 }, pacer);

		expect(behind).toEqual({ attemptsMs: [], end: 'timed_out', endedMs: 10_000 });
		expect((await course([], {}, pacer)).attemptsMs[0]).toBeGreaterThanOrEqual(61_000);
		expect((await ahead).attemptsMs).toEqual([61_000]);
	});

	test('keeps the order of those who wait, also when one of them leaves', async () => {
		const pacer = createPacer();
		pacer.hold(5_000, await pacer.ready(patience()));
		const order: string[] = [];
		const wait = async (name: string, about: Partial<Patience>) =>
			await pacer.ready(patience(about)).then(
				() => order.push(name),
				() => order.push(`${name} left`),
			);
		const leaving = new AbortController();
		const all = [
			wait('first', {}),
			wait('second', { signal: leaving.signal }),
			wait('third', {}),
			wait('fourth', {}),
		];
		setTimeout(() => leaving.abort(), 1_000);
		await jest.runAllTimersAsync();
		await Promise.all(all);

		expect(order).toEqual(['second left', 'first', 'third', 'fourth']);
	});

	test('ends when the execution is stopped', async () => {
		const pacer = createPacer();
		pacer.hold(60_000, await pacer.ready(patience()));
		const stopping = new AbortController();
		setTimeout(() => stopping.abort(), 1_000);

		expect(await course([], { signal: stopping.signal }, pacer)).toEqual({
			attemptsMs: [],
			end: 'cancelled',
			endedMs: 1_000,
		});
	});
});

describe('the pacers of one provider', () => {
	test('keep one pause', async () => {
		const hold = { until: 0 };
		const [costly, free] = [createPacer(hold), createPacer(hold)];
		costly.hold(5_000, await costly.ready(patience()));

		expect((await course([], {}, free)).attemptsMs).toEqual([5_000]);
	});

	test('may do without one that another met and that there is no time for, where nothing is spent', async () => {
		const hold = { until: 0 };
		const [costly, free] = [createPacer(hold), createPacer(hold, true)];
		costly.hold(3_600_000, await costly.ready(patience()));

		expect((await course([], {}, free)).attemptsMs).toEqual([0]);
		expect((await course([], {}, costly)).end).toBe('timed_out');
	});

	test('who keeps a pause does not keep up who has no time for it', async () => {
		const hold = { until: 0 };
		const [costly, free] = [createPacer(hold), createPacer(hold, true)];
		costly.hold(900_000, await costly.ready(patience()));

		const [patient, hurried] = await Promise.all([
			course([], { deadline: 6_000_000 }, free),
			course([], { deadline: 600_000 }, free),
		]);

		expect(patient.attemptsMs).toEqual([900_000]);
		expect(hurried.attemptsMs).toEqual([0]);
	});

	test('give up on a pause that grows beyond the time while it is kept', async () => {
		const hold = { until: 0 };
		const [costly, free] = [createPacer(hold), createPacer(hold, true)];
		costly.hold(10_000, await costly.ready(patience()));
		const turn = { ordinal: 1, at: 0, isCatchingUp: false, heldUntil: 0, idleMs: 0 };
		setTimeout(() => free.hold(3_600_000, turn), 1_000);

		expect(await course([], { deadline: 60_000 }, free)).toEqual({
			attemptsMs: [],
			end: 'timed_out',
			endedMs: 10_000,
		});
	});

	test('spend nothing during a pause that there is no time for, whichever met it', async () => {
		const hold = { until: 0 };
		const [costly, free] = [createPacer(hold), createPacer(hold, true)];
		free.hold(3_600_000, await free.ready(patience()));

		expect(await course([], {}, costly)).toMatchObject({ attemptsMs: [], end: 'timed_out' });
		expect((await course([], {}, free)).end).toBe('timed_out');
	});
});

test('a request that is called off while it waits is not sent', async () => {
	const pacer = createPacer();
	pacer.hold(5_000, await pacer.ready(patience()));
	let reason: Failure | null = null;
	setTimeout(() => (reason = new Failure('insufficient_credits', 'None left.')), 1_000);

	expect(await course([], { calledOff: () => reason }, pacer)).toMatchObject({
		attemptsMs: [],
		end: 'insufficient_credits',
	});
});

test('what was refused, and then had no more time to wait for its turn, fails by the refusal', async () => {
	const pacer = createPacer();
	const turn = await pacer.ready(patience());
	setTimeout(() => pacer.hold(60_000, turn), 1_000);

	const { attemptsMs, end } = await course(
		[['rate_limited', { retryAfterSeconds: 5 }]],
		{ deadline: 30_000 },
		pacer,
	);

	expect(attemptsMs).toHaveLength(1);
	expect(end).toBe('rate_limited');
});

test('nothing is sent once the execution is stopped', async () => {
	expect(await course([], { signal: AbortSignal.abort() })).toMatchObject({
		attemptsMs: [],
		end: 'cancelled',
	});
});
