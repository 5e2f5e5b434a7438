import { startSandbox, type ProviderName, type Sandbox } from '../../../sandbox/sandbox.mts';
import { ask, type Question } from './ask.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const PATHS: Record<ProviderName, string> = {
	aimlApi: '/v1/tts',
	convai: '/tts/',
	pixazo: '/vibevoice/v1/vibevoice/generateRequest',
	vimmerse: '/v2/audio/text-2-speech',
};
const GOOD_BODIES: Record<ProviderName, Record<string, unknown>> = {
	aimlApi: { model: 'openai/tts-1', text: 'Hello.' },
	convai: { transcript: 'Hello.', voice: 'Ned - nerdy cartoon sound_MALE_11LABS' },
	pixazo: { script: 'Speaker 0: Hello.' },
	vimmerse: { prompt: 'Hello.' },
};
const providers = Object.keys(PATHS) as ProviderName[];

describe('What every stand-in refuses, and does not charge for', () => {
	type Row = [
		what: string,
		provider: ProviderName,
		question: Question & { path?: string },
		status: number,
		says: RegExp,
	];
	const rows: Row[] = [
		['no key', 'aimlApi', { key: null, json: GOOD_BODIES.aimlApi }, 401, /API key/],
		['no key', 'convai', { key: null, json: GOOD_BODIES.convai }, 403, /api_key error/],
		['no key', 'pixazo', { key: null, json: GOOD_BODIES.pixazo }, 401, /missing subscription key/],
		['no key', 'vimmerse', { key: null, json: GOOD_BODIES.vimmerse }, 401, /Missing or invalid API key/],
		['a wrong key', 'aimlApi', { key: 'wrong', json: GOOD_BODIES.aimlApi }, 401, /Invalid API key/],
		[
			'a wrong key',
			'convai',
			{ key: 'wrong', json: GOOD_BODIES.convai },
			403,
			/"API_ERROR":"Invalid API key provided\."/,
		],
		['a wrong key', 'pixazo', { key: 'wrong', json: GOOD_BODIES.pixazo }, 401, /invalid subscription key/],
		[
			'a wrong key',
			'vimmerse',
			{ key: 'wrong', json: GOOD_BODIES.vimmerse },
			401,
			/Missing or invalid API key/,
		],
		[
			'a key without Bearer',
			'aimlApi',
			{ headers: { authorization: 'sandbox-key' }, json: GOOD_BODIES.aimlApi },
			401,
			/API key/,
		],
		[
			'a misspelt header',
			'convai',
			{ key: null, headers: { 'CONVAI-API_KEY': 'sandbox-key' }, json: GOOD_BODIES.convai },
			403,
			/api_key/,
		],
		[
			'an unknown field',
			'aimlApi',
			{ json: { ...GOOD_BODIES.aimlApi, colour: 1 } },
			400,
			/Body validation error!.*colour/,
		],
		['an unknown field', 'convai', { json: { ...GOOD_BODIES.convai, colour: 'x' } }, 400, /colour/],
		['an unknown field', 'pixazo', { json: { ...GOOD_BODIES.pixazo, colour: 1 } }, 400, /colour/],
		['an unknown field', 'vimmerse', { json: { ...GOOD_BODIES.vimmerse, colour: 1 } }, 422, /colour/],
		['a field of the wrong type', 'aimlApi', { json: { ...GOOD_BODIES.aimlApi, speed: '1' } }, 400, /speed/],
		[
			'a field of the wrong type',
			'convai',
			{ json: { ...GOOD_BODIES.convai, filename: 1 } },
			400,
			/filename/,
		],
		['a field of the wrong type', 'pixazo', { json: { ...GOOD_BODIES.pixazo, seed: 'x' } }, 400, /seed/],
		['a field of the wrong type', 'vimmerse', { json: { prompt: 1 } }, 422, /valid string/],
		[
			'a text over the limit',
			'aimlApi',
			{ json: { model: 'openai/tts-1', text: 'a'.repeat(4_097) } },
			400,
			/4096/,
		],
		['a text over the limit', 'vimmerse', { json: { prompt: 'a'.repeat(5_001) } }, 422, /5000/],
		[
			'a body that is no JSON',
			'aimlApi',
			{ body: '{', headers: { 'content-type': 'application/json' } },
			400,
			/Body validation/,
		],
		[
			'a body that is no JSON',
			'convai',
			{ body: '{', headers: { 'content-type': 'application/json' } },
			400,
			/JSON/,
		],
		[
			'a body that is no JSON',
			'pixazo',
			{ body: '{', headers: { 'content-type': 'application/json' } },
			400,
			/JSON/,
		],
		[
			'a body that is no JSON',
			'vimmerse',
			{ body: '{', headers: { 'content-type': 'application/json' } },
			422,
			/valid dictionary/,
		],
		[
			'JSON under another type',
			'aimlApi',
			{ body: '{}', headers: { 'content-type': 'text/plain' } },
			400,
			/Body validation/,
		],
		['a form for JSON', 'vimmerse', { body: new URLSearchParams({ prompt: 'x' }) }, 422, /valid dictionary/],
		['an unknown path', 'aimlApi', { path: '/v1/audio/speech', json: {} }, 404, /Cannot POST/],
		['an unknown path', 'convai', { path: '/tts/speak', json: {} }, 404, /path/],
		[
			'an unknown model, which is a 400',
			'pixazo',
			{ path: '/nosuch/v1/x', json: {} },
			400,
			/Model 'nosuch' not found or is disabled/,
		],
		['an unknown path', 'vimmerse', { path: '/v3/audio', json: {} }, 404, /Not Found/],
		['a wrong method', 'aimlApi', { method: 'GET' }, 404, /Cannot GET/],
	];

	test.each(rows)(
		'%s (%s)',
		async (_what, provider, { path = PATHS[provider], ...question }, status, says) => {
			const answer = await ask(provider, `${sandbox.urls[provider]}${path}`, question);
			expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(says)]);
			expect(sandbox.counters().total).toMatchObject({ accepted: 0, charges: 0, refused: 1 });
		},
	);

	test.each(providers)('%s accepts the good request that the rows above spoil', async (provider) => {
		const answer = await ask(provider, `${sandbox.urls[provider]}${PATHS[provider]}`, {
			json: GOOD_BODIES[provider],
		});
		expect(answer.status).toBe(provider === 'pixazo' ? 202 : 200);
		expect(sandbox.counters().total).toMatchObject({ accepted: 1, charges: 1, refused: 0 });
	});
});

describe('Convai', () => {
	const tts = (json: unknown) => ask('convai', `${sandbox.urls.convai}/tts/`, { json });

	test.each([
		['no transcript', { voice: 'x' }, 200, 'No transcript found in the request'],
		['no voice', { transcript: 'x' }, 200, 'No voice found in the request'],
		[
			'MP3 on a voice that is not GCP',
			{ ...GOOD_BODIES.convai, encoding: 'mp3' },
			400,
			'Incorrect encoding for the mentioned voice.',
		],
		[
			'an unknown voice',
			{ transcript: 'x', voice: 'nobody' },
			500,
			'Error encountered while processing the TTS request.',
		],
	])('%s is answered as documented, and not charged', async (_what, body, status, result) => {
		const answer = await tts(body);
		expect([answer.status, answer.json]).toEqual([status, { result }]);
		expect(sandbox.counters().total.charges).toBe(0);
	});

	test.each([
		['WAV', undefined, 'audio/wav', /^RIFF/],
		['MP3 on a GCP voice', 'mp3', 'audio/mpeg', /^ID3/],
	])('answers with %s itself', async (_what, encoding, type, begins) => {
		const answer = await tts({
			transcript: 'Hello.',
			voice: 'WUFemale 3',
			...(encoding ? { encoding } : {}),
		});
		expect(answer.headers.get('content-type')).toBe(type);
		expect(answer.text).toMatch(begins);
	});

	test('answers without the trailing slash, too', async () => {
		expect((await ask('convai', `${sandbox.urls.convai}/tts`, { json: GOOD_BODIES.convai })).status).toBe(
			200,
		);
	});

	test('lists 384 public voices and one that is not for production, by section and name', async () => {
		const { json } = await ask('convai', `${sandbox.urls.convai}/tts/get_available_voices`);
		const voices = Object.values(json).flat() as Array<Record<string, any>>;
		const details = voices.flatMap((voice) => Object.values(voice));
		expect(voices.every((voice) => Object.keys(voice).length === 1)).toBe(true);
		expect(details.filter(({ deployment_env }) => deployment_env.includes('PRODUCTION'))).toHaveLength(384);
		expect(details).toHaveLength(385);
		expect(json['Open AI voices'][0]).toEqual({
			[Object.keys(json['Open AI voices'][0])[0] as string]: expect.objectContaining({
				voice_value: expect.any(String),
				lang_codes: expect.any(Array),
				gender: expect.stringMatching(/^(FE)?MALE|NEUTRAL$/),
			}),
		});
	});

	test('lists voices as an object of names by scenario', async () => {
		sandbox.scenario({ operation: 'voice.getAll', shape: 'object', times: 1 });
		const { json } = await ask('convai', `${sandbox.urls.convai}/tts/get_available_voices`);
		expect(Array.isArray(json['GCP Voices'])).toBe(false);
		expect(Object.keys(json['GCP Voices'])).toHaveLength(137);
	});

	test.each([
		['no key', null, 400, 'API key not found'],
		['a wrong key', 'wrong', 401, 'Invalid API key provided.'],
	])('refuses the voice list with %s as its own page says', async (_what, key, status, message) => {
		const answer = await ask('convai', `${sandbox.urls.convai}/tts/get_available_voices`, { key });
		expect([answer.status, answer.json]).toEqual([status, { API_ERROR: message }]);
	});

	test('tells languages and usage', async () => {
		await tts({ transcript: 'Hello.', voice: 'WUFemale 3' });
		const languages = await ask('convai', `${sandbox.urls.convai}/tts/get_available_languages`);
		const usage = await ask('convai', `${sandbox.urls.convai}/user/user-api-usage`, { json: {} });
		expect(languages.json).toContainEqual({ 'en-US': { lang_code: 'en-US', lang_name: 'English' } });
		expect(usage.json.usage_v2.metrics).toContainEqual({
			id: 'provider_pool_1',
			usage_details: [{ limit: 100_000, usage: 6 }],
		});
	});
});

describe('Vimmerse', () => {
	const at = (path: string, json: unknown, key?: string) =>
		ask('vimmerse', `${sandbox.urls.vimmerse}${path}`, { json, key });
	const asset = (id: string) => ask('vimmerse', `${sandbox.urls.vimmerse}/asset/${id}`);

	test.each([
		[
			'/v2/audio/text-2-speech',
			{ prompt: 'Hello.', voice: 'Aria', option: 'ElevenLabsTTS', language: '' },
			'text-to-speech',
			'audio/mpeg',
		],
		[
			'/v2/audio/text-2-speech',
			{ prompt: 'Hello.', voice: 'any name', option: 'ChirpTTS' },
			'text-to-speech',
			'audio/mpeg',
		],
		['/v2/audio/text-2-sound-effect', { prompt: 'rain', duration: 1.5 }, 'text-to-audio', 'audio/mpeg'],
		['/v2/audio/text-2-music', { prompt: 'calm' }, 'text-to-music', 'audio/wav'],
	])('%s makes an asset with its URL in results', async (path, body, appName, type) => {
		const { status, json } = await at(path, body);
		const file = await fetch(json.results[0]);
		expect([status, json.status, json.app_name, json.args.prompt]).toEqual([
			200,
			'success',
			appName,
			body.prompt,
		]);
		expect(file.headers.get('content-type')).toBe(type);
		expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(5_000);
		expect((await asset(json.id)).json).toMatchObject({
			id: json.id,
			status: 'success',
			results: json.results,
		});
	});

	test.each([
		['voice', { prompt: 'x', voice: 'nobody' }],
		['option', { prompt: 'x', option: 'MMAudio' }],
		['prompt', {}],
	])('names the field %s that it refuses', async (field, body) => {
		const { status, json } = await at('/v2/audio/text-2-speech', body);
		expect(status).toBe(422);
		expect(json.detail[0].loc).toEqual(['body', field]);
	});

	test.each([0, 31, 'five'])('refuses a sound effect of %p seconds', async (duration) => {
		expect((await at('/v2/audio/text-2-sound-effect', { prompt: 'x', duration })).status).toBe(422);
	});

	test.each([
		['none', (json: any) => json.results === undefined && json.status === 'success'],
		['data', (json: any) => json.data.results.length === 1],
		['urlList', (json: any) => json.data[0].URL.startsWith('http')],
		['empty', (json: any) => json.results.length === 0],
		['processing', (json: any) => json.status === 'processing' && json.results.length === 0],
	])('can answer in the shape %s', async (shape, isSo) => {
		sandbox.scenario({ shape });
		expect(isSo((await at('/v2/audio/text-2-speech', { prompt: 'x' })).json)).toBe(true);
	});

	test('legacy routes take forms, wrap in data and write times with a space', async () => {
		const body = new URLSearchParams({ prompt: 'rain', duration: '2' });
		const { json } = await ask('vimmerse', `${sandbox.urls.vimmerse}/audio/text-2-sound-effect`, { body });
		expect(json.data).toMatchObject({
			status: 'success',
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:/),
		});
	});

	test('has both meanings of 422', async () => {
		const checked = await at('/v2/audio/text-2-speech', { prompt: 'x' }, 'sandbox-key.422');
		const failed = await at('/v2/audio/text-2-speech', { prompt: 'x' }, 'sandbox-key.422-failed');
		expect([checked.status, Array.isArray(checked.json.detail)]).toEqual([422, true]);
		expect([failed.status, failed.json.detail]).toEqual([422, 'Failed to generate audio']);
	});

	test('a job that fails at once answers 200 with status fail', async () => {
		sandbox.scenario({ job: { outcome: 'FAILED', seconds: 0 } });
		expect((await at('/v2/audio/text-2-speech', { prompt: 'x' })).json).toMatchObject({
			status: 'fail',
			results: [],
		});
	});

	test('estimates without charging', async () => {
		const body = { app_name: 'text-to-speech', option: 'AutoA', prompt: 'a'.repeat(250), quantity: 2 };
		expect((await at('/v2/audio/estimate-credits', body)).json).toMatchObject({ total_credits: 6 });
		expect((await at('/v2/audio/estimate-credits', { app_name: 'text-to-speech' })).status).toBe(422);
		expect(sandbox.counters().total.charges).toBe(0);
	});

	test('hashes an upload and hosts something', async () => {
		const form = new FormData();
		form.append(
			'audio_file',
			new Blob([new Uint8Array(3_000_000)], { type: 'audio/mpeg' }),
			'voice over.mp3',
		);
		const { json } = await ask('vimmerse', `${sandbox.urls.vimmerse}/v2/audio`, { body: form });
		expect((await fetch(json.results[0])).status).toBe(200);
		expect(sandbox.requests()[0]?.files).toEqual([
			{
				field: 'audio_file',
				fileName: 'voice over.mp3',
				mimeType: 'audio/mpeg',
				sizeBytes: 3_000_000,
				sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
			},
		]);
	});

	test.each([
		['nothing', () => new FormData(), 422],
		[
			'a file under another name',
			() => {
				const form = new FormData();
				form.append('file', new Blob(['x']), 'x.mp3');
				return form;
			},
			422,
		],
	])('refuses an upload of %s', async (_what, form, status) => {
		expect((await ask('vimmerse', `${sandbox.urls.vimmerse}/v2/audio`, { body: form() })).status).toBe(
			status,
		);
	});
});
