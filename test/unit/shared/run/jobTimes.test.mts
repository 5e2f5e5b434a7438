import fc from 'fast-check';

import { createJobTimes, nextQuestion } from '../../../../nodes/shared/run/jobTimes';

const INTERVAL_MS = 5_000;

/** The times of the polls for a job that ends at `endMs`, in milliseconds since its submission. */
function questionsFor(endMs: number, earliestEnd: number): number[] {
	const asked: number[] = [];
	while ((asked.at(-1) ?? -1) < endMs) {
		const state = { questions: asked.length, lastQuestion: asked.at(-1) ?? 0 };
		asked.push(nextQuestion(state, INTERVAL_MS, earliestEnd));
	}
	return asked;
}

/** The delay between end and discovery for jobs that are submitted one after the other. */
function secondsLate(endsMs: number[]): number[] {
	const times = createJobTimes();
	return endsMs.map((endMs) => {
		const time = times.begin(100);
		const asked = questionsFor(endMs, time.earliestEnd());
		const doneAt = asked.at(-1) as number;
		time.noteEnd(doneAt);
		return (doneAt - endMs) / 1_000;
	});
}

describe('when a job is asked for', () => {
	test('every interval, as long as none of the run has ended', () => {
		expect(questionsFor(18_000, 0)).toEqual([5_000, 10_000, 15_000, 20_000]);
	});

	test('seldom before the time that others took, and often from then on', () => {
		expect(questionsFor(20_500, 20_000)).toEqual([18_750, 20_000, 21_250]);
	});

	test('every interval again when it takes much longer than the others', () => {
		const asked = questionsFor(60_000, 10_000);
		expect(asked.slice(-4)).toEqual([45_000, 50_000, 55_000, 60_000]);
	});

	test('every fourth interval until then where the others took long', () => {
		expect(questionsFor(120_000, 100_000).slice(0, 6)).toEqual([
			20_000, 40_000, 60_000, 80_000, 98_750, 100_000,
		]);
	});

	test('sooner and sooner where jobs are quicker than the interval', () => {
		expect(secondsLate(Array(6).fill(1_000))).toEqual([4, 4, 2.75, 1.5, 0.25, 0.25]);
	});

	test('every interval until one has ended that was submitted after the first had: these may have had to wait', () => {
		expect(secondsLate([120_000, 9_000, 9_000, 9_000, 9_000])).toEqual([0, 1, 1, 1, 1]);
	});

	test('at most four intervals late, where several were far slower', () => {
		expect(secondsLate([120_000, 120_000, 10_000, 10_000, 10_000])).toEqual([0, 0, 10, 8.75, 7.5]);
	});

	test('never more often than every interval would have taken, but for one question where jobs are quick', () => {
		const milliseconds = fc.integer({ min: 1, max: 600_000 });
		fc.assert(
			fc.property(milliseconds, fc.integer({ min: 0, max: 600_000 }), (endMs, earliestEnd) => {
				const everyInterval = Math.ceil(endMs / INTERVAL_MS);
				const isQuick = earliestEnd > 0 && earliestEnd < 1.25 * INTERVAL_MS;
				const asked = questionsFor(endMs, earliestEnd).length;
				expect(asked).toBeLessThanOrEqual(everyInterval + (isQuick ? 1 : 0));
			}),
			{ numRuns: 10_000 },
		);
	});

	test('always later than before', () => {
		const state = fc.record({
			questions: fc.integer({ min: 1, max: 100 }),
			lastQuestion: fc.integer({ min: 1, max: 600_000 }),
		});
		fc.assert(
			fc.property(state, fc.integer({ min: 0, max: 600_000 }), (polling, earliestEnd) => {
				expect(nextQuestion(polling, INTERVAL_MS, earliestEnd)).toBeGreaterThan(polling.lastQuestion);
			}),
			{ numRuns: 10_000 },
		);
	});
});

test('a short text is expected no later than its share of a longer one, a long one no sooner than the quickest job', () => {
	const times = createJobTimes();
	times.begin(1_000).noteEnd(60_000);
	expect(times.begin(100).earliestEnd()).toBe(0);
	times.begin(1_000).noteEnd(60_000);
	expect(times.begin(100).earliestEnd()).toBe(6_000);
	expect(times.begin(5_000).earliestEnd()).toBe(60_000);
});
