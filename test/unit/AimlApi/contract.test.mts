import { aimlApi, readSpeech } from '../../../nodes/AimlApi/contract';
import type { Body } from '../../../nodes/shared/http/body';

const URL_OF_AUDIO = 'https://cdn.aimlapi.com/generations/hippopotamus/a.wav';
const json = (value: unknown): Body => ({ kind: 'json', value, text: JSON.stringify(value) });
const read = (value: unknown, headers: Record<string, string> = {}) =>
	readSpeech({ status: 200, headers, body: json(value) });
const wav: Body = {
	kind: 'audio',
	format: {
		name: 'wav',
		extension: 'wav',
		mimeType: 'audio/wav',
		label: 'WAV',
		otherExtensions: [],
		otherMimeTypes: [],
	},
	bytes: Buffer.from('RIFF'),
};

describe('Answers', () => {
	test('E.1: `audio` may be the URL itself, or an object with it', () => {
		for (const audio of [URL_OF_AUDIO, { url: URL_OF_AUDIO }])
			expect(read({ audio })).toMatchObject({ status: 'completed', source: { urls: [URL_OF_AUDIO] } });
	});

	const wavText = Buffer.from('RIFF....WAVEfmt '.padEnd(90, '.')).toString('base64');

	test.each([wavText, `data:audio/wav;base64,${wavText}`, { url: `data:audio/wav;base64,${wavText}` }])(
		'audio as text is the audio: %j',
		(audio) => {
			expect(read({ audio })).toMatchObject({
				status: 'completed',
				source: { body: { kind: 'audio', format: { name: 'wav' } } },
			});
		},
	);

	test.each(['a.wav', 'ftp://example.com/a.wav', 'https:a.wav', 'A'.repeat(500_000), { url: '/a.wav' }])(
		'what is neither an address nor audio is told in a sentence (%#)',
		(audio) => {
			expect(() => read({ audio })).toThrow(
				expect.objectContaining({
					code: 'bad_audio',
					message: expect.stringMatching(/^.{1,300}without any audio.{1,200}$/s),
				}),
			);
		},
	);

	test('E.2: `duration` and `sample_rate` are taken where they are, and not missed where they are not', () => {
		const facts = (answer: object) => read({ audio: { url: URL_OF_AUDIO }, ...answer }).facts.audio;
		expect(facts({ duration: 7.87, sample_rate: 24000 })).toMatchObject({
			durationSeconds: 7.87,
			sampleRateHz: 24000,
		});
		expect(facts({})).toMatchObject({ durationSeconds: null, sampleRateHz: null });
	});

	test('E.3: the answer may be the audio itself', () => {
		const state = readSpeech({ status: 200, headers: { 'x-inference-id': 'i-1' }, body: wav });
		expect(state).toMatchObject({ status: 'completed', facts: { id: 'i-1' }, source: { body: wav } });
	});

	test('E.4: `credits_used` is credits, 2,000,000 to the dollar', () => {
		expect(read({ audio: URL_OF_AUDIO, meta: { usage: { credits_used: 120_000 } } }).facts).toMatchObject({
			charged: true,
			credits: { used: 120_000, usd: 0.06 },
		});
	});

	test.each([
		[{}],
		[{ meta: null }],
		[{ meta: { usage: null } }],
		[{ meta: 'none' }],
		[{ meta: { usage: {} } }],
	])('E.4: nothing is known of the cost from %j', (answer) => {
		expect(read({ audio: URL_OF_AUDIO, ...answer }).facts).toMatchObject({
			charged: null,
			credits: { used: null, usd: null },
		});
	});

	test('E.11: `usd_spent` of later revisions goes before what follows from the credits', () => {
		const usage = { credits_used: 7541, usd_spent: 0.0037705 };
		expect(read({ audio: URL_OF_AUDIO, meta: { usage } }).facts.credits).toEqual({
			used: 7541,
			usd: 0.0037705,
		});
	});

	test('E.14: openai/tts-1 names the audio as an object, whatever its schema says', () => {
		const answer = { audio: { url: 'https://cdn.aimlapi.com/generations/tts/a.mp3' }, meta: null };
		expect(read(answer)).toMatchObject({
			status: 'completed',
			source: { urls: ['https://cdn.aimlapi.com/generations/tts/a.mp3'] },
		});
	});

	test('E.15: an answer without any usage is an answer', () => {
		expect(read({ audio: { url: URL_OF_AUDIO } }).status).toBe('completed');
	});

	test.each([
		['extra fields', { audio: { url: URL_OF_AUDIO, waveform: [1, 2] }, generation_time: 3, rtf: 0.2 }],
		['fields of other types', { audio: { url: URL_OF_AUDIO, file_size: '12' }, duration: 'long', meta: [] }],
		['null fields', { audio: { url: URL_OF_AUDIO, file_name: null, content_type: null }, duration: null }],
	])('with %s are read', (_what, answer) => {
		expect(read(answer)).toMatchObject({ status: 'completed', source: { urls: [URL_OF_AUDIO] } });
	});

	test.each([
		[{}],
		[null],
		[[]],
		['audio'],
		[42],
		[{ audio: null }],
		[{ audio: {} }],
		[{ audio: { url: 7 } }],
	])('%j leads to no audio, and says so', (answer) => {
		expect(() => read(answer)).toThrow(
			expect.objectContaining({ code: 'bad_audio', message: expect.stringContaining('without any audio') }),
		);
	});

	test.each([
		['HTML', { kind: 'html', text: '<html>' }],
		['text', { kind: 'text', text: 'ok' }],
		['nothing', { kind: 'empty' }],
	] as Array<[string, Body]>)('of %s lead to no audio, and say so', (_what, body) => {
		expect(() => readSpeech({ status: 200, headers: {}, body })).toThrow(
			expect.objectContaining({ code: 'bad_audio' }),
		);
	});

	test('with an error in a 200 are failures in its words', () => {
		expect(read({ error: { message: 'The model is under maintenance' } })).toMatchObject({
			status: 'failed',
			words: 'The model is under maintenance',
		});
	});
});

describe('Refusals', () => {
	const OUT = "You've run out of credits. Please top up your balance.";
	test.each([
		['the captured body', 403, { error: { message: OUT, data: { kind: 'err_insufficent_credits' } } }, OUT],
		[
			'the captured body, spelled right',
			403,
			{ error: { data: { kind: 'err_insufficient_credits' } } },
			undefined,
		],
		['the printed body', 403, { message: OUT, statusCode: '403' }, OUT],
		['other words', 403, { message: "You've run out of funds." }, "You've run out of funds."],
	])('403 is about credits by %s', (_what, status, value, words) => {
		expect(aimlApi.readRefusal({ status, body: json(value) })).toEqual({
			code: 'insufficient_credits',
			words,
		});
	});

	test.each([
		['verification', { message: 'Complete verification to use this model' }],
		['the plan', { error: { message: 'This model is not available on your plan.' } }],
		['nothing that is known', {}],
	])('403 about %s is not about credits', (_what, value) => {
		expect(aimlApi.readRefusal({ status: 403, body: json(value) }).code).toBeUndefined();
	});

	test.each([
		[{ message: ['text: too long', 'voice: unknown'] }, 'text: too long; voice: unknown'],
		[{ error: 'Bad request' }, 'Bad request'],
		[{ title: 'Forbidden' }, 'Forbidden'],
		[{ error: { message: 'inner' }, message: 'outer', title: 'title' }, 'inner'],
		[{ message: { unexpected: true } }, undefined],
		[[], undefined],
		[null, undefined],
	])('%j is told as %j', (value, words) => {
		expect(aimlApi.readRefusal({ status: 400, body: json(value) }).words).toBe(words);
	});

	test('of HTML have no words', () => {
		expect(aimlApi.readRefusal({ status: 502, body: { kind: 'html', text: '<h1>524</h1>' } }).words).toBe(
			undefined,
		);
	});
});
