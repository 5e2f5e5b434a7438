import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { cleanUp, NODES, runNode, type NodeName, type NodeRunOptions } from './harness.mts';
import { speechParameters, SYSTEMS } from './systems.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	cleanUp();
});

/** One system per provider. */
const SYSTEM_OF = Object.fromEntries(SYSTEMS.map((system) => [system.node, system]));
const PROVIDERS = Object.keys(NODES) as NodeName[];

const speak = async (
	node: NodeName,
	parameters: Record<string, unknown> = {},
	run: Partial<NodeRunOptions> = {},
) =>
	await runNode(
		node,
		speechParameters(SYSTEM_OF[node]!, {
			text: 'Good morning.',
			...parameters,
			options: { maxRetries: 0, ...(parameters.options as object) },
		}),
		{ baseUrl: sandbox.urls[node], apiKey: RIGHT_KEY, ...run },
	);

interface Case {
	scenario: string;
	code: string;
	/** The message that users read; `{name}` is the provider. */
	says: string;
	/** Providers for which the status has another meaning. */
	only?: NodeName[];
}

const REFUSALS: Case[] = [
	{
		scenario: '401',
		code: 'invalid_credentials',
		says: '{name} did not accept the API key',
		only: ['aimlApi', 'pixazo', 'vimmerse'],
	},
	{
		scenario: '403-key',
		code: 'invalid_credentials',
		says: '{name} did not accept the API key',
		only: ['convai'],
	},
	{
		scenario: '402',
		code: 'insufficient_credits',
		says: 'The {name} account has no credits left',
		only: ['aimlApi', 'pixazo', 'vimmerse'],
	},
	{
		scenario: '403-credits',
		code: 'insufficient_credits',
		says: 'The {name} account has no credits left',
		only: ['aimlApi'],
	},
	{
		scenario: '403-verification',
		code: 'not_permitted',
		says: 'The {name} account may not do this',
		only: ['aimlApi'],
	},
	{ scenario: '429', code: 'rate_limited', says: '{name} received too many requests' },
	{ scenario: '500', code: 'unavailable', says: '{name} cannot be reached or is not working at the moment' },
	{ scenario: '502', code: 'unavailable', says: '{name} cannot be reached or is not working at the moment' },
	{ scenario: 'html', code: 'bad_audio', says: '{name}' },
];

const CASES = REFUSALS.flatMap(({ only, ...refusal }) =>
	(only ?? PROVIDERS).map((provider) => ({
		...refusal,
		provider,
		says: refusal.says.replace('{name}', NODES[provider].displayName),
	})),
);

test.each(CASES)('$provider $scenario: $code, in a sentence', async ({ provider, scenario, code, says }) => {
	sandbox.scenario({ provider, operation: 'speech.generate', name: scenario });

	const run = await speak(provider, {}, { onError: 'continueErrorOutput' });

	const [main, failed] = run.outputs;
	expect(main).toEqual([]);
	const { error, message, details } = failed![0]!.json as Record<string, any>;
	expect(message).toContain(says);
	expect(error).toBe(message);
	expect(message).toMatch(/\. .+\.$/s);
	expect(message).not.toMatch(/\bat .+:\d+|undefined|\[object|sandbox-key/);
	expect(details).toMatchObject({ provider, status: 'failed', error: { code, message } });
	expect(failed![0]!.pairedItem).toEqual({ item: 0 });
});

test.each(PROVIDERS)('%s: a refused connection is unavailable', async (provider) => {
	const run = await speak(provider, {}, { baseUrl: await closedAddress(), onError: 'continueErrorOutput' });

	const { message, details } = run.outputs[1]![0]!.json as Record<string, any>;
	expect(details.error.code).toBe('unavailable');
	expect(message).toContain(`${NODES[provider].displayName} cannot be reached`);
	expect(message).toContain('it refused the connection');
});

async function closedAddress(): Promise<string> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return `http://127.0.0.1:${port}`;
}

test.each(PROVIDERS)(
	'%s: without On Error, the node fails with the sentence and the item',
	async (provider) => {
		sandbox.scenario({ provider, operation: 'speech.generate', name: '500' });

		const run = await speak(provider);

		expect(run.status).toBe('error');
		expect(run.error).toMatchObject({ name: 'NodeApiError', httpCode: '500', context: { itemIndex: 0 } });
		expect(run.error!.message).toContain(NODES[provider].displayName);
		expect(run.error!.failure).toEqual({ cause: 'temporarily-unavailable' });
	},
);

describe('sending again', () => {
	test.each(PROVIDERS)('%s: after a rate limit, when the provider says so', async (provider) => {
		sandbox.scenario({ provider, operation: 'speech.generate', times: 1, name: '429' });

		const run = await speak(provider, { options: { maxRetries: 2 } });

		expect(run.error).toBeUndefined();
		const [first, second] = sandbox.requests({ provider, operation: 'speech.generate' });
		expect(Date.parse(second!.time) - Date.parse(first!.time)).toBeGreaterThanOrEqual(1000);
		expect(sandbox.counters().hosts[provider]!.operations['speech.generate']).toMatchObject({
			requests: 2,
			accepted: 1,
		});
	});

	test.each(PROVIDERS)('%s: after an outage', async (provider) => {
		sandbox.scenario({ provider, operation: 'speech.generate', times: 1, status: 503 });

		const run = await speak(provider, { options: { maxRetries: 2 } });

		expect(run.error).toBeUndefined();
		expect(sandbox.counters().hosts[provider]!.operations['speech.generate']).toMatchObject({
			requests: 2,
			accepted: 1,
		});
	});

	test.each(PROVIDERS)('%s: never when no answer came, as it may have been paid for', async (provider) => {
		sandbox.scenario({ provider, operation: 'speech.generate', name: 'resetBeforeAnswer' });

		const run = await speak(provider, { options: { maxRetries: 4 } }, { onError: 'continueErrorOutput' });

		expect(run.outputs[1]![0]!.json).toMatchObject({ details: { error: { code: 'ambiguous' } } });
		expect(sandbox.counters().hosts[provider]!.operations['speech.generate']).toMatchObject({ requests: 1 });
	});
});

describe('other items', () => {
	test.each(PROVIDERS)('%s: are unharmed by one that fails', async (provider) => {
		const texts = ['One.', 'Two.', '', 'Four.'];

		const run = await speak(
			provider,
			{ text: '={{ $json.text }}' },
			{ items: texts.map((text) => ({ text })), onError: 'continueErrorOutput' },
		);

		const [main, failed] = run.outputs;
		expect(main!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 3 }]);
		expect(failed!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 2 }]);
		expect(failed![0]!.json).toMatchObject({ details: { error: { code: 'invalid_input' } } });
		expect((failed![0]!.json as any).message).toContain("'Text' is empty");
	});

	test('are not sent after a failure that all of them would meet', async () => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'speech.generate', name: '402' });

		const run = await speak(
			'vimmerse',
			{ options: { concurrency: 1 } },
			{ items: [{}, {}, {}], onError: 'continueErrorOutput' },
		);

		expect(sandbox.requests({ provider: 'vimmerse' })).toHaveLength(1);
		expect(run.outputs[1]!.map(({ json }) => (json as any).details.error.code)).toEqual(
			Array(3).fill('insufficient_credits'),
		);
		expect((run.outputs[1]![2]!.json as any).message).toContain('Nothing more was sent');
	});
});

test('a base URL that is none fails the items, not just the node', async () => {
	const run = await speak(
		'convai',
		{},
		{ baseUrl: 'api.convai.com', items: [{}, {}], onError: 'continueErrorOutput' },
	);

	const [main, failed] = run.outputs;
	expect(main).toEqual([]);
	expect(failed).toHaveLength(2);
	expect((failed![1]!.json as any).message).toContain("'Base URL' in the Convai credential");
});

test('an output field without a name is refused before anything is spent', async () => {
	const run = await speak('convai', { binaryPropertyName: '={{ $json.nothing }}' });

	expect(run.error!.message).toContain("'Output Data Field Name' is empty");
	expect(sandbox.requests()).toHaveLength(0);
});

test('after a pause is asked for that no item has time for, none is sent', async () => {
	sandbox.scenario({ provider: 'convai', times: 1, status: 429, retryAfterSeconds: 3_600 });

	const run = await speak(
		'convai',
		{ options: { concurrency: 2 } },
		{ items: [{}, {}, {}, {}], onError: 'continueErrorOutput' },
	);

	const failed = run.outputs[1]!.map(({ json }) => (json as any).details.error);
	expect(failed).toMatchObject([
		{ code: 'rate_limited' },
		{ code: 'timed_out', charged: false },
		{ code: 'timed_out', charged: false },
	]);
	expect(sandbox.counters().hosts.convai!.operations['speech.generate']).toMatchObject({
		requests: 2,
		charges: 1,
	});
});

test.each([200, 403])('a key that the provider quotes with status %i is not shown', async (status) => {
	const body = { API_ERROR: `The API key ${RIGHT_KEY} has expired.` };
	sandbox.scenario({ provider: 'convai', operation: 'speech.generate', status, body });

	const run = await speak('convai', {}, { onError: 'continueErrorOutput' });

	expect(JSON.stringify(run.outputs)).not.toContain(RIGHT_KEY);
	expect((run.outputs[1]![0]!.json as any).details.error.code).toBe('invalid_credentials');
	expect((run.outputs[1]![0]!.json as any).message).toContain('has expired');
});

describe('nothing paid for is lost', () => {
	test('a long text whose first part was refused names the jobs of the others', async () => {
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 1, status: 400 });

		const run = await speak('pixazo', {
			text: 'Some words to say. '.repeat(400),
			options: { concurrency: 2 },
		});

		expect(run.error!.description).toContain(sandbox.jobs()[0]!.id);
	});

	test.each(['jobFailed', 'jobError'])('%s: the job can be read from the failing item', async (scenario) => {
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', name: scenario });

		const run = await speak('pixazo', {}, { onError: 'continueErrorOutput' });

		const { details } = run.outputs[1]![0]!.json as Record<string, any>;
		expect(details).toMatchObject({
			error: { code: 'job_failed' },
			job: { id: sandbox.jobs()[0]!.id, charged: scenario === 'jobError' ? false : null },
		});
	});

	test('a job that does not end in time is named, with how to collect it', async () => {
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', name: 'jobNever' });

		const run = await speak('pixazo', { options: { timeout: 1 } });

		expect(run.error!.message).toContain('was not ready after 1 s');
		expect(run.error!.description).toContain(sandbox.jobs()[0]!.id);
		expect(run.error!.description).toContain("'Job: Get'");
	});

	test('a job that may not be asked for again in time is told as such, at once, with how to collect it', async () => {
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', name: 'jobNever' });
		sandbox.scenario({ provider: 'pixazo', operation: 'job.get', status: 429, retryAfterSeconds: 3_600 });
		const since = Date.now();

		const run = await speak('pixazo', { options: { timeout: 30 } });

		expect(run.error!.message).toContain(
			'does not let itself be asked about the job within the 30 s of this item',
		);
		expect(run.error!.description).toContain(sandbox.jobs()[0]!.id);
		expect(Date.now() - since).toBeLessThan(25_000);
	});

	test('a job that others keep from being asked for is not said to be unpaid', async () => {
		await speak('pixazo', { completion: 'submit' });
		const { id } = sandbox.jobs()[0]!;
		sandbox.scenario({ provider: 'pixazo', operation: 'job.get', status: 429, retryAfterSeconds: 3_600 });

		const run = await runNode(
			'pixazo',
			{ resource: 'job', operation: 'get', jobId: id, options: { concurrency: 1 } },
			{
				...{ baseUrl: sandbox.urls.pixazo, apiKey: RIGHT_KEY },
				...{ items: [{}, {}], onError: 'continueErrorOutput' },
			},
		);

		expect(run.outputs[1]!.map(({ json }) => (json as any).details)).toMatchObject([
			{ error: { code: 'rate_limited' }, job: { id, charged: null } },
			{ error: { code: 'timed_out', charged: null }, job: { id, charged: null } },
		]);
		expect(sandbox.requests({ operation: 'job.get' })).toHaveLength(1);
	});

	test('an outage while a job is made is sat out, however long the next wait would be', async () => {
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', job: { seconds: 4 } });
		sandbox.scenario({ provider: 'pixazo', operation: 'job.get', status: 503, times: 6 });

		const run = await speak('pixazo', { options: { timeout: 13, pollInterval: 0.5 } });

		expect(run.error).toBeUndefined();
		expect((run.outputs[0]![0]!.json as any).status).toBe('completed');
	});

	test.each(['mediaMissing', 'mediaHtml', 'mediaTruncated', 'mediaLoop'])(
		'%s: the address stays in the record',
		async (scenario) => {
			sandbox.scenario({ provider: 'vimmerse', operation: 'speech.generate', name: scenario });

			const run = await speak('vimmerse', { options: { timeout: 3 } }, { onError: 'continueErrorOutput' });

			const { details, message } = run.outputs[1]![0]!.json as Record<string, any>;
			expect(details).toMatchObject({
				error: { code: 'bad_audio' },
				audio: { url: expect.stringMatching(/^http/) },
			});
			expect(message).toContain('cannot be downloaded');
			expect(sandbox.counters().hosts.vimmerse!.operations['speech.generate']).toMatchObject({
				requests: 1,
				charges: 1,
			});
		},
	);

	test('a media host that lags is waited for', async () => {
		sandbox.scenario({ provider: 'aimlApi', operation: 'speech.generate', name: 'mediaLate' });

		const run = await speak('aimlApi');

		expect(run.error).toBeUndefined();
		expect(sandbox.requests({ provider: 'media' }).map(({ status }) => status)).toEqual([404, 404, 200]);
	});

	test('a media host that sends to another one is followed without credentials', async () => {
		sandbox.scenario({ provider: 'aimlApi', operation: 'speech.generate', name: 'mediaOtherHost' });

		const run = await speak('aimlApi');

		expect(run.error).toBeUndefined();
		expect(sandbox.counters().total.leaks).toBe(0);
	});
});
