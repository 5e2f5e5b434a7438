import type { BinaryReference, Item, Workflow } from '../../sandbox/n8n/types.mts';
import type { ProviderName } from '../../sandbox/core/types.mts';
import { RIGHT_KEY } from '../../sandbox/sandbox.mts';
import { claimedSeconds, largestStep, openScratch, OTHER_PROGRAMS, type AudioFile } from './longAudio.mts';
import { START_TIMEOUT_MS, startEverything } from './n8n.mts';
import { longArticle, longDialogue } from './texts/assemble.mts';

/** Enough for several parts at every provider; issue-sized texts take a minute per node, by `NARRATION_LONG_CHARACTERS=100000`. */
const CHARACTERS = Number(process.env.NARRATION_LONG_CHARACTERS ?? 12_000);
const DIALOGUE_CHARACTERS = 30_000;
const PAUSE_MS = 400;
const RUN_TIMEOUT_MS = 300_000;

interface System {
	provider: ProviderName;
	credentialType: string;
	extension: 'wav' | 'mp3';
	captions: 'srt' | 'vtt';
	parameters: Record<string, unknown>;
	/** What it is sent is a script: plain text becomes one turn, in which a line break is a space. */
	isScript?: boolean;
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
		isScript: true,
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

/** The pause that belongs after a part, by what the text has where the part ends. */
function pauseSecondsAfter(text: string, part: Part, from: number): { pauseSeconds: number; end: number } {
	const spoken = withoutSpeakers(part.text);
	const end = text.indexOf(spoken, from) + spoken.length;
	const gap = /^\s*/.exec(text.slice(end))?.[0] ?? '';
	const isSentence = /[.!?。！？؟…]["»”’]?$/u.test(part.text);
	const times = gap.includes('\n\n') ? 2 : isSentence ? 1 : 0;
	return { pauseSeconds: (times * PAUSE_MS) / 1000, end };
}

/** The part as the provider gave it: from its address, or where there is none by asking for the same once more. */
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
		file = scratch.decode(`joined.${system.extension}`, bytes, record.audio.sampleRateHz);
		parts = [];
		for (const part of record.parts) {
			const given = await partAsGiven(narration, part);
			parts.push(scratch.decode(`part.${system.extension}`, given, record.audio.sampleRateHz));
		}
	}, RUN_TIMEOUT_MS);

	test('is one file, as long as its parts and the pauses between them', () => {
		const { record } = narration;
		const text = system.isScript ? narration.text.replace(/\n+/g, ' ') : narration.text;
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
		const letters = (written: string) => written.replace(/\s/gu, '');
		expect(letters(record.parts.map((part) => withoutSpeakers(part.text)).join(''))).toBe(letters(text));
		expect(record.text).toEqual({ characters: [...text].length, requests: record.parts.length });
		for (const [index, part] of record.parts.entries()) {
			const lasts = part.endSeconds - part.startSeconds;
			expect(Math.abs(lasts - (parts[index]?.durationSeconds ?? 0))).toBeLessThan(0.05);
			expect(part.startSeconds).toBeGreaterThanOrEqual(record.parts[index - 1]?.endSeconds ?? 0);
		}
	});

	test('does not click where parts are joined', () => {
		const { sampleRateHz } = narration.record.audio;
		const around = (seconds: number, halfMs: number) =>
			largestStep(
				file.samples,
				(seconds - halfMs / 1000) * sampleRateHz,
				(seconds + halfMs / 1000) * sampleRateHz,
			);
		const quietest = Math.min(...parts.map(({ samples }) => largestStep(samples, 0, samples.length)));
		const edges = narration.record.parts.flatMap(({ startSeconds, endSeconds }) => [
			startSeconds,
			endSeconds,
		]);
		const steps = edges.slice(1, -1).map((seconds) => around(seconds, 2));
		expect(Math.max(...steps)).toBeLessThanOrEqual(quietest / 4);
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

	test('is a file that other programs have nothing to say against', () => {
		expect(file.complaints).toBe('');
		expect(Math.abs(claimedSeconds(file.path) - file.durationSeconds)).toBeLessThan(0.05);
		const bySox = OTHER_PROGRAMS.sox(file.path) ?? file.durationSeconds;
		expect(Math.abs(bySox - file.durationSeconds)).toBeLessThan(0.1);
		if (system.extension !== 'mp3') return;
		const byMpg123 = OTHER_PROGRAMS.mpg123(file.path, narration.record.audio.sampleRateHz);
		expect(Math.abs((byMpg123 ?? file.durationSeconds) - file.durationSeconds)).toBeLessThan(0.1);
		expect(OTHER_PROGRAMS.mp3val(file.path) ?? []).toEqual([]);
	});
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
	RUN_TIMEOUT_MS,
);

function partOf(parts: ReadonlyArray<Part & { jobId?: string | null }>, jobId: string | null): number {
	return parts.findIndex((part) => part.jobId === jobId);
}
