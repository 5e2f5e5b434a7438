import type { BinaryReference, Item, Workflow } from '../../sandbox/n8n/types.mts';
import type { ProviderName } from '../../sandbox/core/types.mts';
import { RIGHT_KEY } from '../../sandbox/sandbox.mts';
import { claimedSeconds, openScratch, OTHER_PROGRAMS, type AudioFile } from './longAudio.mts';
import { START_TIMEOUT_MS, startEverything } from './n8n.mts';
import { longArticle, longDialogue } from './texts/assemble.mts';

/**
 * Enough for several parts at every provider. A book (`NARRATION_LONG_CHARACTERS=100000`) takes
 * minutes per node.
 */
const CHARACTERS = Number(process.env.NARRATION_LONG_CHARACTERS ?? 12_000);
const DIALOGUE_CHARACTERS = 30_000;
const PAUSE_MS = 400;
/** The sandbox generates speech for about two hundred characters a second. */
const RUN_SECONDS = 180 + CHARACTERS / 100;
/** On both sides of a part's beginning or end. */
const JOIN_SECONDS = 0.002;

interface System {
	provider: ProviderName;
	credentialType: string;
	extension: 'wav' | 'mp3';
	captions: 'srt' | 'vtt';
	parameters: Record<string, unknown>;
}

const locator = (value: string) => ({ __rl: true, mode: 'id', value });

const SYSTEMS: System[] = [
	{
		provider: 'aimlApi',
		credentialType: 'aimlApi',
		extension: 'mp3',
		captions: 'srt',
		parameters: { model: locator('openai/tts-1'), voice: locator('alloy') },
	},
	{
		provider: 'convai',
		credentialType: 'convaiApi',
		extension: 'wav',
		captions: 'vtt',
		parameters: { voice: locator('WUMale 1') },
	},
	{
		provider: 'pixazo',
		credentialType: 'pixazoApi',
		extension: 'wav',
		captions: 'srt',
		parameters: { model: locator('vibevoice') },
	},
	{
		provider: 'vimmerse',
		credentialType: 'vimmerseApi',
		extension: 'mp3',
		captions: 'vtt',
		parameters: { voice: 'AutoV', engine: 'ElevenLabsTTS' },
	},
];
const POLLING: ProviderName[] = ['pixazo', 'vimmerse'];

interface Part {
	url: string | null;
	startSeconds: number;
	endSeconds: number;
	text: string;
}

interface Narration {
	provider: ProviderName;
	text: string;
	record: {
		text: { characters: number; requests: number };
		audio: { durationSeconds: number; sampleRateHz: number; sizeBytes: number; fileName: string };
		parts: Part[];
	};
	bytes: Buffer;
	captions: Buffer;
}

let everything: Awaited<ReturnType<typeof startEverything>>;
const scratch = openScratch();

beforeAll(async () => {
	everything = await startEverything('long-text');
}, START_TIMEOUT_MS);

afterAll(async () => {
	scratch.close();
	await everything?.stop();
}, 60_000);

function workflowFor({ provider, credentialType, captions, parameters }: System, text: string): Workflow {
	const options = { pause: PAUSE_MS, captions, ...(POLLING.includes(provider) && { pollInterval: 0.2 }) };
	const node = (name: string, type: string, at: number, more: object) => ({
		...{ id: name, name, type, typeVersion: 1, position: [at, 0] as [number, number], parameters: {} },
		...more,
	});
	return {
		name: `Long text: ${provider}`,
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 0, {}),
			node('Speech', `n8n-nodes-narration.${provider}`, 220, {
				parameters: { resource: 'speech', operation: 'generate', text, ...parameters, options },
				credentials: { [credentialType]: { id: `demo-${provider}`, name: provider } },
			}),
		],
		connections: { Start: { main: [[{ node: 'Speech', type: 'main', index: 0 }]] } },
	};
}

async function narrate(system: System, text: string): Promise<Narration> {
	everything.sandbox.reset();
	const { id } = await everything.n8n.createWorkflow(workflowFor(system, text));
	const { status, runData, error } = await everything.n8n.runWorkflow(id);
	expect({ status, sentence: error?.message ?? '' }).toEqual({ status: 'success', sentence: '' });
	const [item, ...others] = (runData.Speech?.[0]?.data?.main[0] ?? []) as Item[];
	expect(others).toEqual([]);
	const read = async (field: string) =>
		await everything.n8n.readBinary(item?.binary?.[field] as BinaryReference);
	return {
		provider: system.provider,
		text,
		record: item?.json as unknown as Narration['record'],
		bytes: await read('data'),
		captions: await read('data_captions'),
	};
}

const withoutSpeakers = (text: string) => text.replace(/^Speaker \d: /gm, '');

const lettersOf = (text: string) => text.replace(/\s/gu, '');

/**
 * The index in the text after this many UTF-16 units that are not white space, counted from `from`.
 */
function endOfLetters(text: string, from: number, count: number): number {
	let end = from;
	for (let left = count; left > 0; end += 1) if (/\S/u.test(text[end] as string)) left -= 1;
	return end;
}

/** The pause after a part, by the text's punctuation at the part's end. */
function pauseSecondsAfter(text: string, part: Part, from: number): { pauseSeconds: number; end: number } {
	const end = endOfLetters(text, from, lettersOf(withoutSpeakers(part.text)).length);
	const gap = /^\s*/.exec(text.slice(end))?.[0] ?? '';
	const isSentence = /[.!?。！？؟…]["»”’]?$/u.test(part.text);
	const times = gap.includes('\n\n') ? 2 : isSentence ? 1 : 0;
	return { pauseSeconds: (times * PAUSE_MS) / 1000, end };
}

/**
 * The provider's file of a part: from its address, or without an address by repeating the same
 * request.
 */
async function partAsGiven({ provider }: Narration, part: Part): Promise<Buffer> {
	if (part.url !== null) return Buffer.from(await (await fetch(part.url)).arrayBuffer());
	const asked = everything.sandbox
		.requests({ provider, operation: 'speech.generate' })
		.find(({ body }) => (body as { transcript?: string }).transcript === part.text);
	const response = await fetch(`${everything.sandbox.urls[provider]}${asked?.path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'convai-api-key': RIGHT_KEY },
		body: JSON.stringify(asked?.body),
	});
	return Buffer.from(await response.arrayBuffer());
}

describe.each(SYSTEMS)('a long text through $provider in a real n8n', (system) => {
	let narration: Narration;
	let file: AudioFile;
	let parts: AudioFile[];

	beforeAll(async () => {
		narration = await narrate(system, longArticle(CHARACTERS));
		const { record, bytes } = narration;
		const joins = record.parts
			.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])
			.slice(1, -1)
			.map((at) => ({ from: at - JOIN_SECONDS, to: at + JOIN_SECONDS }));
		file = await scratch.decode(`joined.${system.extension}`, bytes, record.audio.sampleRateHz, joins);
		parts = [];
		for (const part of record.parts) {
			const given = await partAsGiven(narration, part);
			parts.push(await scratch.decode(`part.${system.extension}`, given, record.audio.sampleRateHz));
		}
	}, 2_000 * RUN_SECONDS);

	test('is one file, as long as its parts and the pauses between them', () => {
		const { record, text } = narration;
		expect(record.parts.length).toBeGreaterThan(2);
		let at = 0;
		const pauses = record.parts.map((part) => {
			const { pauseSeconds, end } = pauseSecondsAfter(text, part, at);
			at = end;
			return pauseSeconds;
		});
		const expected =
			parts.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0) +
			pauses.slice(0, -1).reduce((sum, pause) => sum + pause, 0);
		expect(Math.abs(file.durationSeconds - expected)).toBeLessThan(0.05);
		expect(Math.abs(file.durationSeconds - record.audio.durationSeconds)).toBeLessThan(0.05);
	});

	test('says all of the text, in parts that lie where the record says', () => {
		const { record, text } = narration;
		const said = record.parts.map((part) => withoutSpeakers(part.text)).join('');
		expect(lettersOf(said)).toBe(lettersOf(text));
		expect(record.text).toEqual({ characters: [...text].length, requests: record.parts.length });
		for (const [index, part] of record.parts.entries()) {
			const lasts = part.endSeconds - part.startSeconds;
			expect(Math.abs(lasts - (parts[index]?.durationSeconds ?? 0))).toBeLessThan(0.05);
			expect(part.startSeconds).toBeGreaterThanOrEqual(record.parts[index - 1]?.endSeconds ?? 0);
		}
	});

	test('does not click where parts are joined', () => {
		const quietest = Math.min(...parts.map((part) => part.largestStep));
		expect(Math.max(...file.windowSteps)).toBeLessThanOrEqual(quietest / 4);
	});

	test('has captions that another program reads, within the audio and one after the other', () => {
		const captions = scratch.readCaptions(`captions.${system.captions}`, narration.captions);
		expect(captions.length).toBeGreaterThan(narration.record.parts.length);
		for (const [index, { startSeconds, endSeconds, text }] of captions.entries()) {
			expect(startSeconds).toBeGreaterThanOrEqual(captions[index - 1]?.endSeconds ?? 0);
			expect(endSeconds).toBeGreaterThan(startSeconds);
			expect(endSeconds).toBeLessThanOrEqual(file.durationSeconds + 0.001);
			expect(text.split('\n').length).toBeLessThanOrEqual(2);
		}
	});

	test(
		'is a file that other programs have nothing to say against',
		async () => {
			expect(file.complaints).toBe('');
			expect(Math.abs(claimedSeconds(file.path) - file.durationSeconds)).toBeLessThan(0.05);
			const bySox = (await OTHER_PROGRAMS.sox(file.path)) ?? file.durationSeconds;
			expect(Math.abs(bySox - file.durationSeconds)).toBeLessThan(0.1);
			if (system.extension !== 'mp3') return;
			const byMpg123 = await OTHER_PROGRAMS.mpg123(file.path, narration.record.audio.sampleRateHz);
			expect(Math.abs((byMpg123 ?? file.durationSeconds) - file.durationSeconds)).toBeLessThan(0.1);
			expect((await OTHER_PROGRAMS.mp3val(file.path)) ?? []).toEqual([]);
		},
		1_000 * RUN_SECONDS,
	);
});

test(
	'four speakers keep their voices in every part of a long dialogue',
	async () => {
		const pixazo = SYSTEMS.find(({ provider }) => provider === 'pixazo') as System;
		const { record, text } = await narrate(pixazo, longDialogue(DIALOGUE_CHARACTERS));

		const spoken = everything.sandbox
			.requests({ provider: 'pixazo', operation: 'speech.generate' })
			.sort((a, b) => partOf(record.parts, a.jobId) - partOf(record.parts, b.jobId))
			.map((request) => request.spoken);
		expect(spoken.length).toBeGreaterThan(5);
		const written = text.split('\n').map((line) => /^Speaker (\d): (.*)$/.exec(line) as RegExpExecArray);
		expect(spoken.flat().map((turn) => turn.text)).toEqual(written.map(([, , said]) => said));
		const voices = written.map(([, speaker], index) => `${speaker} is ${spoken.flat()[index]?.voice}`);
		expect(new Set(voices).size).toBe(4);
		expect(new Set(spoken.flat().map(({ voice }) => voice)).size).toBe(4);
	},
	2_000 * RUN_SECONDS,
);

function partOf(parts: ReadonlyArray<Part & { jobId?: string | null }>, jobId: string | null): number {
	return parts.findIndex((part) => part.jobId === jobId);
}
