/** Pixazo's callbacks to a real n8n: to the trigger, and to n8n's own Wait node. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { CallbackEffect } from '../../sandbox/core/types.mts';
import { startN8n, type N8n } from '../../sandbox/n8n/instance.mts';
import type { Execution, Item, Workflow } from '../../sandbox/n8n/types.mts';
import { chain, eachOf, type NodeSketch } from '../../sandbox/n8n/workflow.mts';
import { workDirectory } from '../../sandbox/setup.mjs';
import { decode, liveliness } from './audio.mts';
import { START_TIMEOUT_MS, startEverything } from './n8n.mts';

const JOBS = 20;
const TRIGGER = 'Pixazo Trigger';
const WEBHOOK_ID = 'a7c1f0de-0000-4000-8000-00000000ca11';
const FORGED_ID = 'vibevoice_00000000-0000-7000-8000-00000000f0f0';
const DEADLINE_MS = 180_000;

const FOLDER = 'callbacks';

let everything: Awaited<ReturnType<typeof startEverything>>;
let n8n: N8n;

beforeAll(async () => {
	everything = await startEverything(FOLDER);
	({ n8n } = everything);
}, START_TIMEOUT_MS);

afterAll(async () => {
	await n8n?.stop();
	await everything?.stop();
}, 60_000);

async function restart(): Promise<void> {
	await n8n.stop();
	n8n = await startN8n({ userFolder: join(workDirectory, FOLDER) });
}

const CREDENTIALS = { pixazoApi: { id: 'demo-pixazo', name: 'Pixazo account' } };

const submit = (text: string, callbackUrl: string): NodeSketch => ({
	name: 'Submit',
	type: 'n8n-nodes-narration.pixazo',
	parameters: {
		resource: 'speech',
		operation: 'generate',
		model: { __rl: true, mode: 'list', value: 'vibevoice' },
		text,
		completion: 'submit',
		options: { callbackUrl },
	},
	credentials: CREDENTIALS,
});

const calledBack = chain('Called back', [
	{
		name: TRIGGER,
		type: 'n8n-nodes-narration.pixazoTrigger',
		parameters: {},
		credentials: CREDENTIALS,
		webhookId: WEBHOOK_ID,
	},
	{
		name: 'Note',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: {
			assignments: {
				assignments: [
					{
						id: 'ref',
						name: 'ref',
						type: 'string',
						value: `={{ $('${TRIGGER}').item.json.callback.query.ref }}`,
					},
				],
			},
		},
	},
]);

const triggerUrl = () => `${n8n.url}/webhook/${WEBHOOK_ID}/webhook`;

function submission(): Workflow {
	return chain('Submission', [
		...eachOf(Array.from({ length: JOBS }, (_, index) => index + 1)),
		submit(
			'=This is article number {{ $json.value }}, read aloud from its first word to its last.',
			`=${triggerUrl()}?ref=article-{{ $json.value }}&kind=news`,
		),
	]);
}

/** The address is registered shortly after the activation; until then n8n returns its own 404. */
async function untilListening(): Promise<void> {
	await until('the trigger listens', async () => (await call({})) === 400);
}

/** Calls the trigger as an unknown sender could, and returns the answer's status. */
async function call(body: unknown): Promise<number> {
	return await post(`${triggerUrl()}?ref=forged`, body);
}

async function post(url: string, body: unknown): Promise<number> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	await response.arrayBuffer();
	return response.status;
}

/**
 * Repeats a callback that was not answered with 2xx, as Pixazo does. The sandbox waits 5 seconds
 * for one answer, and a busy machine may need longer.
 */
async function repeatUnanswered(): Promise<void> {
	const calls = everything.sandbox.callbacks().filter(({ kind }) => kind === 'terminal');
	const taken = new Set(calls.filter(({ status }) => status === 200).map(({ jobId }) => jobId));
	const due = calls.filter(({ jobId, time }) => !taken.has(jobId) && Date.now() - Date.parse(time) > 6_000);
	for (const { url, body } of due) await post(url, body);
}

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
	const deadline = Date.now() + DEADLINE_MS;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
		await sleep(200);
	}
}

function outputOf(execution: Execution, node: string): Item[] {
	return execution.runData[node]?.at(-1)?.data?.main[0] ?? [];
}

const jobIdOf = ({ json }: Item): string => (json.job as { id: string }).id;

async function speechIn(item: Item): Promise<{ container: string; isSpeech: boolean }> {
	const bytes = await n8n.readBinary(item.binary!.data!);
	const audio = decode(bytes);
	const { loudness, timbre } = liveliness(audio);
	return {
		container: audio.container,
		isSpeech: audio.durationSeconds > 2 && loudness > 0.4 && timbre > 0.4,
	};
}

/**
 * The callback effects of the jobs, in turn. Jobs take different times, so that the callbacks
 * arrive in any order.
 */
const FATES: CallbackEffect[] = [
	{},
	{ deliveries: 2 },
	{ early: true },
	{ forged: true },
	{ lateMs: 700, deliveries: 2 },
	{ early: true, deliveries: 3 },
	{ forged: true, deliveries: 2 },
];

describe('20 jobs, submitted with the address of the trigger', () => {
	let submitted: Item[];
	let executions: Execution[];
	let workflowId: string;

	beforeAll(async () => {
		const { sandbox } = everything;
		sandbox.reset();
		for (let job = 0; job < JOBS; job += 1) {
			sandbox.scenario({
				provider: 'pixazo',
				operation: 'speech.generate',
				times: 1,
				callback: FATES[job % FATES.length]!,
				job: { seconds: 0.1 + ((job * 7) % JOBS) / 5 },
			});
		}
		const listening = await n8n.createWorkflow(calledBack);
		workflowId = listening.id;
		await n8n.activate(listening);
		await untilListening();

		const { id } = await n8n.createWorkflow(submission());
		const run = await n8n.runWorkflow(id);
		expect({ status: run.status, error: run.error }).toEqual({ status: 'success', error: undefined });
		submitted = outputOf(run, 'Submit');
		const expected = Array.from({ length: JOBS }, (_, job) => FATES[job % FATES.length]!).reduce(
			(sum, { deliveries = 1, forged }) => sum + deliveries + Number(forged ?? false),
			0,
		);
		await until('every callback was sent', () => sandbox.callbacks().length === expected);
		await until('every job has started an execution that has ended', async () => {
			await repeatUnanswered();
			const found = await n8n.executionsOf(workflowId);
			return found.length >= JOBS && found.every(({ status }) => !['new', 'running'].includes(status));
		});
		executions = await Promise.all(
			(await n8n.executionsOf(workflowId)).map(async ({ id: execution }) => await n8n.finished(execution)),
		);
	}, DEADLINE_MS * 2);

	test('start the workflow 20 times, each with the audio of a job of its own', async () => {
		expect(executions.map(({ status }) => status)).toEqual(Array(JOBS).fill('success'));
		const records = executions.flatMap((execution) => outputOf(execution, TRIGGER));
		expect(records.map(jobIdOf).sort()).toEqual(submitted.map(jobIdOf).sort());
		for (const item of records) {
			expect(item.json).toMatchObject({ provider: 'pixazo', status: 'completed', error: null });
			expect(await speechIn(item)).toEqual({ container: 'wav', isSpeech: true });
		}
	}, 60_000);

	test('come out with the query of the address that they were submitted with', () => {
		const refs = new Map(
			executions.map((execution) => {
				const record = outputOf(execution, TRIGGER)[0]!;
				expect(record.json.callback).toEqual({ query: { ref: expect.any(String), kind: 'news' } });
				return [jobIdOf(record), outputOf(execution, 'Note')[0]!.json.ref];
			}),
		);
		submitted.forEach((item, index) => expect(refs.get(jobIdOf(item))).toBe(`article-${index + 1}`));
	});

	test('were called about in every way: early, late, again, and by a stranger', () => {
		const { sandbox } = everything;
		const calls = sandbox.callbacks();
		const answeredMs = new Map(
			sandbox
				.requests({ operation: 'speech.generate' })
				.map(({ jobId, time, durationMs }) => [jobId, Date.parse(time) + durationMs]),
		);
		const early = calls.filter(({ jobId, time }) => Date.parse(time) < (answeredMs.get(jobId) ?? 0));
		expect(early.length).toBeGreaterThan(3);
		expect(calls.filter(({ kind }) => kind === 'terminal').length).toBeGreaterThan(JOBS);
		expect(calls.filter(({ kind }) => kind === 'forged').length).toBeGreaterThan(3);
	});

	test('are taken once each: repeats are answered with 200, forged calls with 404', () => {
		const answers = (kind: string) =>
			everything.sandbox
				.callbacks()
				.filter((sent) => sent.kind === kind && ![0, 503].includes(sent.status))
				.map(({ status }) => status);
		expect(answers('terminal').filter((status) => status !== 200)).toEqual([]);
		expect(answers('forged').filter((status) => status !== 404)).toEqual([]);
	});

	test('are paid for once each', () => {
		const { hosts, total } = everything.sandbox.counters();
		expect(hosts.pixazo?.operations['speech.generate']?.charges).toBe(JOBS);
		expect(total.leaks).toBe(0);
	});

	test.each([
		['names a job that Pixazo does not know', () => ({ request_id: FORGED_ID, status: 'COMPLETED' }), 404],
		['names a path instead of a job', () => ({ request_id: '../../admin', status: 'COMPLETED' }), 400],
		['names no job', () => ({ status: 'COMPLETED' }), 400],
		['is no object', () => [1, 2, 3], 400],
		['repeats a job of before', () => ({ request_id: jobIdOf(submitted[0]!), status: 'COMPLETED' }), 200],
	])(
		'a call that %s is answered and starts nothing',
		async (_, body, status) => {
			expect(await call(body())).toBe(status);
			expect(await n8n.executionsOf(workflowId)).toHaveLength(JOBS);
		},
		30_000,
	);

	test('and none starts it again after n8n was restarted', async () => {
		await restart();
		await untilListening();
		for (const item of submitted) {
			const request_id = jobIdOf(item);
			expect(await call({ request_id, status: 'COMPLETED' })).toBe(200);
		}
		expect(await n8n.executionsOf(workflowId)).toHaveLength(JOBS);
	}, 120_000);
});

const WAIT_PATH = 'narrate-and-wait';

/**
 * The documented pattern: the callback only shortens the wait, and the output comes from Pixazo's
 * answer.
 */
const waiting = chain('Wait', [
	{
		name: 'Start',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		parameters: { httpMethod: 'POST', path: WAIT_PATH, responseMode: 'onReceived' },
		webhookId: 'a7c1f0de-0000-4000-8000-00000000ca12',
	},
	submit('This article is read aloud while the workflow sleeps.', '={{ $execution.resumeUrl }}'),
	{
		name: 'Wait',
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		parameters: {
			resume: 'webhook',
			httpMethod: 'POST',
			limitWaitTime: true,
			limitType: 'afterTimeInterval',
			resumeAmount: 15,
			resumeUnit: 'seconds',
		},
		webhookId: 'a7c1f0de-0000-4000-8000-00000000ca13',
	},
	{
		name: 'Collect',
		type: 'n8n-nodes-narration.pixazo',
		parameters: {
			resource: 'job',
			operation: 'get',
			jobId: "={{ $('Submit').first().json.job.id }}",
			waitForCompletion: true,
		},
		credentials: CREDENTIALS,
	},
]);

const CASES = [
	{ name: 'comes before n8n waits, and is lost', callback: { early: true }, seconds: 0, statuses: [409] },
	{ name: 'never comes', callback: { never: true }, seconds: 1, statuses: [] },
	{ name: 'comes while n8n waits', callback: {}, seconds: 6, statuses: [200] },
];

describe('Submit, Wait with a limit, Job: Get', () => {
	const executions: Execution[] = [];

	beforeAll(async () => {
		const { sandbox } = everything;
		sandbox.reset();
		const workflow = await n8n.createWorkflow(waiting);
		await n8n.activate(workflow);
		for (const [index, { callback, seconds }] of CASES.entries()) {
			const scenario = { provider: 'pixazo', operation: 'speech.generate', times: 1 } as const;
			sandbox.scenario({ ...scenario, callback, job: { seconds } });
			await n8n.callWebhook(WAIT_PATH, {});
			await until('the job is submitted', () => sandbox.jobs().length === index + 1);
		}
		const ids = (await n8n.executionsOf(workflow.id)).map(({ id }) => Number(id)).sort((a, b) => a - b);
		for (const id of ids) executions.push(await n8n.finished(String(id)));
	}, DEADLINE_MS * 2);

	test.each(CASES.map((row, index) => ({ ...row, index })))(
		'puts out the audio when the callback $name',
		async ({ index, statuses }) => {
			const execution = executions[index]!;
			expect(execution.status).toBe('success');
			const [submitted] = outputOf(execution, 'Submit');
			const [collected] = outputOf(execution, 'Collect');
			expect(collected!.json).toMatchObject({ status: 'completed', job: { id: jobIdOf(submitted!) } });
			expect(await speechIn(collected!)).toEqual({ container: 'wav', isSpeech: true });
			const calls = everything.sandbox.callbacks().filter(({ jobId }) => jobId === jobIdOf(submitted!));
			expect(calls.map(({ status }) => status)).toEqual(statuses);
		},
		30_000,
	);

	test('pays for each job once', () => {
		const { hosts } = everything.sandbox.counters();
		expect(hosts.pixazo?.operations['speech.generate']?.charges).toBe(CASES.length);
	});
});
