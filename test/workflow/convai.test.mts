import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { cleanUp, runNode } from './harness.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	cleanUp();
});

const run = async (parameters: Record<string, unknown>, apiKey = RIGHT_KEY) =>
	await runNode('convai', parameters, { baseUrl: sandbox.urls.convai, apiKey });
const speak = async (voice: string, parameters: Record<string, unknown> = {}, apiKey?: string) =>
	await run(
		{
			resource: 'speech',
			operation: 'generate',
			text: 'Good morning.',
			voice: { __rl: true, mode: 'id', value: voice },
			...parameters,
		},
		apiKey,
	);
const sent = () => sandbox.requests({ provider: 'convai', operation: 'speech.generate' });

describe('Speech: Generate', () => {
	test('E.32: sends the key as CONVAI-API-KEY, with hyphens', async () => {
		const { error } = await speak('WUMale 1');
		expect(error).toBeUndefined();
		expect(sent()[0]!.headers).toMatchObject({ 'convai-api-key': '<credential>' });
	});

	test('E.33: asks for WAV unless MP3 is chosen', async () => {
		await speak('WUMale 1');
		await speak('WUMale 1', { options: { format: 'mp3' } });
		expect(sent().map(({ body }) => (body as { encoding: string }).encoding)).toEqual(['wav', 'mp3']);
	});

	test('E.33: MP3 on a voice that lacks it is told with what to choose instead', async () => {
		const { error } = await speak('AZURE-MULTILINGUAL-a274d6d359', { options: { format: 'mp3' } });
		expect(error!.message).toBe(
			"Convai did not accept the request (Incorrect encoding for the mentioned voice). Not every voice has MP3: choose WAV as 'Format' in Options, or another voice.",
		);
	});

	test('another format than it makes is refused before any request', async () => {
		const result = await speak('WUMale 1', { options: { format: 'ogg' } });

		expect(result.error!.message).toContain('Convai makes WAV and MP3');
		expect(sandbox.requests()).toHaveLength(0);
	});

	test('additional fields go over the others', async () => {
		await speak('WUMale 1', { options: { additionalFields: '{"filename":"morning"}' } });

		expect(sent()[0]!.body).toMatchObject({ filename: 'morning', encoding: 'wav' });
	});

	test('E.34: a plan without speech is told with the plan that has it', async () => {
		sandbox.scenario({ provider: 'convai', operation: 'speech.generate', status: 403, kind: 'plan' });
		const { error } = await speak('WUMale 1');
		expect(error!.message).toContain('Speech needs the Enterprise plan of Convai');
	});

	test('E.34: a wrong key is told as such', async () => {
		const { error } = await speak('WUMale 1', {}, 'wrong-key');
		expect(error!.message).toContain("Check 'API Key' in the Convai credential.");
	});

	test.each(['octetStream', 'noType'])(
		'E.36: takes audio whose Content-Type says nothing: %s',
		async (shape) => {
			sandbox.scenario({ provider: 'convai', operation: 'speech.generate', shape });
			const { error, outputs } = await speak('WUMale 1');
			expect(error).toBeUndefined();
			expect(outputs[0]![0]!.json).toMatchObject({
				audio: { fileName: 'narration.wav', mimeType: 'audio/wav' },
			});
		},
	);

	test('says that a voice cannot be had', async () => {
		const { error } = await speak('Nobody', { options: { maxRetries: 0 } });
		expect(error!.message).toContain('Error encountered while processing the TTS request');
	});
});

describe('Voice: Get Many', () => {
	const list = async (parameters: Record<string, unknown> = {}, apiKey?: string) =>
		await run({ resource: 'voice', operation: 'getAll', returnAll: true, ...parameters }, apiKey);
	const voices = async (filters: Record<string, string>) =>
		(await list({ filters })).outputs[0]!.map(({ json }) => json as Record<string, any>);

	test('lists the voices for production', async () => {
		const { error, outputs } = await list();

		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(384);
		expect(outputs[0]!.map(({ json }) => json.id)).not.toContain('SandboxDevelopmentVoice');
		expect(outputs[0]!.find(({ json }) => json.id === 'WUMale 1')!.json).toEqual({
			provider: 'convai',
			id: 'WUMale 1',
			name: expect.any(String),
			languages: ['en-US'],
			gender: 'male',
			section: 'GCP Voices',
			previewUrl: expect.stringMatching(/^https:/),
		});
	});

	test('reads the catalogue that older clients saw alike', async () => {
		const { outputs: today } = await list();
		sandbox.scenario({ provider: 'convai', operation: 'voice.getAll', shape: 'object' });
		const { outputs: earlier } = await list();
		expect(earlier[0]!.map(({ json }) => json.id).sort()).toEqual(
			today[0]!.map(({ json }) => json.id).sort(),
		);
	});

	test('lists as many as are wanted', async () => {
		const { outputs } = await list({ returnAll: false, limit: 7 });
		expect(outputs[0]).toHaveLength(7);
	});

	test('a language without a region finds those of every region', async () => {
		const regional = await voices({ language: 'de-DE' });
		const all = await voices({ language: 'DE' });
		expect(regional.length).toBeGreaterThan(0);
		expect(all.length).toBeGreaterThanOrEqual(regional.length);
		for (const { languages } of all) expect(languages.join()).toMatch(/\bde-/);
		for (const { languages } of regional) expect(languages).toContain('de-DE');
	});

	test('a language finds its own voices before those that speak many', async () => {
		const counts = (await voices({ language: 'es-ES' })).map(({ languages }): number => languages.length);
		expect(counts).toEqual([...counts].sort((a, b) => a - b));
		expect(counts[0]).toBe(1);
		expect(counts.at(-1)).toBeGreaterThan(20);
	});

	test('finds by gender, section and words of the name, all at once', async () => {
		const found = await voices({ gender: 'female', section: 'elevenlabs', search: 'us  MIDDLE-aged' });
		expect(found.length).toBeGreaterThan(0);
		for (const { gender, name, section } of found) {
			expect([gender, section]).toEqual(['female', 'Elevenlabs Voices']);
			expect(name).toMatch(/middle-aged/i);
			expect(name).toMatch(/us/i);
		}
	});

	test('finds nothing where nothing is', async () => {
		expect(await voices({ search: 'klingon' })).toEqual([]);
	});

	test('E.34: a plan without the voice list is told with the plan that has it', async () => {
		sandbox.scenario({ provider: 'convai', operation: 'voice.getAll', status: 403, kind: 'plan' });
		expect((await list()).error!.message).toContain('the voice list the Professional plan');
	});
});

describe('Account: Get Usage', () => {
	test('puts out the plan and what is used of it', async () => {
		await speak('WUMale 1');
		const { error, outputs } = await run({ resource: 'account', operation: 'getUsage' });

		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json }) => json)).toEqual([
			{
				provider: 'convai',
				balance: null,
				currency: null,
				plan: 'Enterprise Plan',
				usage: [
					{ name: 'interactions', used: 12, limit: 100_000 },
					{ name: 'provider_pool_1', used: 'Good morning.'.length, limit: 100_000 },
					{ name: 'core-api', used: 34, limit: 100_000 },
					{ name: 'pixel_streaming', used: 0, limit: 100_000 },
				],
				expiresAt: '2027-12-31T23:59:59.000Z',
			},
		]);
	});

	test('says that the key is refused', async () => {
		const { error } = await run({ resource: 'account', operation: 'getUsage' }, 'wrong-key');
		expect(error!.message).toContain("Check 'API Key' in the Convai credential.");
	});
});
