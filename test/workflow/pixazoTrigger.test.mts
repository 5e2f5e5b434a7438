/**
 * The trigger's behaviour in the execution that a callback started.
 * `test/unit/Pixazo/trigger.test.mts` tests which callbacks start one.
 */
import { RIGHT_KEY, startSandbox, type Sandbox, type Scenario } from '../../sandbox/sandbox.mts';
import { binaryBytes, cleanUp, runNode, runWorkflow } from './harness.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ settings: { jobSeconds: 0.05 } });
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	cleanUp();
});

const CALLBACK = { query: { ref: 'order-42' } };

/** A job whose callback the trigger will receive. Resolves once the job has ended. */
async function endedJob(scenario: Scenario = {}): Promise<string> {
	sandbox.scenario({ ...scenario, provider: 'pixazo', operation: 'speech.generate', times: 1 });
	const text = 'Good morning, and welcome to the show.';
	const parameters = { resource: 'speech', operation: 'generate', text, completion: 'submit' };
	const { outputs } = await runNode(
		'pixazo',
		{ ...parameters, model: { __rl: true, mode: 'id', value: 'vibevoice' }, options: {} },
		{ baseUrl: sandbox.urls.pixazo, apiKey: RIGHT_KEY },
	);
	const jobId = (outputs[0]![0]!.json.job as { id: string }).id;
	const deadline = Date.now() + 10_000;
	while (sandbox.jobs().some(({ id, endedAt }) => id === jobId && endedAt === null)) {
		if (Date.now() > deadline) throw new Error('The job does not end.');
		await new Promise((resolve) => setImmediate(resolve));
	}
	return jobId;
}

interface Started {
	parameters?: Record<string, unknown>;
	onError?: string;
	json?: Record<string, unknown>;
}

/** The execution that the webhook starts for a job. */
async function started(jobId: string, { parameters = {}, onError, json }: Started = {}) {
	const trigger = {
		id: 'trigger',
		name: 'Pixazo Trigger',
		type: 'n8n-nodes-narration.pixazoTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: { options: {}, ...parameters },
		credentials: { pixazoApi: { id: 'credential', name: 'pixazoApi' } },
		onError,
	};
	return await runWorkflow(
		{ name: 'Called back', settings: {}, nodes: [trigger], connections: {} } as never,
		{
			credentials: { pixazoApi: { baseUrl: sandbox.urls.pixazo, apiKey: RIGHT_KEY } },
			items: [json ?? { jobId, callback: CALLBACK }],
		},
	);
}

test('of a completed job: the record, the audio, and the query of the callback beside the record', async () => {
	const jobId = await endedJob();
	const { outputs, error } = await started(jobId);
	expect(error).toBeUndefined();
	const [item] = outputs[0]!;
	expect(item!.json).toMatchObject({
		provider: 'pixazo',
		status: 'completed',
		job: { id: jobId },
		error: null,
	});
	expect(item!.json.callback).toEqual(CALLBACK);
	expect(item!.json).not.toHaveProperty('providerResponse');
	expect(await binaryBytes(item!)).toHaveLength((item!.json.audio as { sizeBytes: number }).sizeBytes);
});

test.each([
	['FAILED', null],
	['ERROR', false],
])('of a job that ended with %s: the record with what went wrong, and no audio', async (outcome, charged) => {
	const jobId = await endedJob({ job: { outcome, error: 'The script is empty' } });
	const { outputs, error } = await started(jobId);
	expect(error).toBeUndefined();
	const [item] = outputs[0]!;
	expect(item!.json).toMatchObject({ status: 'failed', job: { id: jobId, charged }, callback: CALLBACK });
	expect(item!.json.error).toMatchObject({
		code: 'job_failed',
		message: expect.stringContaining('The script is empty'),
	});
	expect(item!.binary).toBeUndefined();
});

test('the audio goes into the field, and under the name, that the user gave', async () => {
	const jobId = await endedJob();
	const parameters = { binaryPropertyName: 'episode', options: { fileName: 'monday' } };
	const { outputs } = await started(jobId, { parameters });
	expect(outputs[0]![0]!.binary).toMatchObject({ episode: { fileName: 'monday.wav' } });
});

test('without Download Audio, the record has the address, and nothing is downloaded', async () => {
	const jobId = await endedJob();
	const { outputs } = await started(jobId, { parameters: { downloadAudio: false } });
	expect(outputs[0]![0]!.json).toMatchObject({ audio: { url: expect.stringContaining(jobId) } });
	expect(outputs[0]![0]!.binary).toBeUndefined();
	expect(sandbox.requests({ provider: 'media' })).toEqual([]);
});

test("without Simplify, Pixazo's own answer comes along", async () => {
	const jobId = await endedJob();
	const { outputs } = await started(jobId, { parameters: { simplify: false } });
	expect(outputs[0]![0]!.json.providerResponse).toMatchObject({ request_id: jobId, status: 'COMPLETED' });
});

test('audio that comes a moment later than its callback is waited for', async () => {
	const jobId = await endedJob({ name: 'mediaLate' });
	const { outputs, error } = await started(jobId);
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.binary).toHaveProperty('data');
});

test('audio that cannot be had fails the execution, and says how to collect it', async () => {
	const jobId = await endedJob({ media: { status: { status: 403 } } });
	const { status, error } = await started(jobId);
	expect(status).toBe('error');
	expect(error!.description).toContain(jobId);
	expect(error!.description).toContain('Job: Get');
});

test('on the error output, the record comes along', async () => {
	const jobId = await endedJob({ media: { status: { status: 403 } } });
	const { outputs } = await started(jobId, { onError: 'continueErrorOutput' });
	const [item] = outputs.flat();
	expect(item!.json).toMatchObject({ details: { job: { id: jobId }, error: { code: 'bad_audio' } } });
});

test('started by anything but a callback, it says where jobs are asked for', async () => {
	const { error } = await started('', { json: { some: 'item' } });
	expect(error!.message).toContain('Job: Get');
	expect(sandbox.requests({ provider: 'pixazo' })).toEqual([]);
});
