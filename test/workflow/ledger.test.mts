import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { cleanUp, runNode, type NodeName, type NodeRunOptions } from './harness.mts';
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

const PROVIDERS = ['aimlApi', 'convai', 'pixazo', 'vimmerse'] as const;
const systemOf = (node: NodeName) => SYSTEMS.find((system) => system.node === node)!;

/** Runs the node with n8n's Retry On Fail. */
const retried = async (
	node: NodeName,
	texts: string[],
	options: object = {},
	settings: Partial<NodeRunOptions> = {},
) =>
	await runNode(
		node,
		speechParameters(systemOf(node), { text: '={{ $json.text }}', options: { maxRetries: 0, ...options } }),
		{
			baseUrl: sandbox.urls[node],
			apiKey: RIGHT_KEY,
			retryOnFail: true,
			items: texts.map((text) => ({ text })),
			...settings,
		},
	);
const generations = (provider: NodeName) => sandbox.counters().hosts[provider]!.operations['speech.generate'];

describe.each(PROVIDERS)('%s', (provider) => {
	test('a retry of the node generates nothing that is finished', async () => {
		sandbox.scenario({ provider, operation: 'speech.generate', times: 1, status: 503 });

		const run = await retried(provider, ['One.', 'Two.', 'Three.'], { concurrency: 1 });

		expect(run.error).toBeUndefined();
		expect(run.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
		expect(generations(provider)).toMatchObject({ requests: 4, charges: 3 });
	});

	test('two items with the same text are two generations, on a retry too', async () => {
		sandbox.scenario({ provider, operation: 'speech.generate', times: 1, status: 503 });

		const run = await retried(provider, ['Same.', 'Same.'], { concurrency: 1 });

		expect(run.outputs[0]).toHaveLength(2);
		expect(generations(provider)).toMatchObject({ requests: 3, charges: 2 });
	});
});

test('a retry collects the job that was still running', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 1, job: { seconds: 1.5 } });

	const run = await retried('pixazo', ['One.'], { timeout: 1 });

	expect(run.error).toBeUndefined();
	expect(generations('pixazo')).toMatchObject({ requests: 1, charges: 1 });
});

test('a retry downloads what could not be downloaded, without generating it again', async () => {
	sandbox.scenario({
		provider: 'vimmerse',
		operation: 'speech.generate',
		times: 1,
		media: { missingRequests: 3 },
	});

	const run = await retried('vimmerse', ['One.'], { timeout: 1 });

	expect(run.error).toBeUndefined();
	expect(generations('vimmerse')).toMatchObject({ requests: 1, charges: 1 });
});

test('a job that failed and is not charged is submitted anew', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 1, name: 'jobError' });

	const run = await retried('pixazo', ['One.']);

	expect(run.error).toBeUndefined();
	expect(generations('pixazo')).toMatchObject({ requests: 2 });
});

test('a job that failed and may be charged is not', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 1, name: 'jobFailed' });

	const run = await retried('pixazo', ['One.']);

	expect(run.status).toBe('error');
	expect(generations('pixazo')).toMatchObject({ requests: 1 });
});

describe('with On Error = Continue as well, where n8n runs the node again when its first item failed', () => {
	test.each(PROVIDERS)('%s: only the item that failed is generated again', async (provider) => {
		sandbox.scenario({ provider, operation: 'speech.generate', times: 1, status: 400 });

		const run = await retried(
			provider,
			['One.', 'Two.', 'Three.'],
			{ concurrency: 1 },
			{ onError: 'continueRegularOutput' },
		);

		expect(run.outputs[0]!.map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
		expect(generations(provider)).toMatchObject({ requests: 4, charges: 3 });
	});

	test('a job that was still running is collected', async () => {
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 1, job: { seconds: 1.5 } });

		const run = await retried('pixazo', ['One.'], { timeout: 1 }, { onError: 'continueRegularOutput' });

		expect(run.outputs[0]![0]!.json).toMatchObject({ status: 'completed' });
		expect(generations('pixazo')).toMatchObject({ requests: 1, charges: 1 });
	});
});

test('jobs with different callbacks are not taken for one another', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 1, status: 400 });
	const parameters = speechParameters(systemOf('pixazo'), {
		text: 'Same.',
		completion: 'submit',
		options: { maxRetries: 0, concurrency: 1, callbackUrl: '={{ $json.callbackUrl }}' },
	});
	const urls = ['a', 'b'].map((name) => `http://127.0.0.1:9/${name}`);

	await runNode('pixazo', parameters, {
		baseUrl: sandbox.urls.pixazo,
		apiKey: RIGHT_KEY,
		retryOnFail: true,
		items: urls.map((callbackUrl) => ({ callbackUrl })),
	});

	const accepted = sandbox.requests({ provider: 'pixazo' }).filter((request) => request.accepted);
	expect(accepted.map(({ headers }) => headers['x-webhook-url']).sort()).toEqual(urls);
});

test('a callback that is another with every attempt does not make another request of the same text', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 1, status: 503 });

	const run = await retried('pixazo', ['One.', 'Two.', 'Three.'], {
		concurrency: 1,
		callbackUrl: '=https://n8n.example.com/webhook?at={{ Date.now() }}',
	});

	expect(run.error).toBeUndefined();
	expect(generations('pixazo')).toMatchObject({ requests: 4, charges: 3 });
});

test('a job whose state was answered with something else is asked for again by a retry', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'job.get', times: 1, status: 200, body: {} });

	const run = await retried('pixazo', ['One.']);

	expect(run.error).toBeUndefined();
	expect(generations('pixazo')).toMatchObject({ requests: 1, charges: 1 });
});

test('a retry uploads the file that was not, and not another one in its place', async () => {
	const file = (content: string) => ({
		json: {},
		binary: {
			data: {
				data: Buffer.from(content).toString('base64'),
				mimeType: 'audio/wav',
				fileName: `${content}.wav`,
			},
		},
	});
	sandbox.scenario({ provider: 'vimmerse', operation: 'audio.upload', times: 1, status: 503 });

	const run = await runNode(
		'vimmerse',
		{
			resource: 'audio',
			operation: 'upload',
			source: 'binary',
			binaryPropertyName: 'data',
			options: { maxRetries: 0, concurrency: 1 },
		},
		{
			baseUrl: sandbox.urls.vimmerse,
			apiKey: RIGHT_KEY,
			retryOnFail: true,
			items: [file('first'), file('second')],
		},
	);

	expect(run.error).toBeUndefined();
	const uploads = sandbox.requests({ provider: 'vimmerse', operation: 'audio.upload' });
	// The first was refused and the second succeeded, so the retry sends only the first.
	expect(uploads.map(({ files }) => files[0]?.fileName)).toEqual(['first.wav', 'second.wav', 'first.wav']);
});
