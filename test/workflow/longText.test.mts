import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ffmpeg from '@ffmpeg-installer/ffmpeg';

import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { binaryBytes, cleanUp, runNode, type NodeRunOptions } from './harness.mts';
import { speechParameters, SYSTEMS } from './systems.mts';

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
	sandbox = await startSandbox();
	folder = mkdtempSync(join(tmpdir(), 'narration-long-'));
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	rmSync(folder, { recursive: true, force: true });
	cleanUp();
});

const convai = SYSTEMS.find(({ node }) => node === 'convai')!;
const speak = async (parameters: Record<string, unknown>, settings: Partial<NodeRunOptions> = {}) =>
	await runNode('convai', speechParameters(convai, parameters), {
		baseUrl: sandbox.urls.convai,
		apiKey: RIGHT_KEY,
		...settings,
	});

const PARAGRAPH =
	'The tide comes in twice a day, and nobody has ever had to ask it. It knows the way. Some come early, others late. ';
const LONG_TEXT = Array.from({ length: 12 }, (_, index) => `${index}. ${PARAGRAPH.repeat(5).trim()}`).join(
	'\n\n',
);

/** Seconds of audio, by an independent decoder's sample count. */
function decodedSeconds(bytes: Buffer): number {
	const file = join(folder, 'audio');
	writeFileSync(file, bytes);
	const samples = execFileSync(
		ffmpeg.path,
		['-v', 'error', '-i', file, '-f', 's16le', '-ac', '1', '-ar', '24000', '-'],
		{
			maxBuffer: 1 << 30,
		},
	);
	return samples.length / 2 / 24_000;
}

test('a long text becomes one file, as long as its parts and pauses', async () => {
	const run = await speak({ text: LONG_TEXT, options: { pause: 400 } });

	expect(run.error).toBeUndefined();
	const record = run.outputs[0]![0]!.json as Record<string, any>;
	expect(record.parts.length).toBeGreaterThan(3);
	expect(record.text).toEqual({ characters: LONG_TEXT.length, requests: record.parts.length });
	expect(sandbox.counters().total.charges).toBe(record.parts.length);
	const spoken = sandbox
		.requests({ provider: 'convai' })
		.map(({ body }) => (body as any).transcript as string);
	for (const text of spoken) expect(text.length).toBeLessThanOrEqual(2000);
	expect(spoken.sort()).toEqual(record.parts.map(({ text }: any) => text).sort());

	const sum = record.parts.reduce(
		(total: number, part: any) => total + part.endSeconds - part.startSeconds,
		0,
	);
	// Every part of this text ends with a paragraph, so the pause is doubled.
	const pauses = (record.parts.length - 1) * 0.8;
	expect(Math.abs(decodedSeconds(await binaryBytes(run.outputs[0]![0]!)) - sum - pauses)).toBeLessThan(0.05);
	expect(Math.abs(record.audio.durationSeconds - sum - pauses)).toBeLessThan(0.05);
});

test('plain text at a VibeVoice model is cut, and pauses, where its paragraphs end', async () => {
	const pixazo = SYSTEMS.find(({ node, name }) => node === 'pixazo' && /VibeVoice$/.test(name))!;
	const run = await runNode(
		'pixazo',
		speechParameters(pixazo, { text: LONG_TEXT, options: { pause: 400, pollInterval: 0.1 } }),
		{ baseUrl: sandbox.urls.pixazo, apiKey: RIGHT_KEY },
	);

	expect(run.error).toBeUndefined();
	const { parts } = run.outputs[0]![0]!.json as Record<string, any>;
	expect(parts.length).toBeGreaterThan(1);
	for (const [index, { text, startSeconds }] of parts.entries()) {
		expect(text).toMatch(/^Speaker 0: \d+\. The tide .* Some come early, others late\.$/);
		if (index > 0) expect(startSeconds - parts[index - 1].endSeconds).toBeCloseTo(0.8, 3);
	}
});

describe('a part that fails', () => {
	test('fails the item, which keeps what the other parts cost and where they are', async () => {
		sandbox.scenario({ provider: 'convai', operation: 'speech.generate', status: 400, times: 1 });

		const run = await speak(
			{ text: LONG_TEXT, options: { concurrency: 2 } },
			{ onError: 'continueErrorOutput' },
		);

		const { details } = run.outputs[1]![0]!.json as Record<string, any>;
		// Two requests were sent: the one that was accepted, and the one that was rejected.
		expect(details).toMatchObject({ status: 'failed', error: { code: 'rejected' }, text: { requests: 2 } });
		expect(details.parts).toHaveLength(4);
		// One of the two running parts failed; the others were not started.
		expect(sandbox.counters().hosts.convai!.operations['speech.generate']).toMatchObject({
			requests: 2,
			charges: 1,
		});
	});

	test('keeps those from being sent that wait for their turn', async () => {
		sandbox.scenario({ provider: 'convai', status: 429, retryAfterSeconds: 2, times: 1 });
		sandbox.scenario({ provider: 'convai', status: 400, headersDelayMs: 500, times: 1 });

		const run = await speak({ text: LONG_TEXT, options: { concurrency: 2 } });

		expect(run.error!.message).toContain('did not accept the request');
		expect(sandbox.counters().total).toMatchObject({ requests: 2, charges: 0 });
	});

	test('and that every other request would meet too, is told by its own refusal', async () => {
		sandbox.scenario({ provider: 'convai', operation: 'speech.generate', times: 1, status: 503 });
		sandbox.scenario({
			provider: 'convai',
			operation: 'speech.generate',
			times: 1,
			status: 402,
			headersDelayMs: 100,
		});

		const run = await speak({ text: LONG_TEXT, options: { concurrency: 3 } });

		expect(run.error!.message).toContain('credits');
		expect(run.error!.message).not.toContain('Nothing more was sent');
		expect(sandbox.counters().total.charges).toBeGreaterThan(0);
	});

	test('is all that a retry of the node generates', async () => {
		sandbox.scenario({ provider: 'convai', operation: 'speech.generate', status: 400, times: 1 });

		const run = await speak({ text: LONG_TEXT, options: { concurrency: 2 } }, { retryOnFail: true });

		expect(run.error).toBeUndefined();
		const { parts } = run.outputs[0]![0]!.json as Record<string, any>;
		expect(sandbox.counters().hosts.convai!.operations['speech.generate']).toMatchObject({
			requests: parts.length + 1,
			charges: parts.length,
		});
	});
});

test('formats that cannot be joined are refused before anything is spent', async () => {
	const run = await runNode(
		'aimlApi',
		speechParameters(SYSTEMS[0]!, { text: LONG_TEXT, options: { format: 'opus' } }),
		{ baseUrl: sandbox.urls.aimlApi, apiKey: RIGHT_KEY },
	);

	expect(run.error!.message).toContain('OPUS cannot be joined');
	expect(run.error!.message).toContain('WAV or MP3');
	expect(sandbox.requests()).toHaveLength(0);
});

test('a text too long is refused when the user wants that', async () => {
	const run = await runNode(
		'aimlApi',
		speechParameters(SYSTEMS[0]!, { text: LONG_TEXT, options: { longText: 'refuse' } }),
		{ baseUrl: sandbox.urls.aimlApi, apiKey: RIGHT_KEY },
	);

	expect(run.error!.message).toContain('takes 4096');
	expect(sandbox.requests()).toHaveLength(0);
});

test('MP3 parts become one MP3', async () => {
	const run = await runNode('aimlApi', speechParameters(SYSTEMS[0]!, { text: LONG_TEXT }), {
		baseUrl: sandbox.urls.aimlApi,
		apiKey: RIGHT_KEY,
	});

	expect(run.error).toBeUndefined();
	const [item] = run.outputs[0]!;
	const { parts, audio } = item!.json as Record<string, any>;
	expect(parts.length).toBeGreaterThan(1);
	expect(audio).toMatchObject({ fileName: 'narration.mp3', mimeType: 'audio/mpeg', url: null });
	expect(audio.urls).toEqual(parts.map(({ url }: any) => url));
	expect(Math.abs(decodedSeconds(await binaryBytes(item!)) - audio.durationSeconds)).toBeLessThan(0.05);
});

test('parts that are not downloaded are no single file, which is said once', async () => {
	const items = [{ json: {} }, { json: {} }];

	const run = await runNode(
		'aimlApi',
		speechParameters(SYSTEMS[0]!, { text: LONG_TEXT, downloadAudio: false }),
		{ baseUrl: sandbox.urls.aimlApi, apiKey: RIGHT_KEY, items },
	);

	expect(run.outputs[0]!.map(({ json }) => (json as Record<string, any>).audio.url)).toEqual([null, null]);
	expect(run.hints.filter((hint) => hint.includes("'Download Audio' is off"))).toHaveLength(1);
});

test('captions lie within the audio', async () => {
	const run = await speak({
		text: 'One sentence. And another one, a little longer than the first.',
		options: { captions: 'srt' },
	});

	const [item] = run.outputs[0]!;
	expect(item!.binary!.data_captions).toMatchObject({ fileName: 'narration.srt', fileExtension: 'srt' });
	const srt = (await binaryBytes(item!, 'data_captions')).toString();
	expect(srt).toMatch(/^1\n00:00:00,000 --> 00:00:0\d,\d{3}\nOne sentence\./);
});

test('HTML is spoken without its markup', async () => {
	await speak({
		text: '<h2>Tides</h2><p>Twice a <a href="https://example.com">day</a> &amp; night.</p>',
		options: { textFormat: 'html' },
	});

	const [request] = sandbox.requests({ provider: 'convai' });
	expect((request!.body as any).transcript).toBe('Tides.\n\nTwice a day & night.');
});

test('a text that takes several requests cannot be handed over', async () => {
	const pixazo = SYSTEMS.find(({ node }) => node === 'pixazo')!;

	const run = await runNode('pixazo', speechParameters(pixazo, { text: LONG_TEXT, completion: 'submit' }), {
		baseUrl: sandbox.urls.pixazo,
		apiKey: RIGHT_KEY,
	});

	expect(run.error!.message).toContain("Choose Wait for Audio as 'Completion'");
	expect(sandbox.requests()).toHaveLength(0);
});
