import { setTimeout as sleep } from 'node:timers/promises';

import type { JobSummary } from '../sandbox/core/types.mts';
import type { Benchmark, Extent } from './benchmark.mts';
import { triggeredWorkflow, triggerUrl } from './queueWays.mts';
import type { Stage } from './stage.mts';
import { speechJob, type Subject } from './subjects.mts';
import { withSpread } from './statistics.mts';

/**
 * The first and last job duration; jobs are spread evenly between them and end anywhere between two
 * polls.
 */
interface Batch {
	jobs: number;
	seconds: [least: number, most: number];
}

/** 20 s on average. */
const ALIKE: Record<Extent, Batch[]> = {
	whole: [{ jobs: 50, seconds: [17.5, 22.5] }],
	smoke: [{ jobs: 4, seconds: [0.3, 0.5] }],
};
/** The provider starts a machine first, so earlier jobs do not predict the later ones. */
const COLD_START: Record<Extent, Batch[]> = {
	whole: [
		{ jobs: 10, seconds: [37.5, 42.5] },
		{ jobs: 20, seconds: [7.5, 12.5] },
	],
	smoke: [{ jobs: 2, seconds: [0.3, 0.5] }],
};
const POLL_SECONDS: Record<Extent, number> = { whole: 5, smoke: 0.1 };
const CONCURRENCY = 10;
/** Its multiples lie evenly between whole numbers, and each far from the one before. */
const GOLDEN_SHARE = 0.618_034;
const CALLED_BACK_SECONDS = 30;

/** The results of the jobs of one run, on average. */
interface Run {
	/** From the end of a job until n8n had its result. */
	secondsLate: number;
	/** Polls per job. */
	questions: number;
}

const generate = (completion: 'wait' | 'submit', options: Record<string, unknown>): Subject =>
	speechJob({ completion, options: { concurrency: CONCURRENCY, ...options } });

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const secondsBetween = (from: number | string | null, to: number | string | null) =>
	(new Date(to ?? NaN).getTime() - new Date(from ?? NaN).getTime()) / 1000;

const jobsIn = (batches: readonly Batch[]) => batches.reduce((sum, { jobs: count }) => sum + count, 0);

/** A shuffled order, so that the jobs submitted first are not the shortest. */
function setDurations({ sandbox }: Stage, batches: readonly Batch[]): void {
	sandbox.reset();
	sandbox.configure({ audioSizeBytes: 24_000 });
	for (const {
		jobs: count,
		seconds: [least, most],
	} of batches) {
		for (let index = 0; index < count; index += 1) {
			const seconds = least + (most - least) * ((index * GOLDEN_SHARE) % 1);
			sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', job: { seconds }, times: 1 });
		}
	}
}

/** The node waits for the job; the result arrives with its file. */
async function byPolling(stage: Stage, batches: readonly Batch[], intervalSeconds: number): Promise<Run> {
	setDurations(stage, batches);
	const { sandbox } = stage;
	await stage.measure(generate('wait', { pollInterval: intervalSeconds }), jobsIn(batches));
	const files = sandbox.requests({ provider: 'media', operation: 'media.get' });
	const late = sandbox.jobs().map(({ id, endedAt }) => {
		const file = files.find(({ path }) => path.includes(id));
		return secondsBetween(endedAt, new Date(file?.time ?? NaN).getTime() + (file?.durationMs ?? NaN));
	});
	const questions = sandbox.requests({ provider: 'pixazo', operation: 'job.get' }).length;
	return { secondsLate: mean(late), questions: questions / jobsIn(batches) };
}

/** The results of a poller with a fixed interval for the same jobs, if polls took no time. */
function everyInterval(jobs: readonly JobSummary[], intervalSeconds: number): Run {
	const questions = jobs.map(({ submittedAt, endedAt }) =>
		Math.ceil(secondsBetween(submittedAt, endedAt) / intervalSeconds),
	);
	const late = jobs.map(
		({ submittedAt, endedAt }, index) =>
			(questions[index] ?? NaN) * intervalSeconds - secondsBetween(submittedAt, endedAt),
	);
	return { secondsLate: mean(late), questions: mean(questions) };
}

/** The provider calls the trigger, which starts its workflow. */
async function byCallback(stage: Stage, batches: readonly Batch[], triggered: { id: string }): Promise<Run> {
	const { sandbox } = stage;
	const n8n = stage.currentN8n();
	const before = (await n8n.executionsOf(triggered.id)).length;
	const count = jobsIn(batches);
	setDurations(stage, batches);
	await stage.measure(generate('submit', { callbackUrl: triggerUrl(n8n.url) }), count);
	const longestSeconds = Math.max(...batches.map(({ seconds }) => seconds[1]));
	const deadline = Date.now() + (longestSeconds + CALLED_BACK_SECONDS) * 1000;
	let started = await n8n.executionsOf(triggered.id);
	while (started.length < before + count) {
		if (Date.now() > deadline) throw new Error(`Only ${started.length - before} executions were started.`);
		await sleep(500);
		started = await n8n.executionsOf(triggered.id);
	}
	const calls = new Map(sandbox.callbacks().map(({ jobId, time }) => [jobId, time]));
	const late: number[] = [];
	for (const { id } of started.slice(0, count)) await n8n.finished(id);
	started = await n8n.executionsOf(triggered.id);
	for (const { id, startedAt } of started.slice(0, count)) {
		const { runData } = await n8n.execution(id);
		const [item] = runData['Pixazo Trigger']?.[0]?.data?.main[0] ?? [];
		const jobId = (item?.json.job as { id: string }).id;
		late.push(secondsBetween(calls.get(jobId) ?? null, startedAt));
	}
	const questions = sandbox.requests({ provider: 'pixazo', operation: 'job.get' }).length;
	return { secondsLate: mean(late), questions: questions / jobsIn(batches) };
}

export const jobs: Benchmark = {
	name: 'jobs',
	title: 'Waiting for jobs',
	async run(stage, runs, extent) {
		const n8n = stage.currentN8n();
		const triggered = await n8n.createWorkflow(
			triggeredWorkflow({ pixazoApi: { id: 'demo-pixazo', name: 'pixazo' } }),
		);
		await n8n.activate(triggered);
		const interval = POLL_SECONDS[extent];
		const [alike, coldStart] = [ALIKE[extent], COLD_START[extent]];
		const polled = [
			{ batches: alike, suffix: '' },
			{ batches: coldStart, suffix: ', after a cold start' },
		].map(({ batches, suffix }) => ({ batches, suffix, fixed: [] as Run[] }));
		const ways = [
			...polled.map(({ batches, suffix, fixed }) => ({
				label: `This package, Poll Interval ${interval} s${suffix}`,
				measure: async () => {
					const found = await byPolling(stage, batches, interval);
					fixed.push(everyInterval(stage.sandbox.jobs(), interval));
					return found;
				},
			})),
			{
				label: 'This package, Callback URL and Pixazo Trigger',
				measure: () => byCallback(stage, alike, triggered),
			},
		];
		const measured = await stage.inTurn(runs, ways);
		const rows = [
			...ways.map(({ label }, index) => ({ label, found: measured[index] ?? [], isOurs: true })),
			...polled.map(({ suffix, fixed }) => ({
				label: `Asking every ${interval} s${suffix} (computed for the same jobs)`,
				found: fixed,
				isOurs: false,
			})),
		];
		const span = ({ jobs: count, seconds: [least, most] }: Batch) =>
			`${count} that take ${least} to ${most} s`;
		return {
			method: `Pixazo jobs, ${CONCURRENCY} at a time: ${alike.map(span).join(', ')}; after a cold start ${coldStart.map(span).join(', then ')}. By polling, a job is done for n8n when its file is there; by callback, when the triggered workflow starts, which is after the trigger has asked Pixazo whether it is true. Means of all jobs of a run.`,
			columns: ['Way', 'Seconds after the end of the job', 'Questions per job'],
			rows: rows.map(({ label, found }) => [
				label,
				withSpread(
					found.map(({ secondsLate }) => secondsLate),
					2,
				),
				withSpread(
					found.map(({ questions }) => questions),
					1,
				),
			]),
			plot: {
				title: 'Seconds after the end of the job',
				bars: rows.map(({ label, isOurs, found }) => ({
					label,
					isOurs,
					values: found.map(({ secondsLate }) => secondsLate),
				})),
			},
		};
	},
};
