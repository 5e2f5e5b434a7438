/**
 * Tests every operation of every node in a real n8n against the sandbox. Runs
 * `workflows/<name>.json` and compares the output of its last node with `expected/<name>.json`.
 */
import type { INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';

import { PROVIDERS, type ProviderName } from '../../sandbox/core/types.mts';
import type { Item, Workflow } from '../../sandbox/n8n/types.mts';
import { decode, liveliness } from './audio.mts';
import { comparable, expectation, expectationNames } from './expectation.mts';
import { START_TIMEOUT_MS, startEverything } from './n8n.mts';
import { ITEM_KEYS, keysOfRecord, RECORD_KEYS } from './record.mts';
import { operationOf, readWorkflow, withText, workflowNames } from './workflows.mts';

const isSpeech = (name: string) => operationOf(name) === 'speech.generate';
const yieldsAudio = (name: string) => !(operationOf(name) in ITEM_KEYS);
/** An upload returns no new audio, because its audio exists already. */
const yieldsFile = (name: string) => yieldsAudio(name) && operationOf(name) !== 'audio.upload';

/** Paid operations of workflows whose name does not show them. */
const CHARGES: Record<string, string[]> = {
	'pixazo.job.get': ['pixazo.speech.generate'],
	'vimmerse.asset.get': ['vimmerse.music.generate'],
	'vimmerse.audio.upload': ['aimlApi.speech.generate', 'vimmerse.audio.upload'],
};
const chargesOf = (name: string) =>
	CHARGES[name] ?? (/\.generate\b/.test(name) ? [name.split('.').slice(0, 3).join('.')] : []);

const SAME_TEXT = 'The same words, spoken by four different voices, have to come out in the same shape.';

let everything: Awaited<ReturnType<typeof startEverything>>;

beforeAll(async () => {
	everything = await startEverything('end-to-end');
}, START_TIMEOUT_MS);

afterAll(async () => {
	await everything?.stop();
}, 60_000);

/** Runs a workflow in n8n and returns the output of its last node. */
async function outputOf(workflow: Workflow): Promise<Item[]> {
	const { id } = await everything.n8n.createWorkflow(workflow);
	const { status, runData, error } = await everything.n8n.runWorkflow(id);
	const sentence = error ? `${error.message} ${error.description ?? ''}` : '';
	expect({ status, sentence }).toEqual({ status: 'success', sentence: '' });
	return runData[workflow.nodes.at(-1)?.name ?? '']?.[0]?.data?.main[0] ?? [];
}

/** All charged operations, as `<provider>.<operation>`. */
function charged(): string[] {
	return PROVIDERS.flatMap((provider) =>
		Object.entries(everything.sandbox.counters().hosts[provider]?.operations ?? {}).flatMap(
			([operation, { charges }]) => Array<string>(charges).fill(`${provider}.${operation}`),
		),
	).sort();
}

async function bytesOf({ binary }: Item): Promise<Buffer> {
	if (!binary?.data) throw new Error('No binary data came out.');
	return await everything.n8n.readBinary(binary.data);
}

describe.each(workflowNames)('%s in a real n8n', (name) => {
	let items: Item[];

	beforeAll(async () => {
		everything.sandbox.reset();
		items = await outputOf(readWorkflow(name));
	}, 60_000);

	test('puts out what is expected of it', async () => {
		const actual = comparable(items, everything.sandbox.urls);
		expect(actual).toEqual(await expectation(name, actual));
	});

	test('puts out the keys that every provider puts out', () => {
		expect(items.length).toBeGreaterThan(0);
		for (const { json } of items) {
			if (yieldsAudio(name)) expect(keysOfRecord(json)).toEqual(RECORD_KEYS);
			else expect(Object.keys(json).sort()).toEqual(ITEM_KEYS[operationOf(name)]);
		}
	});

	test('pays for what it makes, and once', () => {
		expect(charged()).toEqual(chargesOf(name));
	});

	test('shows no credential to the media host', () => {
		expect(everything.sandbox.counters().total.leaks).toBe(0);
	});

	if (yieldsFile(name)) describe('yields a file', () => hasTrueFile(() => items[0] as Item));
	if (isSpeech(name)) describe('speaks', () => hasSpeech(() => items[0] as Item));
});

function hasTrueFile(itemOf: () => Item): void {
	test('of which the record says what decoding it says', async () => {
		const { json, binary } = itemOf();
		const bytes = await bytesOf(itemOf());
		const { container, durationSeconds } = decode(bytes);
		const { audio } = json as { audio: { sizeBytes: number; durationSeconds: number } };
		expect(binary?.data).toMatchObject({ fileExtension: container });
		expect(audio).toMatchObject({
			sizeBytes: bytes.length,
			mimeType: binary?.data?.mimeType,
			fileName: binary?.data?.fileName,
		});
		expect(Math.abs(audio.durationSeconds - durationSeconds)).toBeLessThan(0.2);
	});
}

function hasSpeech(itemOf: () => Item): void {
	test('for some seconds, neither silence nor a tone', async () => {
		const audio = decode(await bytesOf(itemOf()));
		expect(audio.durationSeconds).toBeGreaterThan(5);
		expect(liveliness(audio).loudness).toBeGreaterThan(0.4);
		expect(liveliness(audio).timbre).toBeGreaterThan(0.4);
	});
}

test.each(PROVIDERS)('every operation of %s has a workflow', async (node) => {
	const described = await everything.n8n.rest<INodeTypeDescription[]>('POST', '/rest/node-types', {
		nodeInfos: [{ name: `n8n-nodes-narration.${node}`, version: 1 }],
	});
	const workflows = workflowNames.filter((name) => name.startsWith(`${node}.`)).map(operationOf);
	expect(described.flatMap(operationsOf).sort()).toEqual([...new Set(workflows)].sort());
});

test('every expectation is of a workflow', () => {
	expect(expectationNames()).toEqual(workflowNames);
});

/** Parameters that n8n itself adds to every node with a credential. */
const ADDED_BY_N8N = '__CUSTOM_API_CALL__';

/** `<resource>.<operation>` for every entry in a node's drop-downs. */
function operationsOf({ properties }: INodeTypeDescription): string[] {
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options }) =>
			(options as INodePropertyOptions[])
				.filter(({ value }) => value !== ADDED_BY_N8N)
				.map(({ value }) => `${displayOptions?.show?.resource?.[0]}.${value}`),
		);
}

test('the same text through each of the four nodes yields the same keys', async () => {
	const keys: Partial<Record<ProviderName, string[]>> = {};
	for (const provider of PROVIDERS) {
		const workflow = withText(readWorkflow(`${provider}.speech.generate`), SAME_TEXT);
		const [item] = (await outputOf(workflow)) as [Item];
		const files = Object.keys(item.binary ?? {}).map((field) => `binary.${field}`);
		keys[provider] = [...keysOfRecord(item.json), ...files];
	}
	const expected = [...RECORD_KEYS, 'binary.data'];
	expect(keys).toEqual({ aimlApi: expected, pixazo: expected, convai: expected, vimmerse: expected });
}, 120_000);
