import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { SPEECH_MODELS } from '../../nodes/AimlApi/models';
import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { PUBLISHED_MODELS } from '../unit/AimlApi/schema.mts';
import { binaryBytes, cleanUp, runNode } from './harness.mts';

let sandbox: Sandbox;
let catalogue: Server;
/** The answer of the catalogue's stand-in. */
let catalogueAnswers: (url: URL) => { status: number; body: string };

beforeAll(async () => {
	sandbox = await startSandbox();
	catalogue = createServer((request, response) => {
		const { status, body } = catalogueAnswers(new URL(request.url as string, 'http://localhost'));
		response.writeHead(status, { 'content-type': 'application/json' }).end(body);
	});
	await new Promise<void>((resolve) => catalogue.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	catalogue.close();
	await sandbox.stop();
	cleanUp();
});

const run = async (parameters: Record<string, unknown>, baseUrl = sandbox.urls.aimlApi) =>
	await runNode('aimlApi', parameters, { baseUrl, apiKey: RIGHT_KEY });
const speak = async (model: string, parameters: Record<string, unknown> = {}) =>
	await run({
		resource: 'speech',
		operation: 'generate',
		model: { __rl: true, mode: 'list', value: model },
		text: 'Good morning.',
		...parameters,
	});
const sent = () => sandbox.requests({ provider: 'aimlApi', operation: 'speech.generate' });
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

describe('Speech: Generate', () => {
	test.each(PUBLISHED_MODELS.map(({ model }) => model))('%s speaks', async (model) => {
		const { error, outputs } = await speak(model);

		expect(error).toBeUndefined();
		expect(sent()).toHaveLength(1);
		const { json, binary } = outputs[0]![0]! as Record<string, any>;
		expect(json).toMatchObject({ provider: 'aimlApi', model, status: 'completed', text: { requests: 1 } });
		expect(json.audio.durationSeconds).toBeGreaterThan(0.3);
		expect(binary.data.mimeType).toBe(json.audio.mimeType);
	});

	test.each([
		['minimax/speech-2.6-hd', 'mp3', 'audio/mpeg', 'mp3'],
		['minimax/speech-2.8-hd', 'flac', 'audio/flac', 'flac'],
		['minimax/speech-2.8-hd', 'pcm', 'audio/pcm', 'pcm'],
		['openai/tts-1', 'pcm', 'audio/pcm', 'pcm'],
		['openai/tts-1', 'opus', 'audio/ogg', 'opus'],
		['openai/tts-1', 'aac', 'audio/aac', 'aac'],
		['bytedance/seed-audio-1-0', 'ogg_opus', 'audio/ogg', 'opus'],
		['elevenlabs/v3_alpha', 'mp3_22050_32', 'audio/mpeg', 'mp3'],
		['elevenlabs/v3_alpha', 'ulaw_8000', 'audio/basic', 'ulaw'],
		['deepgram/aura-2', 'alaw', 'audio/pcma', 'alaw'],
		['hume/octave-2', 'mp3', 'audio/mpeg', 'mp3'],
	])('%s in %s becomes a file that says what it is: %s', async (model, format, mimeType, extension) => {
		const { error, outputs } = await speak(model, { options: { format } });

		expect(error).toBeUndefined();
		const { json, binary } = outputs[0]![0]! as Record<string, any>;
		expect(json.audio.mimeType).toBe(mimeType);
		expect(json.audio.fileName).toMatch(new RegExp(`^narration\\.${extension}`));
		expect(binary.data.mimeType).toBe(mimeType);
		expect((await binaryBytes(outputs[0]![0]!)).length).toBe(json.audio.sizeBytes);
	});

	test('refuses a format that the model has not, before anything is sent', async () => {
		const { error } = await speak('hume/octave-2', { options: { format: 'flac' } });

		expect(error!.message).toBe(
			`'Format' in Options cannot be "flac": Octave 2 makes wav and mp3. Change it, or choose another 'Model'.`,
		);
		expect(sent()).toHaveLength(0);
	});

	test("refuses an option's value that the model does not take, before anything is sent", async () => {
		const { error } = await speak('elevenlabs/v3_alpha', { options: { speed: 2 } });

		expect(error!.message).toContain(
			`'Speed' in Options cannot be 2: Eleven v3 Alpha takes numbers from 0.7 to 1.2.`,
		);
		expect(sent()).toHaveLength(0);
	});

	test('sends each option under the key that the model has for it', async () => {
		const options = {
			speed: 1.5,
			pitch: 2,
			volume: 2,
			emotion: 'happy',
			language: 'de-DE',
			sampleRate: 24000,
		};
		const { error } = await speak('minimax/speech-2.8-hd', { voice: byId('Abbess'), options });

		expect(error).toBeUndefined();
		expect(sent()[0]!.body).toEqual({
			model: 'minimax/speech-2.8-hd',
			text: 'Good morning.',
			voice_setting: { voice_id: 'Abbess', speed: 1.5, pitch: 2, vol: 2, emotion: 'happy' },
			audio_setting: { sample_rate: 24000 },
			language_boost: 'German',
			stream: false,
		});
	});

	test('says in the words of AI/ML API that a model does not exist', async () => {
		const { error } = await speak('', { model: byId('acme/speech-9') });

		expect(error!.message).toMatch(/^AI\/ML API did not accept the request \(.*Invalid enum value.*\)\. /);
	});

	test('says in the words of AI/ML API that a voice does not exist', async () => {
		const { error } = await speak('openai/tts-1', { voice: byId('nobody') });

		expect(error!.message).toMatch(/voice: Invalid enum value/);
	});

	test('takes an older id of a Deepgram voice', async () => {
		const { error, outputs } = await speak('', { model: byId('#g1_aura-2-zeus-en') });

		expect(error).toBeUndefined();
		expect(sent()[0]!.body).toMatchObject({ model: 'deepgram/aura-2', voice: 'zeus' });
		expect(outputs[0]![0]!.json).toMatchObject({ model: 'deepgram/aura-2' });
	});

	test('takes the model from an expression, and its options with it', async () => {
		const { error } = await speak('', {
			model: byId("={{ 'openai/' + 'tts-1' }}"),
			options: { speed: 2, format: 'wav', emotion: 'happy' },
		});

		expect(error).toBeUndefined();
		expect(sent()[0]!.body).toMatchObject({ model: 'openai/tts-1', speed: 2, response_format: 'wav' });
		expect(sent()[0]!.body).not.toHaveProperty('emotion');
	});

	test.each(['string', 'object', 'bytes'])('E.1 to E.3: takes the answer in the shape %s', async (shape) => {
		sandbox.scenario({ provider: 'aimlApi', operation: 'speech.generate', shape });
		const { error, outputs } = await speak('microsoft/vibevoice-7b');

		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json).toMatchObject({ audio: { mimeType: 'audio/wav', sampleRateHz: 24000 } });
	});

	const dialogue = (first: number) => `Speaker ${first}: Good morning.\nSpeaker ${first + 1}: Hello.`;
	test('E.5: gives every speaker of the script a voice when none are set', async () => {
		await speak('microsoft/vibevoice-7b', { text: dialogue(0) });
		expect(sent()[0]!.body).toMatchObject({
			speakers: [{ preset: 'Alice [EN]' }, { preset: 'Alice [EN] (Background Music)' }],
		});
	});

	test('E.5: refuses fewer speakers than the script has, before anything is sent', async () => {
		const { error } = await speak('microsoft/vibevoice-7b', {
			text: dialogue(0),
			speakers: { speaker: [{ source: 'preset', preset: 'Maya [EN]' }] },
		});
		expect(error!.message).toContain("has 2 speakers, but 'Speakers' has 1");
		expect(sent()).toHaveLength(0);
	});

	test.each([0, 1])('E.6: a script numbered from %i is sent from 0', async (first) => {
		await speak('microsoft/vibevoice-1.5b', { text: dialogue(first) });
		expect(sent()[0]!.body).toMatchObject({ script: 'Speaker 0: Good morning.\nSpeaker 1: Hello.' });
	});

	test('E.6: plain text is sent as the turn of one speaker', async () => {
		await speak('microsoft/vibevoice-1.5b', { text: 'Good morning.\nHello.' });
		expect(sent()[0]!.body).toMatchObject({ script: 'Speaker 0: Good morning. Hello.' });
	});

	test('E.7: a text over the limit is made in several requests', async () => {
		const text = 'Good morning, and welcome to the show. '.repeat(20).trim();
		const { error, outputs } = await speak('alibaba/qwen3-tts-flash', { text });
		expect(error).toBeUndefined();
		expect(sent()).toHaveLength(2);
		for (const { body } of sent()) expect((body as { text: string }).text.length).toBeLessThanOrEqual(600);
		expect(outputs[0]![0]!.json).toMatchObject({ text: { requests: 2 } });
	});

	test('E.9: the extension is that of the audio, whatever its address ends with', async () => {
		const { outputs } = await speak('inworld/tts-1');
		const { audio } = outputs[0]![0]!.json as Record<string, any>;
		expect(audio).toMatchObject({ fileName: 'narration.wav', mimeType: 'audio/wav' });
		expect(audio.url).toMatch(/\.mp3$/);
	});

	test.each([
		['a lying type', 'application/octet-stream'],
		['no type', ''],
	])('takes raw PCM from a host that declares %s', async (_what, contentType) => {
		sandbox.scenario({ provider: 'aimlApi', operation: 'speech.generate', media: { contentType } });
		const { error, outputs } = await speak('elevenlabs/v3_alpha', { options: { format: 'pcm_16000' } });
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json).toMatchObject({
			audio: { fileName: 'narration.pcm', mimeType: 'audio/pcm' },
		});
	});

	test('E.10: the key goes along, and the model is named once', async () => {
		await speak('microsoft/vibevoice-7b');
		expect(sent()[0]).toMatchObject({
			headers: { authorization: '<credential>' },
			body: { model: 'microsoft/vibevoice-7b' },
		});
	});

	test.each([
		['preset', 'Preset'],
		['sample', 'Sample URL'],
	])('E.12: a speaker without its %s is refused before anything is sent', async (source, field) => {
		const { error } = await speak('microsoft/vibevoice-7b', {
			speakers: { speaker: [{ source, preset: '', audioUrl: '' }] },
		});
		expect(error!.message).toContain(`Speaker 1 in 'Speakers' has no '${field}'`);
		expect(sent()).toHaveLength(0);
	});

	test('E.12: a sample is sent without a preset beside it', async () => {
		const audioUrl = 'https://example.com/voice.wav';
		await speak('microsoft/vibevoice-7b', { speakers: { speaker: [{ source: 'sample', audioUrl }] } });
		expect(sent()[0]!.body).toMatchObject({ speakers: [{ audio_url: audioUrl }] });
	});

	test('E.22: the preset that Pixazo calls Mary is sent as Alice', async () => {
		const preset = "={{ 'Mary [EN] (Background Music)' }}";
		const { error } = await speak('microsoft/vibevoice-7b', {
			speakers: { speaker: [{ source: 'preset', preset }] },
		});
		expect(error).toBeUndefined();
		expect(sent()[0]!.body).toMatchObject({ speakers: [{ preset: 'Alice [EN] (Background Music)' }] });
	});
});

describe('Model: Get Many', () => {
	const list = async (parameters: Record<string, unknown>, baseUrl?: string) =>
		await run({ resource: 'model', operation: 'getAll', ...parameters }, baseUrl);
	const catalogueUrl = () => `http://127.0.0.1:${(catalogue.address() as AddressInfo).port}`;
	const answerWith = (body: unknown, status = 200) => {
		catalogueAnswers = () => ({ status, body: JSON.stringify(body) });
	};

	test('lists the speech models and no others', async () => {
		const { error, outputs } = await list({ returnAll: true });

		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json }) => json.id).sort()).toEqual(
			PUBLISHED_MODELS.map(({ model }) => model).sort(),
		);
		expect(outputs[0]!.find(({ json }) => json.id === 'openai/tts-1')!.json).toEqual({
			provider: 'aimlApi',
			id: 'openai/tts-1',
			name: 'TTS-1',
			maxCharacters: 4096,
			formats: ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'],
			voices: 11,
		});
		expect(sandbox.requests({ provider: 'aimlApi', operation: 'model.getAll' })).toHaveLength(1);
	});

	test('lists as many as are wanted', async () => {
		expect((await list({ limit: 3 })).outputs[0]).toHaveLength(3);
	});

	test('adds a model that the node does not know, with null for what is not known of it', async () => {
		const type = 'internal/text-to-speech';
		const rows = [
			{ id: 'acme/speech-9', type, info: { name: 'Speech 9', extra: true } },
			{ id: 'acme/renamed', type, aliases: ['openai/tts-1'] },
			{ id: 'acme/writer', type: 'chat-completion' },
			{ id: 'acme/bare', type, info: null, aliases: 'none' },
			{ type },
			null,
		];
		answerWith({ object: 'list', data: rows });
		const { outputs } = await list({ returnAll: true }, catalogueUrl());

		const unknown = { provider: 'aimlApi', maxCharacters: null, formats: null, voices: null };
		expect(outputs[0]!.slice(PUBLISHED_MODELS.length).map(({ json }) => json)).toEqual([
			{ ...unknown, id: 'acme/speech-9', name: 'Speech 9' },
			{ ...unknown, id: 'acme/bare', name: 'acme/bare' },
		]);
	});

	test('finds speech models by their schema when the type is called otherwise', async () => {
		const docsJson = 'https://api.aimlapi.com/docs-json?model=acme&endpoint=internal/text-to-speech';
		catalogueAnswers = (url) => ({
			status: 200,
			body: JSON.stringify({
				data: url.searchParams.has('type') ? [] : [{ id: 'acme/speech-9', type: 'tts', info: { docsJson } }],
			}),
		});
		const { outputs } = await list({ returnAll: true }, catalogueUrl());

		expect(outputs[0]!.at(-1)!.json).toMatchObject({ id: 'acme/speech-9' });
	});

	test.each([
		['an empty list', { data: [] }, 200],
		['something else', { unexpected: true }, 200],
		['null', null, 200],
		['a refusal', { message: 'Bad request' }, 400],
	])('lists what the node knows when the catalogue answers with %s', async (_what, body, status) => {
		answerWith(body, status);
		const { error, outputs } = await list({ returnAll: true }, catalogueUrl());

		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(PUBLISHED_MODELS.length);
	});

	test('lists what the node knows when the network is down', async () => {
		const { error, outputs } = await list({ returnAll: true }, 'http://127.0.0.1:9');

		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(PUBLISHED_MODELS.length);
	});
});

describe('Voice: Get Many', () => {
	const list = async (parameters: Record<string, unknown>) =>
		await run({ resource: 'voice', operation: 'getAll', returnAll: true, ...parameters });

	test('lists the voices of a model', async () => {
		const { outputs } = await list({ model: byId('microsoft/mai-voice-2') });

		expect(outputs[0]).toHaveLength(21);
		expect(outputs[0]!.at(-1)!.json).toEqual({
			provider: 'aimlApi',
			id: 'es-ES-ElviraNeural',
			name: 'es-ES-ElviraNeural',
			languages: ['es-ES'],
			gender: null,
			section: 'microsoft/mai-voice-2',
			previewUrl: null,
		});
	});

	test('lists the presets of a model with speakers', async () => {
		const { outputs } = await list({ model: byId('microsoft/vibevoice-7b') });
		expect(outputs[0]!.map(({ json }) => json.languages)).toEqual([
			...Array.from({ length: 5 }, () => ['en']),
			...Array.from({ length: 3 }, () => ['zh']),
		]);
	});

	test('lists the voices of all models when none is chosen', async () => {
		const { outputs } = await list({ model: { __rl: true, mode: 'list', value: '' } });
		const withVoices = SPEECH_MODELS.filter(({ voice, presets }) => voice ?? presets);
		expect(new Set(outputs[0]!.map(({ json }) => json.section))).toEqual(
			new Set(withVoices.map(({ id }) => id)),
		);
	});

	test('refuses a model whose voices it does not know', async () => {
		const { error } = await list({ model: byId('acme/speech-9') });
		expect(error!.message).toContain("no list of the voices of 'acme/speech-9'");
	});
});

describe('Account: Get Balance', () => {
	const balance = async (baseUrl?: string) =>
		await run({ resource: 'account', operation: 'getBalance' }, baseUrl);

	test('puts out the balance', async () => {
		const { error, outputs } = await balance();

		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json }) => json)).toEqual([
			{ provider: 'aimlApi', balance: 100, currency: 'USD', plan: null, usage: [], expiresAt: null },
		]);
	});

	test('says which key is refused', async () => {
		const { error } = await runNode(
			'aimlApi',
			{ resource: 'account', operation: 'getBalance' },
			{ baseUrl: sandbox.urls.aimlApi, apiKey: 'wrong-key' },
		);
		expect(error!.message).toContain("Check 'API Key' in the AI/ML API credential.");
	});
});
