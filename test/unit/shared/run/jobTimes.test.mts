import fc from 'fast-check';

import { createJobTimes, nextQuestion } from '../../../../nodes/shared/run/jobTimes';

const INTERVAL_MS = 5_000;

/** The times at which a job that ends at `endMs` is asked for, in milliseconds since it was submitted. */
function questionsFor(endMs: number, earliestEnd: number): number[] {
	const asked: number[] = [];
	while ((asked.at(-1) ?? -1) < endMs) {
		const state = { questions: asked.length, lastQuestion: asked.at(-1) ?? 0 };
		asked.push(nextQuestion(state, INTERVAL_MS, earliestEnd));
	}
	return asked;
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

	test('sooner and sooner where jobs are quicker than the interval', () => {
		const times = createJobTimes();
		const found: number[] = [];
		for (let job = 0; job < 5; job += 1) {
			const end = questionsFor(1_000, times.earliestEnd(100)).at(-1) as number;
			times.noteEnd(100, 0, end);
			found.push(end);
		}
		expect(found).toEqual([5_000, 1_250, 1_250, 1_250, 1_250]);
	});

	test('halfway too where the others took long', () => {
		expect(questionsFor(120_000, 100_000).slice(0, 3)).toEqual([50_000, 98_750, 100_000]);
	});

	test('in good time again, two jobs after one that was far slower than the others', () => {
		const times = createJobTimes();
		const late: number[] = [];
		for (const endMs of [120_000, ...Array(10).fill(10_000)]) {
			const asked = questionsFor(endMs, times.earliestEnd(100));
			const [unfinishedAt = 0, doneAt = 0] = [0, ...asked].slice(-2);
			times.noteEnd(100, unfinishedAt, doneAt);
			late.push(doneAt - endMs);
		}
		expect(late.slice(0, 5)).toEqual([0, 48_750, 18_125, 2_812.5, 0]);
		expect(late.slice(5).every((milliseconds) => milliseconds <= INTERVAL_MS / 2)).toBe(true);
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
	expect(times.earliestEnd(100)).toBe(0);
	times.noteEnd(1_000, 58_000, 62_000);
	expect(times.earliestEnd(100)).toBe(6_000);
	expect(times.earliestEnd(5_000)).toBe(60_000);
});
