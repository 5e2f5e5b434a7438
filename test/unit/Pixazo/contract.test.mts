import { readJob, generateRequest, pixazo, status } from '../../../nodes/Pixazo/contract';
import { audioAt } from '../../../nodes/shared/http/audioText';
import { bodyForPath, speechBody } from '../../../nodes/Pixazo/speechRequest';
import { speechModel } from '../../../nodes/Pixazo/models';
import { readCallbackUrl, readPath } from '../../../nodes/Pixazo/resources/speech/addresses';

const json = (value: unknown) =>
	({ status: 200, headers: {}, body: { kind: 'json', value, text: JSON.stringify(value) } }) as never;
const URL_OF_AUDIO = 'https://media.example/output.wav';

/** A second of silence, 8 kHz, 8 bits, mono. */
function wav(): Buffer {
	const head = Buffer.alloc(44);
	head.write('RIFF', 0);
	head.writeUInt32LE(36 + 8000, 4);
	head.write('WAVEfmt ', 8);
	for (const [at, value] of [
		[16, 16],
		[24, 8000],
		[28, 8000],
	] as const)
		head.writeUInt32LE(value, at);
	for (const [at, value] of [
		[20, 1],
		[22, 1],
		[32, 1],
		[34, 8],
	] as const)
		head.writeUInt16LE(value, at);
	head.write('data', 36);
	head.writeUInt32LE(8000, 40);
	return Buffer.concat([head, Buffer.alloc(8000, 0x80)]);
}

describe('where an answer has its audio', () => {
	const shapes: Array<[string, unknown]> = [
		['output as a string', { output: URL_OF_AUDIO }],
		['output as a list', { output: [URL_OF_AUDIO] }],
		['output.media_url', { output: { media_url: [URL_OF_AUDIO] } }],
		['output.media_url as a string', { output: { media_url: URL_OF_AUDIO } }],
		['output.audio.url', { output: { audio: { url: URL_OF_AUDIO } } }],
		['audio[].url', { audio: [{ url: URL_OF_AUDIO }] }],
		['audio.url', { audio: { url: URL_OF_AUDIO } }],
		['audio as a string', { audio: URL_OF_AUDIO }],
		['url', { url: URL_OF_AUDIO }],
		['audio_url beside url', { url: URL_OF_AUDIO, audio_url: URL_OF_AUDIO, status: 'done' }],
		['output_url', { output_url: URL_OF_AUDIO }],
	];
	test.each(shapes)('E.31: %s', (_shape, answer) => {
		expect(readJob(json(answer))).toMatchObject({ status: 'completed', source: { urls: [URL_OF_AUDIO] } });
	});

	const bytes = wav();
	const encoded: Array<[string, unknown]> = [
		['hex in output', { output: bytes.toString('hex') }],
		['hex in capitals', { output: bytes.toString('hex').toUpperCase() }],
		["hex in data.audio, as the models' maker has it", { data: { audio: bytes.toString('hex') } }],
		[
			'hex in a completed job',
			{ request_id: 'a', status: 'COMPLETED', output: { media_url: [bytes.toString('hex')] } },
		],
		['base64 in audio', { audio: bytes.toString('base64') }],
		['a data URL in output', { output: `data:audio/wav;base64,${bytes.toString('base64')}` }],
	];
	test.each(encoded)('%s is decoded', (_shape, answer) => {
		const state = readJob(json(answer));

		expect(state).toMatchObject({
			status: 'completed',
			source: { body: { kind: 'audio', format: { name: 'wav' } } },
		});
		expect((state as any).source.body.bytes.equals(bytes)).toBe(true);
	});

	test.each([
		'',
		'deadbeef',
		'not audio at all',
		'ab'.repeat(200),
		Buffer.alloc(300, 'hello').toString('base64'),
	])('%j is not taken for audio', (text) => expect(audioAt([text])).toEqual({ urls: [] }));
});

describe('what a job is at', () => {
	test.each([
		['QUEUED', 'queued', null],
		['PROCESSING', 'processing', null],
		['processing', 'processing', null],
		['FAILED', 'failed', null],
		['ERROR', 'failed', false],
		['CANCELLED', 'failed', null],
		['HIBERNATING', 'processing', null],
	])('E.19: %s is %s, charged %s', (said, expected, charged) => {
		const state = readJob(json({ request_id: 'a', status: said, output: null, error: null }));

		expect(state).toMatchObject({ status: expected, facts: { id: 'a', providerStatus: said, charged } });
	});

	test('an unknown status with audio is done, with an error is failed', () => {
		expect(readJob(json({ request_id: 'a', status: 'X', output: URL_OF_AUDIO })).status).toBe('completed');
		expect(readJob(json({ request_id: 'a', status: 'X', error: 'no' }))).toMatchObject({
			status: 'failed',
			words: 'no',
		});
	});

	test('E.21: an answer with only the address to ask at still names the job', () => {
		const polling_url = 'https://gateway.pixazo.ai/v2/requests/status/tracks_1';

		expect(readJob(json({ status: 'QUEUED', polling_url })).facts).toMatchObject({
			id: 'tracks_1',
			statusUrl: polling_url,
		});
	});

	test('E.20: application/octet-stream says nothing, the name of the file does', () => {
		const output = { media_url: ['https://media.example/a.mp3'], media_type: 'application/octet-stream' };

		expect(readJob(json({ status: 'COMPLETED', output })).facts.audio).toMatchObject({
			mimeType: 'audio/mpeg',
		});
	});

	test.each([
		[null],
		[[]],
		['words'],
		[{}],
		[{ message: 'hello' }],
		[{ output: null }],
		[{ status: null, request_id: 5 }],
	])('%j is told as an answer without a job', (answer) =>
		expect(() => readJob(json(answer))).toThrow(/without a job and without any audio/),
	);

	test.each([
		[{ request_id: 'a', status: 'COMPLETED', output: { media_url: [1, 2] } }],
		[{ request_id: 'a', status: 'COMPLETED', output: 7, created_at: 9, error: { code: 1 } }],
		[{ request_id: 'a', status: 'COMPLETED', extra: { deep: [1] }, audio: [{}] }],
	])('%j with fields of other types has no audio, and is no type error', (answer) => {
		expect(readJob(json(answer))).toMatchObject({ status: 'completed', source: { urls: [] } });
	});
});

describe('refusals', () => {
	const refusal = (httpStatus: number, value: unknown) =>
		pixazo.readRefusal({ status: httpStatus, body: { kind: 'json', value, text: '' } });

	test.each([
		[403, { message: 'Access denied due to invalid subscription key.' }, 'invalid_credentials'],
		[
			403,
			{ error: 'Insufficient Balance', message: 'Your wallet does not have enough balance.' },
			'insufficient_credits',
		],
		[403, { error: 'Forbidden', message: 'Your subscription does not include this API.' }, undefined],
	])('%i %j is %s', (httpStatus, value, code) => expect(refusal(httpStatus, value).code).toBe(code));

	test('E.18: a missing model comes as 400, a missing job as 404', () => {
		expect(refusal(400, { error: 'Model not found', message: 'x' }).how).toContain("'Model'");
		expect(refusal(404, { error: 'Not Found', message: 'x' }).how).toContain('no such job');
	});

	test('the wait that is only in the words is read', () => {
		expect(
			refusal(429, { message: 'Rate limit is exceeded. Try again in 7 seconds.' }).retryAfterSeconds,
		).toBe(7);
	});

	test.each([null, 'text', [1], { error: { code: 5 } }])('%j is no type error', (value) => {
		expect(() => refusal(500, value)).not.toThrow();
	});
});

describe('requests', () => {
	test('a job is asked for at the gateway, whatever its ID holds', () => {
		expect(status.request('a/../b?c').path).toBe('/v2/requests/status/a%2F..%2Fb%3Fc');
	});

	test('a callback is asked for once, at the end', () => {
		expect(generateRequest('/x', {}, 'https://n8n.example/').headers).toMatchObject({
			'X-Webhook-URL': 'https://n8n.example/',
			'X-Webhook-Mode': 'terminal',
		});
	});

	test("the user's own fields leave the rest of an object as it is", () => {
		const additionalFields = { voice_setting: { vol: 2 } };
		const asked = { text: 'Hi', voice: '', sampleUrl: '', options: { speed: 1.5 }, additionalFields };

		expect(speechBody(speechModel('minimax-speech-2-8-turbo'), asked)).toMatchObject({
			voice_setting: { voice_id: 'Wise_Woman', speed: 1.5, vol: 2 },
		});
	});

	const bodyOf = (model: string, options: Record<string, unknown>) =>
		speechBody(speechModel(model), {
			text: 'Hi',
			voice: '',
			sampleUrl: 'https://example.com/a.wav',
			options,
			additionalFields: {},
		});

	test.each([
		['qwen-3-tts-text-to-speech-1-7b', { style: 'Warm.' }, 'Language'],
		['qwen-3-tts-text-to-speech-0-6b', { language: 'en' }, 'Style'],
		['tada-3b-tts', {}, 'Language'],
	])('%s with no more than %j is refused, naming what it demands', (model, options, field) => {
		expect(() => bodyOf(model, options)).toThrow(
			expect.objectContaining({
				code: 'invalid_input',
				field,
				message: expect.stringContaining(`'${field}'`),
			}),
		);
	});

	test.each([
		['qwen-3-tts-text-to-speech-1-7b', 'es-MX', 'language', 'Spanish'],
		['qwen-3-tts-text-to-speech-1-7b', 'Spanish', 'language', 'Spanish'],
		['tada-1b-tts', 'fr-CA', 'language', 'fr'],
		['elevenlabs-eleven-v3-tts', 'en-US', 'language_code', 'en'],
		['gemini-flash-tts', 'en-US', 'language_code', 'en-US'],
		['minimax-hailuo-audio', 'zh-HK', 'language_boost', 'Chinese'],
		['xtts-v2-api', 'pt_BR', 'language', 'pt'],
		['zonos-2', 'en-GB', 'language', 'en_gb'],
		['zonos-2', 'en', 'language', 'en_us'],
		['zonos-2', 'zh-CN', 'language', 'cmn'],
	])('%s is told %s as %s: %s', (model, language, key, sent) => {
		expect(bodyOf(model, { language, style: 'Warm.' })).toMatchObject({ [key]: sent });
	});

	test('a language that a model does not speak is refused', () => {
		expect(() => bodyOf('zonos-2', { language: 'fi' })).toThrow("'Zonos 2' does not speak it");
	});

	test("the user's own fields go over everything", () => {
		const asked = {
			text: 'Hi',
			voice: '',
			sampleUrl: '',
			options: { language: 'en-US' },
			additionalFields: { prompt: 'Sad.', top_k: 5 },
		};

		expect(speechBody(speechModel('qwen-3-tts-text-to-speech-1-7b'), asked)).toEqual({
			text: 'Hi',
			voice: 'Vivian',
			language: 'English',
			prompt: 'Sad.',
			top_k: 5,
		});
	});

	test.each([
		['/vibevoice/v1/vibevoice/generateRequest', '', {}, { script: 'Hi' }],
		['/unknown', '', {}, { text: 'Hi' }],
		['/unknown', 'lyrics', { prompt: 'pop' }, { lyrics: 'Hi', prompt: 'pop' }],
		['/unknown', 'lyrics', { lyrics: 'mine' }, { lyrics: 'mine' }],
		['/unknown', '', { text_prompt: 'rain' }, { text_prompt: 'rain' }],
	])('by path %s with key %j and %j', (path, textKey, additionalFields, expected) => {
		expect(bodyForPath(path, { text: 'Hi', textKey, additionalFields })).toEqual(expected);
	});
});

describe('addresses', () => {
	const BASE = 'http://127.0.0.1:4800/gateway';

	test.each([
		['vibevoice', null],
		['/tracks/v1/generate', '/tracks/v1/generate'],
		['https://gateway.pixazo.ai/tracks/v1/generate', '/tracks/v1/generate'],
		[`${BASE}/tracks/v1/generate`, '/tracks/v1/generate'],
	])('E.16: %s is %s', (model, path) => expect(readPath(model, BASE)).toBe(path));

	test.each([
		'//evil.example/x',
		'https://evil.example/x',
		'https://gateway.pixazo.ai',
		'http://gateway.pixazo.ai/x',
		'/',
		'/a b',
	])('%s is refused', (model) => expect(() => readPath(model, BASE)).toThrow(/'Model' cannot be/));

	test.each([
		'http://n8n.example/',
		'http://localhost.example/',
		'http://127.0.0.1.example',
		'x',
		'javascript:alert(1)',
	])('%s is no callback address', (address) =>
		expect(() => readCallbackUrl(address)).toThrow(/'Callback URL'/),
	);
});
