/**
 * Guarantees for a pipeline that spends money unattended, in a real n8n: no request is charged
 * twice, and the key appears only in the credential store.
 */
import { RIGHT_KEY, type ProviderName, type RecordedRequest, type Scenario } from '../../sandbox/sandbox.mts';
import { PROVIDER_CHOICES } from '../../sandbox/demo/providers.mts';
import type { Execution, Item, Workflow, WorkflowNode } from '../../sandbox/n8n/types.mts';
import { START_TIMEOUT_MS, startEverything } from './n8n.mts';
import { databaseTexts, filesOf, holds } from './traces.mts';

const log: string[] = [];
let everything: Awaited<ReturnType<typeof startEverything>>;

beforeAll(async () => {
	everything = await startEverything('trust', {
		env: { N8N_LOG_LEVEL: 'debug', N8N_LOG_OUTPUT: 'console', CODE_ENABLE_STDOUT: 'true' },
		onLog: (line) => void log.push(line),
	});
}, START_TIMEOUT_MS);
afterAll(async () => await everything?.stop(), 60_000);
jest.setTimeout(180_000);

const SPEECH: Record<ProviderName, Record<string, unknown>> = {
	aimlApi: {
		model: { __rl: true, mode: 'id', value: 'openai/tts-1' },
		voice: { __rl: true, mode: 'id', value: 'alloy' },
	},
	convai: { voice: { __rl: true, mode: 'id', value: 'WUMale 1' } },
	pixazo: { model: { __rl: true, mode: 'list', value: 'vibevoice' } },
	vimmerse: {},
};
const PROVIDERS = Object.keys(SPEECH) as ProviderName[];

const start = { id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 };
const to = (...names: string[]) => ({ main: names.map((node) => [{ node, type: 'main', index: 0 }]) });

interface Narration {
	provider: ProviderName;
	texts: string[];
	/** Settings of the node: On Error, Retry On Fail. */
	settings?: Partial<WorkflowNode> & { retryOnFail?: boolean };
	options?: Record<string, unknown>;
	parameters?: Record<string, unknown>;
	/** Items in each iteration of a loop; without it there is no loop. */
	batchSize?: number;
}

function narrating({ provider, texts, settings, options, parameters, batchSize }: Narration): Workflow {
	const speech = {
		id: 'speech',
		name: 'Speech',
		type: `n8n-nodes-narration.${provider}`,
		typeVersion: 1,
		position: [600, 0],
		parameters: {
			resource: 'speech',
			operation: 'generate',
			text: '={{ $json.text }}',
			...SPEECH[provider],
			...parameters,
			options: { maxRetries: 0, concurrency: 1, pollInterval: 1, ...options },
		},
		credentials: {
			[PROVIDER_CHOICES[provider].credentialType]: { id: `demo-${provider}`, name: 'account' },
		},
		...settings,
	};
	const loop = {
		id: 'loop',
		name: 'Loop',
		type: 'n8n-nodes-base.splitInBatches',
		typeVersion: 3,
		position: [300, 0],
		parameters: { batchSize, options: {} },
	};
	return {
		name: `Trust: ${provider}`,
		nodes: [
			{ ...start, position: [0, 0], parameters: {} },
			...(batchSize ? [loop] : []),
			speech,
		] as WorkflowNode[],
		connections: batchSize
			? {
					Start: to('Loop'),
					Loop: { main: [[], [{ node: 'Speech', type: 'main', index: 0 }]] },
					Speech: to('Loop'),
				}
			: { Start: to('Speech') },
		pinData: { Start: texts.map((text) => ({ json: { text } })) },
	};
}

async function run(narration: Narration): Promise<Execution> {
	const { id } = await everything.n8n.createWorkflow(narrating(narration));
	return await everything.n8n.runWorkflow(id);
}

/** Presses Retry in the list of executions. */
async function retry({ id }: Execution): Promise<Execution> {
	const again = await everything.n8n.rest<{ id: string }>('POST', `/rest/executions/${id}/retry`, {
		loadWorkflow: false,
	});
	return await everything.n8n.finished(again.id);
}

/** The node's output at the given run, by default the last one. */
const outputOf = ({ runData }: Execution, turn = -1): Item[] =>
	runData.Speech?.at(turn)?.data?.main.flatMap((items) => items ?? []) ?? [];
const fileOf = (item: Item) => item.binary?.data?.id;
const generations = (provider: ProviderName) =>
	everything.sandbox.counters().hosts[provider]?.operations['speech.generate'];
/** Makes the next requested generation fail. */
const fail = (provider: ProviderName, scenario: Scenario = { status: 503 }) =>
	everything.sandbox.scenario({ provider, operation: 'speech.generate', times: 1, ...scenario });

describe.each(['aimlApi', 'pixazo', 'convai'] as const)('%s: nothing is paid for twice', (provider) => {
	beforeEach(() => everything.sandbox.reset());

	test.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
		'when the node retries on fail, On Error being %s',
		async (onError) => {
			fail(provider);

			const execution = await run({
				provider,
				texts: ['One.', 'Two.', 'Three.'],
				settings: { onError, retryOnFail: true, maxTries: 3, waitBetweenTries: 100 } as object,
			});

			expect(execution.status).toBe('success');
			expect(outputOf(execution).filter(fileOf)).toHaveLength(3);
			expect(generations(provider)).toMatchObject({ requests: 4, charges: 3 });
		},
	);

	test('when a failed execution is retried from the list', async () => {
		fail(provider);
		const failed = await run({ provider, texts: ['One.', 'Two.', 'Three.'] });
		expect(failed.status).toBe('error');
		expect(generations(provider)).toMatchObject({ requests: 3, charges: 2 });

		const again = await retry(failed);

		expect(again.status).toBe('success');
		expect(outputOf(again).filter(fileOf)).toHaveLength(3);
		expect(generations(provider)).toMatchObject({ requests: 4, charges: 3 });
	});

	test('while the turns of a loop with the same text each get their own', async () => {
		const execution = await run({ provider, texts: ['Same.', 'Same.', 'Same.'], batchSize: 1 });

		expect(execution.status).toBe('success');
		const files = [0, 1, 2].map((turn) => fileOf(outputOf(execution, turn)[0] as Item));
		expect(new Set(files).size).toBe(3);
		expect(generations(provider)).toMatchObject({ requests: 3, charges: 3 });
	});
});

test('a turn of a loop is not served what a turn before left when one of its items failed', async () => {
	everything.sandbox.reset();
	fail('convai');

	const execution = await run({
		provider: 'convai',
		texts: ['One.', 'Two.', 'One.', 'Two.'],
		batchSize: 2,
		settings: { onError: 'continueRegularOutput' },
	});

	const files = [0, 1].map((turn) => outputOf(execution, turn).map(fileOf));
	expect(files.map((turn) => turn.filter(Boolean).length)).toEqual([1, 2]);
	expect(files[0]).not.toContain(files[1]?.[1]);
	expect(generations('convai')).toMatchObject({ requests: 4, charges: 3 });
});

test('a loop whose second turn failed is retried from there, without paying for any turn again', async () => {
	const { sandbox } = everything;
	sandbox.reset();
	sandbox.scenario({ provider: 'convai', operation: 'speech.generate', times: 3 });
	fail('convai');
	const failed = await run({ provider: 'convai', texts: ['One.', 'Two.', 'Two.', 'One.'], batchSize: 2 });
	expect(failed.status).toBe('error');

	const again = await retry(failed);

	expect(again.status).toBe('success');
	expect(outputOf(again, 1).filter(fileOf)).toHaveLength(2);
	expect(generations('convai')).toMatchObject({ requests: 5, charges: 4 });
});

describe('a long text', () => {
	const LONG_TEXT = Array.from(
		{ length: 12 },
		(_, index) => `${index}. ${'The tide comes in twice a day, and nobody has to ask it. '.repeat(9)}`,
	).join('\n\n');

	test('is finished part by part by a retried execution', async () => {
		everything.sandbox.reset();
		everything.sandbox.configure({ audioSizeBytes: 96_044 });
		everything.sandbox.scenario({ provider: 'convai', operation: 'speech.generate', times: 2 });
		fail('convai');
		const failed = await run({ provider: 'convai', texts: [LONG_TEXT] });
		expect(failed.status).toBe('error');
		expect(generations('convai')).toMatchObject({ requests: 3, charges: 2 });

		const again = await retry(failed);

		const record = outputOf(again)[0]?.json as { parts: unknown[] };
		expect(record.parts.length).toBeGreaterThan(3);
		expect(generations('convai')).toMatchObject({
			requests: record.parts.length + 1,
			charges: record.parts.length,
		});
	});
});

/** Faults that could expose the key. Each item meets one of them, in this order. */
const TELLTALE: Array<{ text: string; scenario: Scenario }> = [
	quoting(400),
	quoting(200),
	quoting(500),
	{ text: 'Reset.', scenario: { reset: 'beforeRequest' } },
	{ text: 'Half an answer.', scenario: { reset: 'duringAnswer' } },
	{ text: 'A page.', scenario: { html: true } },
	{ text: 'Redirected audio.', scenario: { media: { redirect: 'otherHost' } } },
	{ text: 'A failed job.', scenario: { job: { outcome: 'FAILED', error: `Not with ${RIGHT_KEY}.` } } },
	{ text: 'Redirected.', scenario: { status: 307, body: 'gone' } },
	quoting(401),
];

/** A provider whose error message repeats the key after more words than a sentence usually has. */
function quoting(status: number): (typeof TELLTALE)[number] {
	const words = `${'no '.repeat(98)}${RIGHT_KEY} ${RIGHT_KEY}`;
	const error = status === 200 ? { message: words } : words;
	return {
		text: `Quoted with ${status}.`,
		scenario: { status, body: { message: words, detail: words, title: words, ERROR: words, error } },
	};
}

describe('after faults of all kinds the API key', () => {
	const outcomes: Execution[] = [];
	let requests: RecordedRequest[];
	const RECORDS = 1 + PROVIDERS.length * TELLTALE.length;

	beforeAll(async () => {
		const { sandbox } = everything;
		sandbox.reset();
		for (const provider of PROVIDERS) {
			for (const { scenario } of TELLTALE) {
				const headers = { location: `${sandbox.urls.media}/elsewhere` };
				fail(provider, scenario.status === 307 ? { ...scenario, headers } : scenario);
			}
			outcomes.push(
				await run({
					provider,
					texts: TELLTALE.map(({ text }) => text),
					settings: { onError: 'continueRegularOutput' },
					options: { timeout: 20 },
					parameters: { simplify: false },
				}),
			);
			fail(provider, quoting(401).scenario);
			outcomes.push(await run({ provider, texts: ['Refused.'] }));
			fail(provider, quoting(200).scenario);
			outcomes.push(await run({ provider, texts: ['Refused.'], parameters: { simplify: false } }));
		}
		requests = sandbox.requests();
	}, 300_000);

	test('was used, and quoted', () => {
		expect(outcomes.map(({ status }) => status)).toEqual(
			PROVIDERS.flatMap(() => ['success', 'error', 'error']),
		);
		expect(outcomes.filter((_, index) => index % 3 === 0).flatMap((each) => outputOf(each))).toHaveLength(
			RECORDS - 1,
		);
		expect(requests.filter(({ operation }) => operation === 'speech.generate').length).toBeGreaterThanOrEqual(
			RECORDS,
		);
	});

	test('is in no output and no error', () => {
		expect(holds(JSON.stringify(outcomes), 'no no no')).toBe(true);
		expect(holds(JSON.stringify(outcomes), RIGHT_KEY)).toBe(false);
	});

	test('went to the host of its provider alone', () => {
		expect(requests.filter(({ leaks }) => leaks.length > 0)).toEqual([]);
		expect(requests.filter(({ provider }) => provider === 'media').length).toBeGreaterThan(0);
		const transcript = JSON.stringify(requests.map(({ effect: _effect, ...request }) => request));
		expect(holds(transcript, 'Quoted with 400.')).toBe(true);
		expect(holds(transcript, RIGHT_KEY)).toBe(false);
	});

	test('is in no line of the log, not even of the debugging one', () => {
		expect(log.some((line) => line.includes('Running node "Speech" started'))).toBe(true);
		expect(log.filter((line) => holds(line, RIGHT_KEY)).map((line) => line.slice(0, 200))).toEqual([]);
	});

	test("is in n8n's database only in the credentials, which are encrypted", async () => {
		const rows = await databaseTexts(everything.userFolder);
		expect(
			rows.some(({ table, text }) => table === 'execution_data' && holds(text, 'Quoted with 400.')),
		).toBe(true);
		expect(rows.filter(({ table }) => table === 'credentials_entity')).not.toHaveLength(0);
		const tables = rows.filter(({ text }) => holds(text, RIGHT_KEY)).map(({ table }) => table);
		expect(tables).toEqual([]);
	});

	test("is in no file of n8n's folder", async () => {
		const files = await filesOf(everything.userFolder);
		expect(files.some(({ bytes }) => holds(bytes, 'Quoted with 400.'))).toBe(true);
		expect(files.filter(({ bytes }) => holds(bytes, RIGHT_KEY)).map(({ path }) => path)).toEqual([]);
	});
});
