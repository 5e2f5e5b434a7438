import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { cleanUp, runNode } from './harness.mts';
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

const convai = SYSTEMS.find(({ node }) => node === 'convai')!;
const pixazo = SYSTEMS.find(({ node }) => node === 'pixazo')!;
const reach = (node: 'convai' | 'pixazo') => ({ baseUrl: sandbox.urls[node], apiKey: RIGHT_KEY });

test('20 items at concurrency 5 come out in input order, each paired with its input', async () => {
	sandbox.configure({ latencyMs: 200 });
	const items = Array.from({ length: 20 }, (_, index) => ({
		text: `${'Word '.repeat((index * 7) % 20)}number ${index}.`,
	}));

	const run = await runNode(
		'convai',
		speechParameters(convai, { text: '={{ $json.text }}', options: { concurrency: 5 } }),
		{ ...reach('convai'), items },
	);

	const output = run.outputs[0]!;
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	expect(output.map(({ json }) => (json as any).text.characters)).toEqual(
		items.map(({ text }) => text.length),
	);
	expect(mostAtOnce()).toBe(5);
});

function mostAtOnce(): number {
	const spans = sandbox
		.requests({ provider: 'convai' })
		.map(({ time, durationMs }) => [Date.parse(time), Date.parse(time) + durationMs]);
	return Math.max(
		...spans.map(([start]) => spans.filter(([from, to]) => from! <= start! && start! < to!).length),
	);
}

test('concurrency is read once, from the first item', async () => {
	sandbox.configure({ latencyMs: 100 });

	await runNode(
		'convai',
		speechParameters(convai, { text: 'Hello.', options: { concurrency: '={{ $json.concurrency }}' } }),
		{ ...reach('convai'), items: [2, 50, 50, 50].map((concurrency) => ({ concurrency })) },
	);

	expect(mostAtOnce()).toBe(2);
});

test('items that have not begun keep their time during a pause that is longer than it', async () => {
	sandbox.scenario({ provider: 'convai', status: 429, retryAfterSeconds: 3, times: 1 });

	const run = await runNode(
		'convai',
		speechParameters(convai, { text: 'Hello.', options: { concurrency: 1, timeout: 2 } }),
		{ ...reach('convai'), items: [{}, {}, {}], onError: 'continueErrorOutput' },
	);

	const [spoken, failed] = run.outputs as any;
	expect(spoken.map(({ pairedItem }: any) => pairedItem.item)).toEqual([1, 2]);
	expect(failed.map(({ json }: any) => json.details.error.code)).toEqual(['rate_limited']);
});

test('a Timeout that an expression yields need not be a whole number', async () => {
	const run = await runNode(
		'convai',
		speechParameters(convai, { text: 'Hello.', options: { timeout: '={{ 100 / 3 }}' } }),
		{ ...reach('convai'), items: [{}, {}] },
	);

	expect(run.error).toBeUndefined();
	expect(run.outputs[0]).toHaveLength(2);
});

test('the error of a stopped workflow names every job that was accepted, not only that of the first failed item', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', times: 2, name: 'jobNever' });

	const run = await runNode(
		'pixazo',
		speechParameters(pixazo, { text: '={{ $json.text }}', options: { timeout: 1 } }),
		{ ...reach('pixazo'), items: ['', 'One.', 'Two.'].map((text) => ({ text })) },
	);

	expect(run.error!.message).toContain("'Text'");
	for (const { id } of sandbox.jobs()) expect(run.error!.description).toContain(id);
});

test.each([401, 402])(
	'after a %i nothing is sent, not even what was waiting for its turn',
	async (status) => {
		sandbox.scenario({ provider: 'convai', status: 429, retryAfterSeconds: 2, times: 1 });
		sandbox.scenario({ provider: 'convai', status, headersDelayMs: 500 });

		const run = await runNode(
			'convai',
			speechParameters(convai, { text: 'Hello.', options: { concurrency: 2 } }),
			{
				...reach('convai'),
				items: Array(6).fill({}),
				onError: 'continueErrorOutput',
			},
		);

		expect(run.outputs[1]).toHaveLength(6);
		expect(sandbox.requests({ provider: 'convai' })).toHaveLength(2);
	},
);

test('all items of a run wait together when the provider asks for a pause', async () => {
	sandbox.configure({ latencyMs: 50 });
	sandbox.scenario({ provider: 'convai', operation: 'speech.generate', times: 1, name: '429' });

	await runNode('convai', speechParameters(convai, { text: 'Hello.', options: { concurrency: 2 } }), {
		...reach('convai'),
		items: [{}, {}, {}, {}, {}, {}],
	});

	const times = sandbox.requests({ provider: 'convai' }).map(({ time }) => Date.parse(time));
	// Two requests were running when the pause began; no other was sent before its end.
	expect(times.filter((time) => time - times[0]! < 950)).toHaveLength(2);
});

test('Job: Get that waits sits an outage out, from the first question on', async () => {
	await runNode(
		'pixazo',
		speechParameters(pixazo, { text: 'Hello.', completion: 'submit' }),
		reach('pixazo'),
	);
	const collect = { resource: 'job', operation: 'get', jobId: sandbox.jobs()[0]!.id };
	const options = { maxRetries: 0, pollInterval: 0.1 };
	sandbox.scenario({ provider: 'pixazo', operation: 'job.get', times: 2, status: 503 });

	const asking = await runNode('pixazo', { ...collect, options: { maxRetries: 0 } }, reach('pixazo'));
	const waiting = await runNode('pixazo', { ...collect, waitForCompletion: true, options }, reach('pixazo'));

	expect(asking.error!.message).toContain('cannot be reached');
	expect(waiting.error).toBeUndefined();
	expect(waiting.outputs[0]![0]!.json).toMatchObject({ status: 'completed' });
});

test('Job: Get that waits does not say of a job that it goes on when nothing has been heard of it', async () => {
	const collect = { resource: 'job', operation: 'get', jobId: 'vibevoice_0000', waitForCompletion: true };
	sandbox.scenario({ provider: 'pixazo', operation: 'job.get', status: 503 });

	const run = await runNode(
		'pixazo',
		{ ...collect, options: { timeout: 1, pollInterval: 0.1 } },
		{ ...reach('pixazo'), onError: 'continueErrorOutput' },
	);

	expect(run.outputs[1]![0]!.json).toMatchObject({ details: { error: { code: 'unavailable' } } });
});

test('the error of a stopped workflow does not send anyone for the audio of a job that failed', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', name: 'jobFailed' });

	const run = await runNode('pixazo', speechParameters(pixazo, { text: '={{ $json.text }}' }), {
		...reach('pixazo'),
		items: ['', 'One.'].map((text) => ({ text })),
	});

	expect(run.error!.description).toContain(sandbox.jobs()[0]!.id);
	expect(run.error!.description).not.toContain('Collect');
});

test('stopping the execution while a job is polled ends the node within 2 seconds', async () => {
	// Gives an answered submission a duration.
	sandbox.configure({ latencyMs: 50 });
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', name: 'jobNever' });
	let stoppedAt = 0;

	const run = await runNode(
		'pixazo',
		speechParameters(pixazo, { text: 'Hello.', options: { pollInterval: 30 } }),
		{
			...reach('pixazo'),
			onStart: (stop) => {
				const watch = setInterval(() => {
					const [submitted] = sandbox.requests({ provider: 'pixazo', operation: 'speech.generate' });
					if (!submitted?.durationMs) return;
					clearInterval(watch);
					stoppedAt = performance.now();
					stop();
				}, 20);
			},
		},
	);
	const endedAt = performance.now();

	expect(stoppedAt).toBeGreaterThan(0);
	expect(endedAt - stoppedAt).toBeLessThan(2000);
	expect(run.status).toBe('canceled');
	expect(run.error!.description).toContain(sandbox.jobs()[0]!.id);
	const polls = sandbox.requests({ provider: 'pixazo', operation: 'job.get' }).length;
	expect(polls).toBe(0);
});

test('stopping the execution cuts a request short', async () => {
	sandbox.configure({ latencyMs: 20_000 });
	let stoppedAt = 0;

	await runNode('convai', speechParameters(convai, { text: 'Hello.' }), {
		...reach('convai'),
		onStart: (stop) => {
			const watch = setInterval(() => {
				if (sandbox.requests({ provider: 'convai' }).length === 0) return;
				clearInterval(watch);
				stoppedAt = performance.now();
				stop();
			}, 20);
		},
	});

	expect(performance.now() - stoppedAt).toBeLessThan(2000);
});

test('a provider that takes one request at a time gets them one after the other, and all items are done', async () => {
	sandbox.configure({ requestsPerSecond: 5 });

	const run = await runNode(
		'convai',
		speechParameters(convai, { text: 'Hello.', options: { concurrency: 10 } }),
		{
			...reach('convai'),
			items: Array.from({ length: 20 }, () => ({})),
		},
	);

	expect(run.error).toBeUndefined();
	expect(run.outputs[0]).toHaveLength(20);
});
