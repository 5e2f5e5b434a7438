import { SPEECH_MODELS } from '../../../nodes/AimlApi/models';
import { loadData } from '../../../sandbox/core/context.mts';
import type { AimlModel } from '../../../sandbox/providers/aimlAnswers.mts';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.mts';
import { ask } from './ask.mts';

const { models } = loadData<{ models: AimlModel[] }>('aimlApi-models.json');

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const speak = (json: unknown, headers: Record<string, string> = {}) =>
	ask('aimlApi', `${sandbox.urls.aimlApi}/v1/tts`, { json, headers });
const smallest = ({ model, textField }: AimlModel) => ({ model, [textField]: 'Speaker 0: Hello.' });

describe('The published models', () => {
	test('are those of the node', () =>
		expect(models.map(({ model }) => model).sort()).toEqual(SPEECH_MODELS.map(({ id }) => id).sort()));

	test.each(models.map((model) => [model.model, model] as const))(
		'%s takes its smallest body, and no other text field',
		async (_id, model) => {
			const other = model.textField === 'script' ? 'text' : 'script';
			const answer = await speak(smallest(model));
			expect(answer.status).toBe(200);
			expect((await speak({ ...smallest(model), [other]: 'x' })).status).toBe(400);
			expect((await speak({ model: model.model })).status).toBe(400);
		},
	);

	const limits: Array<[string, string, number]> = models.flatMap(
		({ model, textField, schema }): Array<[string, string, number]> => {
			const limit = schema.properties[textField]?.maxLength;
			return limit && limit <= 5_000 ? [[model, textField, limit]] : [];
		},
	);
	test.each(limits)('%s: %s ends at %i characters', async (model, field, limit) => {
		const text = 'Speaker 0: '.padEnd(limit, '.');
		expect((await speak({ model, [field]: `${text}.` })).status).toBe(400);
		expect((await speak({ model, [field]: text })).status).toBe(200);
	});

	test.each([
		['openai/tts-1', { response_format: 'wav' }, 'audio/wav'],
		['openai/tts-1', {}, 'audio/mpeg'],
		['hume/octave-2', {}, 'audio/wav'],
		['hume/octave-2', { format: 'mp3' }, 'audio/mpeg'],
		['bytedance/seed-audio-1-0', { audio_config: { format: 'ogg_opus' } }, 'audio/ogg'],
		['bytedance/seed-audio-1-0', { audio_config: { format: 'wav', sample_rate: 16000 } }, 'audio/wav'],
		['minimax/speech-2.8-hd', { audio_setting: { format: 'flac' } }, 'audio/flac'],
		['elevenlabs/v3_alpha', { stream: false, output_format: 'opus_48000_64' }, 'audio/ogg'],
		['deepgram/aura-2', { stream: false, encoding: 'mp3' }, 'audio/mpeg'],
	])('%s answers in the format of %j', async (model, parameters, type) => {
		const { json } = await speak({ model, text: 'Hello.', ...parameters });
		const file = await fetch(json.audio.url);
		expect(file.headers.get('content-type')).toBe(type);
		expect(Number(file.headers.get('content-length'))).toBe((await file.arrayBuffer()).byteLength);
	});

	test('an older id of a Deepgram voice still speaks with that voice', async () => {
		expect((await speak({ model: '#g1_aura-luna-en', text: 'Hello.' })).status).toBe(200);
		expect(sandbox.requests()[0]?.spoken).toEqual([{ voice: 'luna', text: 'Hello.' }]);
	});

	test('minimax takes a voice of one’s own', async () => {
		const body = {
			model: 'minimax/speech-2.8-hd',
			text: 'Hello.',
			voice_setting: { voice_id: 'my-clone-1' },
		};
		expect((await speak(body)).status).toBe(200);
	});
});

describe('Answers', () => {
	test.each([
		[
			'openai/tts-1',
			/^http:\/\/localhost:\d+\/generations\/tts\/[\w-]+\.mp3$/,
			['credits_used', 'usd_spent'],
		],
		['hume/octave-2', /\/generations\/hippopotamus\/\w+\.wav$/, ['credits_used']],
		[
			'minimax/speech-2.8-turbo',
			/\/moose\/\w+\.mp3\?Expires=\d+&OSSAccessKeyId=\w+&Signature=\w+$/,
			['credits_used', 'usd_spent'],
		],
		['inworld/tts-1', /\.mp3\/\d+-\w+\.mp3$/, ['credits_used']],
	])('of %s have the URL and the usage that its page prints', async (model, url, usage) => {
		const { json } = await speak({ model, text: 'Hello.' });
		expect(json.audio.url).toMatch(url);
		expect(Object.keys(json.meta.usage)).toEqual(usage);
	});

	test('of Inworld are WAV under a name that says MP3', async () => {
		const { json } = await speak({ model: 'inworld/tts-1', text: 'Hello.' });
		expect(await (await fetch(json.audio.url)).text()).toMatch(/^RIFF/);
	});

	test('of Qwen have usage at the top, and no meta', async () => {
		const { json } = await speak({ model: 'alibaba/qwen3-tts-flash', text: 'Hello.' });
		expect(json).toEqual({ audio: { url: expect.stringContaining('Signature=') }, usage: { characters: 6 } });
	});

	test('of VibeVoice have file, duration and sample rate, and they are true', async () => {
		const { json } = await speak({ model: 'microsoft/vibevoice-7b', script: 'Speaker 0: Good evening.' });
		const bytes = (await (await fetch(json.audio.url)).arrayBuffer()).byteLength;
		expect(json.audio).toMatchObject({
			file_name: json.audio.url.split('/').at(-1),
			file_size: bytes,
			content_type: 'audio/wav',
		});
		expect(json.duration).toBeCloseTo((bytes - 44) / 2 / json.sample_rate, 3);
	});

	test.each(['elevenlabs/eleven_turbo_v2_5', 'deepgram/aura', 'minimax/speech-2.5-hd-preview'])(
		'of %s are bytes without cost headers',
		async (model) => {
			const answer = await speak({ model, text: 'Hello.' });
			expect(answer.headers.get('content-type')).toMatch(/^audio\//);
			expect(answer.headers.get('x-inference-id')).toBeTruthy();
			expect(answer.headers.get('x-aimlapi-credits-used')).toBeNull();
		},
	);

	test.each([
		['string', (answer: any) => answer.json.audio, /^http/],
		['object', (answer: any) => answer.json.audio.url, /^http/],
		['bytes', (answer: any) => answer.text, /^ID3/],
		['nullMeta', (answer: any) => `${answer.json.meta} ${answer.json.audio}`, /^null http/],
		[
			'metadata',
			(answer: any) => `${answer.status} ${answer.json.metadata.sha256} ${answer.json.audio}`,
			/^201 \w{64} undefined$/,
		],
	])('can take the shape %s', async (shape, part, looks) => {
		sandbox.scenario({ shape });
		expect(part(await speak({ model: 'openai/tts-1', text: 'Hello.' }))).toMatch(looks);
	});

	test('of a model whose schema has no bytes stay JSON', async () => {
		sandbox.scenario({ shape: 'bytes' });
		expect((await speak({ model: 'microsoft/mai-voice-2', text: 'Hello.' })).json.audio.url).toMatch(/^http/);
	});

	test.each([
		['job-7:a.b', 'job-7:a.b'],
		['not allowed!', null],
	])('echo the client request id %p as %p', async (sent, echoed) => {
		const answer = await speak({ model: 'openai/tts-1', text: 'Hello.' }, { 'x-client-request-id': sent });
		expect(answer.headers.get('x-client-request-id')).toBe(echoed);
	});
});

describe('A VibeVoice script', () => {
	const model = 'microsoft/vibevoice-1.5b';
	const two = [{ preset: 'Carter [EN]' }, { audio_url: 'https://voices.example/sample.wav' }];

	test('loses lines without a speaker, and is counted from 0', async () => {
		await speak({ model, script: 'Speaker 1: One.\nlost\nspeaker 2 : Two.', speakers: two });
		expect(sandbox.requests()[0]?.spoken).toEqual([
			{ voice: 'Carter [EN]', text: 'One.' },
			{ voice: 'https://voices.example/sample.wav', text: 'Two.' },
		]);
	});

	test.each([
		['no line with a speaker', { script: 'Just prose.' }, /No valid speaker lines/],
		['more speakers than given', { script: 'Speaker 0: a\nSpeaker 1: b' }, /2 speakers, 1 given/],
		['an empty speaker', { script: 'Speaker 0: a', speakers: [{}] }, /preset or audio_url/],
		['five speakers', { script: 'Speaker 0: a', speakers: Array(5).fill(two[0]) }, /4 items/],
		[
			'the other provider’s preset',
			{ script: 'Speaker 0: a', speakers: [{ preset: 'Mary [EN] (Background Music)' }] },
			/Invalid enum value/,
		],
		['a cfg_scale of 3', { script: 'Speaker 0: a', cfg_scale: 3 }, /cfg_scale/],
	])('with %s is refused', async (_what, body, says) => {
		const answer = await speak({ model, ...body });
		expect([answer.status, answer.json.message]).toEqual([400, expect.stringMatching(says)]);
	});
});

describe('Account and catalogue', () => {
	test('the balance falls by what was spoken', async () => {
		const balance = async () => (await ask('aimlApi', `${sandbox.urls.aimlApi}/v2/billing`)).json;
		expect(await balance()).toEqual({ current_balance: 100, currency: 'USD' });
		const { json } = await speak({ model: 'openai/tts-1', text: 'a'.repeat(1_000) });
		expect((await balance()).current_balance).toBeCloseTo(100 - json.meta.usage.usd_spent, 6);
	});

	test.each(['/v1/models', '/models', '/api/v1/models'])('%s lists models without a key', async (path) => {
		const { json } = await ask('aimlApi', `${sandbox.urls.aimlApi}${path}`, { key: null });
		expect(json.object).toBe('list');
		expect(json.data.length).toBeGreaterThan(24);
		expect(sandbox.requests()[0]?.credential).toBe('none needed');
	});

	test('filters the catalogue by type, and shows aliases', async () => {
		const url = `${sandbox.urls.aimlApi}/v1/models?type=${encodeURIComponent('internal/text-to-speech')}`;
		const { data } = (await ask('aimlApi', url)).json;
		expect(data).toHaveLength(models.length);
		expect(data.find(({ id }: { id: string }) => id === 'deepgram/aura').aliases).toContain(
			'#g1_aura-zeus-en',
		);
	});
});
