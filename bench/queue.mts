import { setTimeout as sleep } from 'node:timers/promises';

import type { Execution } from '../sandbox/n8n/types.mts';
import { chain, eachOf } from '../sandbox/n8n/workflow.mts';
import type { Benchmark } from './benchmark.mts';
import {
	acceptedJobs,
	executionsWithData,
	hasEnded,
	jobsWithAudio,
	namedIn,
	type Account,
} from './queueAccount.mts';
import { JOB_SECONDS, LATENCY_MS, WORKER_CONCURRENCY, type QueueStage } from './queueStage.mts';
import {
	burstWorkflow,
	collect,
	triggeredWorkflow,
	triggerUrl,
	WAYS,
	type Surroundings,
	type Way,
} from './queueWays.mts';

const EXECUTIONS = 200;
/** The worker is killed when this many jobs have been accepted. */
const JOBS_AT_KILL = EXECUTIONS / 2;
const EVENTS_AT_ONCE = 20;
/** n8n takes minutes to notice that a worker is gone. */
const DEADLINE_MS = 10 * 60_000;
/** The sandbox's timeout for the answer to a callback, plus a margin. */
const CALLBACK_ANSWERED_MS = 6_000;

interface Scene extends Surroundings {
	stage: QueueStage;
	triggeredId: string;
	/** All rows of the data table, as text. */
	dataTable(): Promise<string>;
}

interface Burst {
	statuses: Map<string, number>;
	/**
	 * From the worker's death until n8n gave up the last execution that died with it; not finite
	 * when there was none.
	 */
	noticedSeconds: number;
	account: Account;
	/** The places in which the IDs of the collected jobs were found. */
	sources: Map<string, number>;
}

async function setScene(stage: QueueStage): Promise<Scene> {
	const { main, credentials } = stage;
	const { id: projectId } = await main.rest<{ id: string }>('GET', '/rest/projects/personal');
	const tables = `/rest/projects/${projectId}/data-tables`;
	const table = await main.rest<{ id: string }>('POST', tables, {
		name: 'Jobs',
		columns: [{ name: 'jobId', type: 'string' }],
	});
	const triggered = await main.createWorkflow(triggeredWorkflow(credentials));
	await main.activate(triggered);
	return {
		stage,
		credentials,
		callbackUrl: triggerUrl(main.url),
		dataTableId: table.id,
		triggeredId: triggered.id,
		dataTable: async () => JSON.stringify(await main.rest('GET', `${tables}/${table.id}/download-csv`)),
	};
}

async function until(what: string, isSo: () => Promise<boolean> | boolean, pollMs: number): Promise<void> {
	const deadline = Date.now() + DEADLINE_MS;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
		await sleep(pollMs);
	}
}

/** Sends all events, and kills a worker while their executions run. */
async function runBurst(scene: Scene, way: Way, say: (text: string) => void): Promise<Burst> {
	const { stage } = scene;
	const { sandbox, main } = stage;
	const victim = await stage.victim();
	sandbox.reset();
	sandbox.configure({ latencyMs: LATENCY_MS, jobSeconds: JOB_SECONDS });
	const workflow = await main.createWorkflow(burstWorkflow(way, scene));
	await main.activate(workflow);

	const numbers = Array.from({ length: EXECUTIONS }, (_, index) => index + 1);
	const events = Array.from({ length: EVENTS_AT_ONCE }, async () => {
		for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
			await main.callWebhook(way.path, { number });
		}
	});
	await until('half of the jobs are accepted', () => acceptedJobs(sandbox).length >= JOBS_AT_KILL, 5);
	await victim.kill();
	const killedAt = Date.now();
	await Promise.all(events);

	await until(
		'every execution has ended',
		async () => {
			const all = await main.executionsOf(workflow.id);
			say(`a worker is dead, ${all.filter(hasEnded).length} of ${EXECUTIONS} executions have ended`);
			return all.length === EXECUTIONS && all.every(hasEnded);
		},
		1_000,
	);
	const given = (await main.executionsOf(workflow.id)).filter(({ status }) => status !== 'success');
	const noticedAt = Math.max(...given.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')));
	await untilCalledBack(scene);

	const executions = await executionsWithData(main, workflow.id);
	const triggered = await executionsWithData(main, scene.triggeredId);
	const statuses = new Map<string, number>();
	for (const { status } of executions) statuses.set(status, (statuses.get(status) ?? 0) + 1);
	return {
		statuses,
		noticedSeconds: (noticedAt - killedAt) / 1000,
		...(await accountFor(scene, executions, triggered)),
	};
}

/** Pixazo repeats a callback that was not accepted; with the sandbox, the caller must repeat it. */
async function untilCalledBack({ stage, triggeredId }: Scene): Promise<void> {
	const { sandbox, main } = stage;
	const taken = new Set<string>();
	await until(
		'every callback is taken, and what it has started has ended',
		async () => {
			const calls = sandbox.callbacks();
			for (const { status, jobId } of calls) if (status === 200) taken.add(jobId);
			const due = calls.filter(
				({ jobId, time }) => !taken.has(jobId) && Date.now() - Date.parse(time) > CALLBACK_ANSWERED_MS,
			);
			for (const { url, body, jobId } of due) {
				const headers = { 'content-type': 'application/json' };
				const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
				if (status === 200) taken.add(jobId);
			}
			const isTaken = calls.every(({ jobId }) => taken.has(jobId));
			return isTaken && (await main.executionsOf(triggeredId)).every(hasEnded);
		},
		1_000,
	);
}

async function accountFor(
	scene: Scene,
	executions: Execution[],
	triggered: Execution[],
): Promise<Pick<Burst, 'account' | 'sources'>> {
	const { stage } = scene;
	const accepted = acceptedJobs(stage.sandbox);
	const jobs = accepted.map(({ jobId }) => jobId as string);
	const texts = new Set(accepted.map(({ body }) => (body as { script: string }).script));
	const audio = await jobsWithAudio(stage.main, [...executions, ...triggered]);
	const inExecution = jobs.filter((id) => audio.has(id));
	const missing = jobs.filter((id) => !audio.has(id));

	const places: Array<[where: string, text: string]> = [
		["the execution's data", JSON.stringify(executions.map(({ runData }) => runData))],
		['the data table', await scene.dataTable()],
		["the worker's log", stage.workerLog()],
	];
	const sources = new Map<string, number>();
	const known: string[] = [];
	for (const [where, text] of places) {
		const found = namedIn(text, missing).filter((id) => !known.includes(id));
		if (found.length > 0) sources.set(where, found.length);
		known.push(...found);
	}
	const collected = await collectById(scene, known);
	const found = new Set([...inExecution, ...collected]);
	return {
		sources,
		account: {
			jobs,
			inExecution,
			collected,
			lost: jobs.filter((id) => !found.has(id)),
			paidTwice: jobs.length - texts.size,
			neverSent: EXECUTIONS - texts.size,
		},
	};
}

async function collectById({ stage, credentials }: Scene, jobIds: string[]): Promise<string[]> {
	if (jobIds.length === 0) return [];
	const workflow = chain('Collect', [...eachOf(jobIds), collect(credentials, '={{ $json.value }}')]);
	const { id } = await stage.main.createWorkflow(workflow);
	const audio = await jobsWithAudio(stage.main, [await stage.main.runWorkflow(id)]);
	return jobIds.filter((jobId) => audio.has(jobId));
}

function rowOf({ label }: Way, { statuses, noticedSeconds, account, sources }: Burst): string[] {
	const others = [...statuses].filter(([status]) => status !== 'success');
	const from = [...sources].map(([where, count]) => `${count} in ${where}`).join(', ');
	return [
		label,
		String(statuses.get('success') ?? 0),
		others.map(([status, count]) => `${count} ${status}`).join(', ') || '0',
		Number.isFinite(noticedSeconds) ? noticedSeconds.toFixed(0) : '–',
		String(account.jobs.length),
		String(account.inExecution.length),
		`${account.collected.length}${from && ` (${from})`}`,
		String(account.lost.length),
		String(account.paidTwice),
		String(account.neverSent),
	];
}

export const queue: Benchmark<QueueStage> = {
	name: 'queue',
	title: 'Two workers, one of them killed',
	usualRuns: 1,
	async run(stage, runs) {
		const scene = await setScene(stage);
		const rows: string[][] = [];
		for (let run = 1; run <= runs; run += 1) {
			for (const way of WAYS) {
				const burst = await stage.progress.step(`${way.label}, run ${run} of ${runs}`, ({ say }) =>
					runBurst(scene, way, say),
				);
				const [label = '', ...cells] = rowOf(way, burst);
				rows.push([runs > 1 ? `${label}, run ${run}` : label, ...cells]);
			}
		}
		return {
			method: `n8n in queue mode: Redis, PostgreSQL, a main and two workers of concurrency ${WORKER_CONCURRENCY}, with n8n's own settings for queues. ${EXECUTIONS} webhook calls start ${EXECUTIONS} executions, each of which has Pixazo narrate one text; an answer is on its way for ${LATENCY_MS} ms, and a job takes ${JOB_SECONDS} s. When Pixazo has accepted ${JOBS_AT_KILL} jobs, one worker is ended with SIGKILL. Afterwards every job that was accepted is looked for: in the output of executions that ended well, those of the trigger among them; then by its ID, with Job: Get, where the ID can be found. Binary data is in the database.`,
			columns: [
				'What the workflow does',
				'Executions that ended well',
				'Others',
				'Seconds until n8n gave up the last of these',
				'Jobs accepted',
				'Audio in an execution',
				'Audio collected by job ID',
				'Jobs lost',
				'Jobs paid twice',
				'Texts never sent',
			],
			rows,
		};
	},
};
