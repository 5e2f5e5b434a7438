import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { binaryBytes, cleanUp, runNode, type NodeName } from './harness.mts';
import { speechParameters, SYSTEMS, type SpeechSystem } from './systems.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	cleanUp();
});

const TEXT = 'Good morning, and welcome to the show.';
const speak = async (system: SpeechSystem, parameters: Record<string, unknown> = {}) =>
	await runNode(system.node, speechParameters(system, { text: TEXT, ...parameters }), {
		baseUrl: sandbox.urls[system.node],
		apiKey: RIGHT_KEY,
	});

describe.each(SYSTEMS)('$name', (system) => {
	test('puts out the record and the audio', async () => {
		const run = await speak(system);

		expect(run.error).toBeUndefined();
		const [item] = run.outputs[0]!;
		expect(item!.json).toMatchObject({
			provider: system.node,
			kind: 'speech',
			model: system.model,
			status: 'completed',
			audio: {
				fileName: `narration.${system.extension}`,
				mimeType: system.mimeType,
				durationSeconds: expect.any(Number),
				sampleRateHz: expect.any(Number),
				channels: expect.any(Number),
			},
			text: { characters: TEXT.length, requests: 1 },
			parts: [],
			error: null,
		});
		const { audio, createdAt, completedAt } = item!.json as Record<string, any>;
		expect(audio.durationSeconds).toBeGreaterThan(1);
		for (const time of [createdAt, completedAt]) expect(new Date(time).toISOString()).toBe(time);
		expect(item!.binary!.data).toMatchObject({
			fileName: `narration.${system.extension}`,
			fileExtension: system.extension,
			mimeType: system.mimeType,
		});
		expect((await binaryBytes(item!)).length).toBe(audio.sizeBytes);
		expect(item!.pairedItem).toEqual({ item: 0 });
	});

	test('sends exactly what the provider documents', async () => {
		await speak(system);

		const [request] = sandbox.requests({ provider: system.node, operation: 'speech.generate' });
		expect(request).toMatchObject({
			method: 'POST',
			path: system.path,
			credential: 'right',
			headers: { [system.keyHeader]: '<credential>', 'content-type': 'application/json' },
			body: system.body(TEXT),
			accepted: true,
		});
		expect(Object.keys(request!.body as object).sort()).toEqual(Object.keys(system.body(TEXT)).sort());
	});

	test('shows the media host no credential', async () => {
		await speak(system);

		const downloads = sandbox.requests({ provider: 'media' });
		expect(downloads).toHaveLength(system.sendsBytes ? 0 : 1);
		for (const download of downloads) expect(download).toMatchObject({ status: 200, leaks: [] });
		expect(sandbox.counters().total.leaks).toBe(0);
	});

	test('leaves the file with the provider when it is not to be downloaded', async () => {
		const run = await speak(system, { downloadAudio: false });

		const [item] = run.outputs[0]!;
		expect(item!.json).toMatchObject({ status: 'completed' });
		// Without an address the file is the only copy, so paid audio is not discarded.
		expect(Object.keys(item!.binary ?? {})).toEqual(system.sendsBytes ? ['data'] : []);
		expect((item!.json as any).audio.url).toEqual(system.sendsBytes ? null : expect.stringMatching(/^http/));
	});

	test('adds the untouched answer when it is not to be simplified', async () => {
		const run = await speak(system, { simplify: false });

		const [item] = run.outputs[0]!;
		if (system.sendsBytes) expect(item!.json).toHaveProperty('providerResponse', null);
		else expect(Object.keys(item!.json.providerResponse as object).length).toBeGreaterThan(1);
	});

	test('names the file and its field as the user does', async () => {
		const run = await speak(system, {
			binaryPropertyName: 'voiceover',
			options: { fileName: 'Morning News' },
		});

		expect(run.outputs[0]![0]!.binary!.voiceover).toMatchObject({
			fileName: `Morning News.${system.extension}`,
		});
	});
});

test('the same text through all four nodes yields the same keys', async () => {
	const runs = await Promise.all(SYSTEMS.map(async (system) => await speak(system)));

	const keys = runs.map((run) => keysOf(run.outputs[0]![0]!.json));
	for (const own of keys) expect(own).toEqual(keys[0]);
});

function keysOf(value: unknown, path = ''): string[] {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
	return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`));
}

describe('answers in every documented shape', () => {
	const shapes: Array<[node: NodeName, shape: string, system: number]> = [
		['aimlApi', 'string', 0],
		['aimlApi', 'object', 0],
		['aimlApi', 'bytes', 0],
		['aimlApi', 'string', 1],
		['aimlApi', 'object', 1],
		['aimlApi', 'bytes', 1],
		['vimmerse', 'none', 5],
		['vimmerse', 'data', 5],
	];
	test.each(shapes)('%s: %s (system %i)', async (provider, shape, index) => {
		sandbox.scenario({ provider, operation: 'speech.generate', shape });

		const run = await speak(SYSTEMS[index]!);

		expect(run.error).toBeUndefined();
		const [item] = run.outputs[0]!;
		expect(item!.json).toMatchObject({ status: 'completed', audio: { durationSeconds: expect.any(Number) } });
		expect((await binaryBytes(item!)).length).toBeGreaterThan(10_000);
	});

	test('a generic MIME type is seen through', async () => {
		sandbox.scenario({ name: 'mediaWrongType', provider: 'pixazo' });

		const run = await speak(SYSTEMS[2]!);

		expect(run.outputs[0]![0]!.binary!.data).toMatchObject({ mimeType: 'audio/wav', fileExtension: 'wav' });
	});
});

describe('scripts', () => {
	const systems = SYSTEMS.filter((system) => system.takesScripts);
	const script = (text: string) => ({ text });

	test.each(systems)('$name: a dialogue is spoken by as many voices', async (system) => {
		await speak(system, script('Speaker 1: Good morning!\nSpeaker 2: Good morning.\nHow are you?'));

		const [request] = sandbox.requests({ provider: system.node, operation: 'speech.generate' });
		expect((request!.body as any).script).toBe(
			'Speaker 0: Good morning!\nSpeaker 1: Good morning. How are you?',
		);
		expect((request!.body as any).speakers).toHaveLength(2);
		expect(new Set(request!.spoken.map(({ voice }) => voice)).size).toBe(2);
		expect(request!.spoken.map(({ text }) => text)).toEqual(['Good morning!', 'Good morning. How are you?']);
	});

	test.each(systems)('$name: too few speakers are refused before any request', async (system) => {
		const run = await speak(system, {
			...script('Speaker 0: One.\nSpeaker 1: Two.\nSpeaker 2: Three.'),
			speakers: {
				speaker: [
					{ source: 'preset', preset: 'Frank [EN]' },
					{ source: 'preset', preset: 'Carter [EN]' },
				],
			},
		});

		expect(run.status).toBe('error');
		expect(run.error!.message).toContain('3 speakers');
		expect(run.error!.message).toContain('has 2');
		expect(sandbox.requests()).toHaveLength(0);
	});

	test.each(systems)('$name: a speaker without a voice is refused before any request', async (system) => {
		const run = await speak(system, { speakers: { speaker: [{ source: 'sample', audioUrl: '' }] } });

		expect(run.error!.message).toContain("Speaker 1 in 'Speakers' has no 'Sample URL'");
		expect(sandbox.requests()).toHaveLength(0);
	});
});
