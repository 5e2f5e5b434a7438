import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { ProviderName } from '../../sandbox/core/types.mts';
import type { Item, Workflow } from '../../sandbox/n8n/types.mts';
import { decode, liveliness } from './audio.mts';
import { START_TIMEOUT_MS, startEverything } from './n8n.mts';

/** Every key that a record has, whichever provider made it; `[]` and values stand for themselves. */
const RECORD_KEYS = [
	'provider',
	'kind',
	'model',
	'status',
	'job.id',
	'job.providerStatus',
	'job.statusUrl',
	'job.charged',
	'audio.url',
	'audio.urls',
	'audio.fileName',
	'audio.mimeType',
	'audio.sizeBytes',
	'audio.durationSeconds',
	'audio.sampleRateHz',
	'audio.channels',
	'credits.used',
	'credits.usd',
	'text.characters',
	'text.requests',
	'parts',
	'error',
	'createdAt',
	'completedAt',
].sort();

/** The names of all members, those of nested objects after a dot. */
function keysOf(value: object, prefix = ''): string[] {
	return Object.entries(value)
		.flatMap(([key, member]) =>
			member !== null && typeof member === 'object' && !Array.isArray(member)
				? keysOf(member as object, `${prefix}${key}.`)
				: [`${prefix}${key}`],
		)
		.sort();
}

interface SpeechSystem {
	file: string;
	provider: ProviderName;
	model: string | null;
	extension: string;
	mimeType: string;
	/** Nothing is left to download then. */
	answersWithBytes?: boolean;
}

const SYSTEMS: SpeechSystem[] = [
	{
		file: 'aimlApi-tts-1',
		provider: 'aimlApi',
		model: 'openai/tts-1',
		extension: 'mp3',
		mimeType: 'audio/mpeg',
	},
	{
		file: 'aimlApi-vibevoice-7b',
		provider: 'aimlApi',
		model: 'microsoft/vibevoice-7b',
		extension: 'wav',
		mimeType: 'audio/wav',
	},
	{
		file: 'pixazo-vibevoice',
		provider: 'pixazo',
		model: 'vibevoice',
		extension: 'wav',
		mimeType: 'audio/wav',
	},
	{
		file: 'pixazo-vibevoice-realtime',
		provider: 'pixazo',
		model: 'vibevoice-realtime-0-5b-135',
		extension: 'wav',
		mimeType: 'audio/wav',
	},
	{
		file: 'convai',
		provider: 'convai',
		model: null,
		extension: 'wav',
		mimeType: 'audio/wav',
		answersWithBytes: true,
	},
	{
		file: 'vimmerse',
		provider: 'vimmerse',
		model: 'ElevenLabsTTS',
		extension: 'mp3',
		mimeType: 'audio/mpeg',
	},
];

/** One system for each provider. */
const PROVIDERS = SYSTEMS.filter(
	({ provider }, index) => SYSTEMS.findIndex((other) => other.provider === provider) === index,
);

const SAME_TEXT = 'The same words, spoken by four different voices, have to come out in the same shape.';

function readWorkflow(file: string): Workflow {
	const path = join(resolve('test/end-to-end/workflows'), `${file}.json`);
	return JSON.parse(readFileSync(path, 'utf8')) as Workflow;
}

function withText(workflow: Workflow, text: string): Workflow {
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Speech' ? { ...node, parameters: { ...node.parameters, text } } : node,
	);
	return { ...workflow, nodes };
}

let everything: Awaited<ReturnType<typeof startEverything>>;

beforeAll(async () => {
	everything = await startEverything('end-to-end');
}, START_TIMEOUT_MS);

afterAll(async () => {
	await everything?.stop();
}, 60_000);

/** Runs a workflow in n8n and returns what its Speech node put out. */
async function speak(workflow: Workflow): Promise<Item> {
	const { id } = await everything.n8n.createWorkflow(workflow);
	const { status, runData, error } = await everything.n8n.runWorkflow(id);
	const sentence = error ? `${error.message} ${error.description ?? ''}` : '';
	expect({ status, sentence }).toEqual({ status: 'success', sentence: '' });
	const items = runData.Speech?.[0]?.data?.main[0] ?? [];
	expect(items).toHaveLength(1);
	return items[0] as Item;
}

describe.each(SYSTEMS)(
	'Speech of $file in a real n8n',
	({ file, provider, model, extension, mimeType, answersWithBytes }) => {
		let item: Item;
		let bytes: Buffer;

		beforeAll(async () => {
			everything.sandbox.reset();
			item = await speak(readWorkflow(file));
			const reference = item.binary?.data;
			if (!reference) throw new Error('No binary data came out.');
			bytes = await everything.n8n.readBinary(reference);
		}, 60_000);

		test('puts out the record, with every key and what it is about', () => {
			expect(keysOf(item.json)).toEqual(RECORD_KEYS);
			expect(item.json).toMatchObject({ provider, kind: 'speech', model, status: 'completed', error: null });
		});

		test('puts out a file with the right extension and MIME type', () => {
			expect(item.binary?.data).toMatchObject({ fileExtension: extension, mimeType });
			expect(item.binary?.data?.fileName).toMatch(new RegExp(`^[^.]+\\.${extension}$`));
			expect(decode(bytes).container).toBe(extension);
		});

		test('says in the record what decoding the file says', () => {
			const { audio } = item.json as {
				audio: { sizeBytes: number; durationSeconds: number; mimeType: string };
			};
			expect(audio).toMatchObject({
				sizeBytes: bytes.length,
				mimeType,
				fileName: item.binary?.data?.fileName,
			});
			expect(Math.abs(audio.durationSeconds - decode(bytes).durationSeconds)).toBeLessThan(0.2);
		});

		test('is speech of some seconds, neither silence nor a tone', () => {
			const audio = decode(bytes);
			expect(audio.durationSeconds).toBeGreaterThan(5);
			expect(liveliness(audio).loudness).toBeGreaterThan(0.4);
			expect(liveliness(audio).timbre).toBeGreaterThan(0.4);
		});

		test('is paid for once, and the media host sees no credential', () => {
			const { hosts, total } = everything.sandbox.counters();
			expect(hosts[provider]?.operations['speech.generate']?.charges).toBe(1);
			expect(total.leaks).toBe(0);
			const downloads = everything.sandbox.requests({ provider: 'media' });
			expect(downloads.map(({ status }) => status)).toEqual(answersWithBytes ? [] : [200]);
		});
	},
);

test('the same text through each of the four nodes yields the same keys', async () => {
	const keys: Record<string, string[]> = {};
	for (const { file, provider } of PROVIDERS) {
		const { json, binary } = await speak(withText(readWorkflow(file), SAME_TEXT));
		keys[provider] = [...keysOf(json), ...Object.keys(binary ?? {}).map((name) => `binary.${name}`)];
	}
	const expected = [...RECORD_KEYS, 'binary.data'];
	expect(keys).toEqual({ aimlApi: expected, pixazo: expected, convai: expected, vimmerse: expected });
}, 120_000);
