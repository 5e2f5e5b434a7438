/**
 * The trigger's handling of a call: which calls are trusted, which start the workflow, and how each
 * is answered.
 */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';

import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { readCallback } from '../../../nodes/Pixazo/contract';
import { receiveCallback } from '../../../nodes/Pixazo/triggerCallback';
import { openDeliveries } from '../../../nodes/Pixazo/triggerDeliveries';

type StatusAnswer = { status: number; body: unknown } | Error;

interface Situation {
	body?: unknown;
	query?: Record<string, string>;
	/** Pixazo's answers to successive polls; the last one repeats. */
	answers?: StatusAnswer[];
	outcomes?: string[];
	mode?: string;
	/** Shared by calls of the same trigger. */
	nodeId?: string;
	staticData?: Record<string, unknown>;
	onAnswer?: (httpStatus: number) => void;
}

const JOB_ID = 'vibevoice_019d0000-0000-7000-8000-000000000001';

const job = (status: string, more: object = {}) => ({ request_id: JOB_ID, status, ...more });
const saying = (status: string): StatusAnswer => ({ status: 200, body: job(status) });
const UNKNOWN: StatusAnswer = { status: 404, body: { error: 'Not Found', message: 'No such request' } };

let triggers = 0;

/** One call of the trigger's address, and its outcome. */
async function call(situation: Situation) {
	const {
		body = job('COMPLETED'),
		query = {},
		answers = [saying('COMPLETED')],
		outcomes = ['completed', 'failed'],
		mode = 'webhook',
		nodeId = `trigger-${(triggers += 1)}`,
		staticData = {},
		onAnswer = () => {},
	} = situation;
	const asked: string[] = [];
	const warnings: string[] = [];
	const events = new EventEmitter();
	const response = {
		statusCode: 200,
		headersSent: false,
		once: events.once.bind(events),
		status(code: number) {
			response.statusCode = code;
			return response;
		},
		json() {
			response.headersSent = true;
			onAnswer(response.statusCode);
			events.emit('finish');
		},
	};
	const context = {
		getBodyData: () => body,
		getQueryData: () => query,
		getResponseObject: () => response,
		getMode: () => mode,
		getNode: () => ({ id: nodeId }),
		getWorkflow: () => ({ id: 'workflow' }),
		getWorkflowStaticData: () => staticData,
		getNodeParameter: () => outcomes,
		getCredentials: async () => ({ baseUrl: 'https://gateway.example', apiKey: 'not-a-key' }),
		logger: { warn: (words: string) => warnings.push(words) },
		helpers: {
			async httpRequestWithAuthentication(_: string, { url }: { url: string }) {
				asked.push(url);
				const answer = answers[Math.min(asked.length, answers.length) - 1]!;
				if (answer instanceof Error) throw answer;
				return {
					statusCode: answer.status,
					headers: { 'content-type': 'application/json' },
					body: Readable.from([Buffer.from(JSON.stringify(answer.body))]),
				};
			},
		},
	} as unknown as IWebhookFunctions;
	const result = await receiveCallback(context);
	const started = result.workflowData?.[0] ?? [];
	return { started, httpStatus: response.statusCode, response, asked, warnings, staticData, nodeId, result };
}

describe('what a call says of a job', () => {
	test.each([
		['an end', job('COMPLETED'), { jobId: JOB_ID, saysEnded: true }],
		['an end that went wrong', job('ERROR'), { jobId: JOB_ID, saysEnded: true }],
		['progress', job('PROCESSING'), { jobId: JOB_ID, saysEnded: false }],
		['a place in the queue', job('queued'), { jobId: JOB_ID, saysEnded: false }],
		['a status that nobody knows', job('HIBERNATING'), { jobId: JOB_ID, saysEnded: true }],
		['no status', { request_id: JOB_ID }, { jobId: JOB_ID, saysEnded: true }],
		['a status that is no text', { request_id: JOB_ID, status: 7 }, { jobId: JOB_ID, saysEnded: true }],
	])('%s', (_, body, callback) => expect(readCallback(body)).toEqual(callback));

	test.each([
		['nothing', undefined],
		['a text', 'COMPLETED'],
		['a list', [job('COMPLETED')]],
		['no ID', { status: 'COMPLETED' }],
		['an ID that is a number', { request_id: 1 }],
		['an ID that climbs out of its path', { request_id: '..' }],
		['an ID with a path in it', { request_id: 'a/../../admin' }],
		['an ID with a query in it', { request_id: 'a?x=1' }],
		['an endless ID', { request_id: 'a'.repeat(201) }],
	])('%s names no job', (_, body) => expect(readCallback(body)).toBeNull());
});

describe('a call about a job that Pixazo says has ended', () => {
	test('starts the workflow with the ID and the query, and with nothing else of the call', async () => {
		const { started } = await call({
			body: job('COMPLETED', { output: { media_url: ['https://elsewhere.example/forged.wav'] } }),
			query: { ref: 'order-42' },
		});
		expect(started).toEqual([{ json: { jobId: JOB_ID, callback: { query: { ref: 'order-42' } } } }]);
	});

	test('leaves the answer to n8n, which gives it once the execution is stored', async () => {
		const { result, httpStatus } = await call({});
		expect(Object.keys(result)).toEqual(['workflowData']);
		expect(httpStatus).toBe(200);
	});

	test('asks Pixazo for that job, once', async () => {
		const { asked } = await call({});
		expect(asked).toEqual([`https://gateway.example/v2/requests/status/${JOB_ID}`]);
	});

	test.each([
		['completed', 'COMPLETED', ['completed'], 1],
		['completed', 'COMPLETED', ['failed'], 0],
		['failed', 'FAILED', ['failed'], 1],
		['failed', 'ERROR', ['completed'], 0],
	])(
		'that is %s (%s) and wanted %j starts %d executions, and is not to be repeated',
		async (_, said, outcomes, count) => {
			const { started, httpStatus } = await call({ answers: [saying(said)], outcomes });
			expect(started).toHaveLength(count);
			expect(httpStatus).toBe(200);
		},
	);
});

describe('a call that is not believed starts nothing', () => {
	test.each<[string, Situation, number, number]>([
		['names no job: it is nothing of Pixazo', { body: {} }, 400, 0],
		['reports progress: there is nothing to start', { body: job('PROCESSING') }, 200, 0],
		['names a job that Pixazo does not know: it may not know it yet', { answers: [UNKNOWN] }, 404, 1],
		['comes when the key is refused', { answers: [{ status: 401, body: {} }] }, 503, 1],
		[
			'comes when Pixazo wants no questions for longer than they are asked',
			{ answers: [{ status: 429, body: { message: 'Try again in 90 seconds.' } }] },
			503,
			1,
		],
	])('%s', async (_, situation, httpStatus, questions) => {
		const seen = await call(situation);
		expect(seen.started).toEqual([]);
		expect(seen.result).toEqual({ noWebhookResponse: true });
		expect(seen.httpStatus).toBe(httpStatus);
		expect(seen.asked).toHaveLength(questions);
	});

	test('says in the log why it was refused, without the key', async () => {
		const answers = [{ status: 401, body: { message: 'not-a-key is invalid' } }];
		const { warnings } = await call({ answers });
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain(JOB_ID);
		expect(warnings[0]).not.toContain('not-a-key');
	});
});

describe('a status that lags behind its callback', () => {
	beforeEach(() => {
		jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
	});

	afterEach(() => {
		jest.useRealTimers();
	});

	/** Advances the clock in small steps until the promise has settled. */
	async function inFastTime<T>(promise: Promise<T>): Promise<T> {
		let isSettled = false;
		const settled = promise.finally(() => (isSettled = true));
		while (!isSettled) await jest.advanceTimersByTimeAsync(100);
		return await settled;
	}

	test.each<[string, StatusAnswer]>([
		['still says that the job runs', saying('PROCESSING')],
		['cannot be had for a moment', { status: 503, body: {} }],
	])('%s: it is asked for again', async (_, first) => {
		const calling = call({ answers: [first, saying('COMPLETED')] });
		const { started, asked, httpStatus } = await inFastTime(calling);
		expect(started).toHaveLength(1);
		expect(asked).toHaveLength(2);
		expect(httpStatus).toBe(200);
	});

	test('for longer than Pixazo waits: the call is refused in time, and starts the workflow all the same', async () => {
		const answers = [...Array<StatusAnswer>(8).fill(saying('PROCESSING')), saying('COMPLETED')];
		const answered: Array<{ atMs: number; httpStatus: number }> = [];
		const startedAt = Date.now();
		const calling = call({
			answers,
			onAnswer: (httpStatus) => answered.push({ atMs: Date.now() - startedAt, httpStatus }),
		});
		const { started, result, nodeId } = await inFastTime(calling);
		expect(answered).toEqual([{ atMs: 3_000, httpStatus: 503 }]);
		expect(started).toHaveLength(1);
		expect(result.noWebhookResponse).toBe(true);
		expect(await call({ nodeId })).toMatchObject({ started: [], httpStatus: 200 });
	});

	test('for ever: the call starts nothing, and the asking ends', async () => {
		const calling = call({ answers: [saying('PROCESSING')] });
		const { started, httpStatus, asked } = await inFastTime(calling);
		expect(started).toEqual([]);
		expect(httpStatus).toBe(503);
		expect(asked.length).toBeGreaterThan(3);
		expect(asked.length).toBeLessThan(70);
	});
});

describe('a job is taken once', () => {
	test('by a trigger that is called again', async () => {
		const { nodeId, staticData } = await call({});
		const again = await call({ nodeId, staticData });
		expect(again).toMatchObject({ started: [], httpStatus: 200, asked: [] });
	});

	test('by two calls at the same time, each with its own copy of the static data', async () => {
		const nodeId = 'called-twice';
		const both = await Promise.all([call({ nodeId }), call({ nodeId })]);
		expect(both.map(({ started }) => started.length).sort()).toEqual([0, 1]);
		expect(both.map(({ httpStatus }) => httpStatus)).toEqual([200, 200]);
	});

	test('after a restart, by what the static data says', async () => {
		const { staticData } = await call({});
		const stored = JSON.parse(JSON.stringify(staticData)) as Record<string, unknown>;
		expect(await call({ staticData: stored })).toMatchObject({ started: [], httpStatus: 200 });
	});

	test('again, where n8n could not start the workflow', async () => {
		const { nodeId, response } = await call({});
		response.status(500).json();
		expect((await call({ nodeId })).started).toHaveLength(1);
	});

	test('by each of two triggers', async () => {
		expect((await call({ nodeId: 'one' })).started).toHaveLength(1);
		expect((await call({ nodeId: 'other' })).started).toHaveLength(1);
	});

	test('in production only: a test call can be repeated', async () => {
		const { nodeId, staticData } = await call({ mode: 'manual' });
		expect(staticData).toEqual({});
		expect((await call({ mode: 'manual', nodeId })).started).toHaveLength(1);
	});
});

describe('the list of jobs', () => {
	const opened = (nodeId: string, staticData: Record<string, unknown>) =>
		openDeliveries({
			getMode: () => 'webhook',
			getNode: () => ({ id: nodeId }),
			getWorkflow: () => ({ id: 'workflow' }),
			getWorkflowStaticData: () => staticData,
		} as unknown as IExecuteFunctions);

	test('is bounded, and forgets the oldest', () => {
		const staticData: Record<string, unknown> = {};
		const deliveries = opened('busy', staticData);
		for (let index = 0; index < 1_200; index += 1) deliveries.add(`job-${index}`);
		expect(staticData.startedJobs).toHaveLength(1_000);
		expect([deliveries.has('job-199'), deliveries.has('job-200')]).toEqual([false, true]);
	});

	test('that one call has written holds what others have added since', () => {
		const first: Record<string, unknown> = {};
		const second: Record<string, unknown> = {};
		opened('shared', first).add('a');
		opened('shared', second).add('b');
		expect(JSON.stringify(first)).toBe(JSON.stringify({ startedJobs: ['a', 'b'] }));
	});

	test('reads what is no list as empty', () => {
		expect(opened('spoilt', { startedJobs: 'job-1' }).has('job-1')).toBe(false);
	});
});
