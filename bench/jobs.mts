import { setTimeout as sleep } from 'node:timers/promises';

import type { JobSummary } from '../sandbox/core/types.mts';
import type { Benchmark, Extent } from './benchmark.mts';
import { triggeredWorkflow, triggerUrl } from './queueWays.mts';
import type { Stage } from './stage.mts';
import { speechJob, type Subject } from './subjects.mts';
import { withSpread } from './statistics.mts';

const JOBS: Record<Extent, number> = { whole: 50, smoke: 4 };
/** Jobs end evenly spread from the one to the other: 20 s on average, anywhere between two questions. */
const JOB_SECONDS: Record<Extent, [number, number]> = { whole: [17.5, 22.5], smoke: [0.3, 0.5] };
const POLL_SECONDS: Record<Extent, number> = { whole: 5, smoke: 0.1 };
const CONCURRENCY = 10;
/** Its multiples lie evenly between whole numbers, and each far from the one before. */
const GOLDEN_SHARE = 0.618_034;
const CALLED_BACK_SECONDS = 30;

/** What became of the jobs of one run, on average. */
interface Run {
	/** From the end of a job until n8n had what came of it. */
	secondsLate: number;
	/** Questions to the provider, per job. */
	questions: number;
}

const generate = (completion: 'wait' | 'submit', options: Record<string, unknown>): Subject =>
	speechJob({ completion, options: { concurrency: CONCURRENCY, ...options } });

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const secondsBetween = (from: number | string | null, to: number | string | null) =>
	(new Date(to ?? NaN).getTime() - new Date(from ?? NaN).getTime()) / 1000;

/** In another order than that in which they are submitted, so that the first to come are not the quickest. */
function setDurations({ sandbox }: Stage, extent: Extent): void {
	const count = JOBS[extent];
	const [least, most] = JOB_SECONDS[extent];
	sandbox.reset();
	sandbox.configure({ audioSizeBytes: 24_000 });
	for (let index = 0; index < count; index += 1) {
		const share = (index * GOLDEN_SHARE) % 1;
		const seconds = least + (most - least) * share;
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', job: { seconds }, times: 1 });
	}
}

/** The node waits by itself, and has what came of a job when its file is there. */
async function byPolling(stage: Stage, extent: Extent): Promise<Run> {
	setDurations(stage, extent);
	const { sandbox } = stage;
	await stage.measure(generate('wait', { pollInterval: POLL_SECONDS[extent] }), JOBS[extent]);
	const files = sandbox.requests({ provider: 'media', operation: 'media.get' });
	const late = sandbox.jobs().map(({ id, endedAt }) => {
		const file = files.find(({ path }) => path.includes(id));
		return secondsBetween(endedAt, new Date(file?.time ?? NaN).getTime() + (file?.durationMs ?? NaN));
	});
	const questions = sandbox.requests({ provider: 'pixazo', operation: 'job.get' }).length;
	return { secondsLate: mean(late), questions: questions / JOBS[extent] };
}

/** What a poller that asks every so many seconds would have found of the same jobs, were asking free of time. */
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

/** The provider calls the trigger, whose workflow starts. */
async function byCallback(stage: Stage, extent: Extent, triggered: { id: string }): Promise<Run> {
	const { n8n, sandbox } = stage;
	const before = (await n8n.executionsOf(triggered.id)).length;
	setDurations(stage, extent);
	await stage.measure(generate('submit', { callbackUrl: triggerUrl(n8n.url) }), JOBS[extent]);
	const deadline = Date.now() + (JOB_SECONDS[extent][1] + CALLED_BACK_SECONDS) * 1000;
	let started = await n8n.executionsOf(triggered.id);
	while (started.length < before + JOBS[extent]) {
		if (Date.now() > deadline) throw new Error(`Only ${started.length - before} executions were started.`);
		await sleep(500);
		started = await n8n.executionsOf(triggered.id);
	}
	const calls = new Map(sandbox.callbacks().map(({ jobId, time }) => [jobId, time]));
	const late: number[] = [];
	for (const { id } of started.slice(0, JOBS[extent])) await n8n.finished(id);
	started = await n8n.executionsOf(triggered.id);
	for (const { id, startedAt } of started.slice(0, JOBS[extent])) {
		const { runData } = await n8n.execution(id);
		const [item] = runData['Pixazo Trigger']?.[0]?.data?.main[0] ?? [];
		const jobId = (item?.json.job as { id: string }).id;
		late.push(secondsBetween(calls.get(jobId) ?? null, startedAt));
	}
	const questions = sandbox.requests({ provider: 'pixazo', operation: 'job.get' }).length;
	return { secondsLate: mean(late), questions: questions / JOBS[extent] };
}

export const jobs: Benchmark = {
	name: 'jobs',
	title: 'Waiting for jobs',
	async run(stage, runs, extent) {
		const triggered = await stage.n8n.createWorkflow(
			triggeredWorkflow({ pixazoApi: { id: 'demo-pixazo', name: 'pixazo' } }),
		);
		await stage.n8n.activate(triggered);
		const interval = POLL_SECONDS[extent];
		const compared: Run[] = [];
		const ways = [
			{
				label: `This package, Poll Interval ${interval} s`,
				measure: async () => {
					const found = await byPolling(stage, extent);
					compared.push(everyInterval(stage.sandbox.jobs(), interval));
					return found;
				},
			},
			{
				label: 'This package, Callback URL and Pixazo Trigger',
				measure: () => byCallback(stage, extent, triggered),
			},
		];
		const measured = await stage.inTurn(runs, ways);
		const rows = [
			...ways.map(({ label }, index) => ({ label, found: measured[index] ?? [], isOurs: true })),
			{ label: `Asking every ${interval} s (computed for the same jobs)`, found: compared, isOurs: false },
		];
		const [least, most] = JOB_SECONDS[extent];
		return {
			method: `${JOBS[extent]} Pixazo jobs that take ${least} to ${most} s, ${CONCURRENCY} items at a time. By polling, a job is done for n8n when its file is there; by callback, when the triggered workflow starts, which is after the trigger has asked Pixazo whether it is true. Means of all jobs of a run.`,
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
