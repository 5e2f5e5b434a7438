import { convai, readSpeech, speechRequest } from '../../../nodes/Convai/contract';
import { readVoices } from '../../../nodes/Convai/voices';
import type { Body } from '../../../nodes/shared/http/body';

const json = (value: unknown): Body => ({ kind: 'json', value, text: JSON.stringify(value) });
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
const answer = (body: Body) => ({ status: 200, headers: {}, body });

describe('Speech', () => {
	test('E.37: is asked for at the documented path, trailing slash included', () => {
		const body = { transcript: 'Hello.', voice: 'WUMale 1', encoding: 'wav' } as const;
		expect(speechRequest(body)).toEqual({ method: 'POST', path: '/tts/', body, spends: true });
	});

	test('E.36: is the audio, without any Content-Type or Content-Disposition', () => {
		expect(readSpeech(answer(wav))).toEqual({ status: 'completed', facts: {}, source: { body: wav } });
	});

	test.each(['No transcript found in the request', 'No voice found in the request'])(
		'E.35: a 200 with JSON is a failure in its words: %s',
		(result) => {
			expect(readSpeech(answer(json({ result })))).toMatchObject({ status: 'failed', words: result });
		},
	);

	test.each([
		[json({})],
		[json(null)],
		[json([])],
		[json({ result: 7 })],
		[{ kind: 'html', text: '<html>' }],
		[{ kind: 'text', text: 'ok' }],
		[{ kind: 'empty' }],
	] as Body[][])('%j may have been charged and is no audio', (body) => {
		expect(() => readSpeech(answer(body))).toThrow(
			expect.objectContaining({ code: 'bad_audio', message: expect.stringContaining('without any audio') }),
		);
	});
});

describe('Refusals', () => {
	const refusal = (status: number, value: unknown) => convai.readRefusal({ status, body: json(value) });

	test('E.33: MP3 on a voice that lacks it says what to choose instead', () => {
		expect(refusal(400, { result: 'Incorrect encoding for the mentioned voice.' })).toEqual({
			words: 'Incorrect encoding for the mentioned voice.',
			how: expect.stringMatching(/MP3.*WAV.*'Format'/),
		});
	});

	test.each([[{ ERROR: 'api_key error.' }], [{ API_ERROR: 'Invalid API key provided.' }]])(
		'403 with %j is about the key',
		(body) => expect(refusal(403, body).code).toBe('invalid_credentials'),
	);

	test('E.34: any other 403 names the plans: Enterprise for speech, Professional for the voice list', () => {
		const { code, how } = refusal(403, { ERROR: 'This feature is available on the Enterprise plan only.' });
		expect(code).toBeUndefined();
		expect(how).toMatch(/Enterprise.*Professional/);
	});

	test.each([
		[{ INTERNAL_ERROR: 'It could not be done.' }, 'It could not be done.'],
		[{ ERROR: 'Bad', extra: 1 }, 'Bad'],
		[{}, undefined],
		[null, undefined],
		[{ ERROR: { deep: true } }, undefined],
	])('%j is told as %j', (body, words) => expect(refusal(500, body).words).toBe(words));
});

describe('The catalogue', () => {
	const details = {
		voice_value: 'HiuManNeural2',
		lang_codes: ['zh-HK'],
		gender: 'FEMALE',
		deployment_env: ['PRODUCTION', 'DEVELOPMENT'],
		sample_link: 'https://samples.example/a.wav',
	};
	const voice = {
		id: 'HiuManNeural2',
		name: 'Female Cantonese Voice',
		languages: ['zh-HK'],
		gender: 'female',
		section: 'Azure Voices',
		previewUrl: 'https://samples.example/a.wav',
		isProduction: true,
	};
	const readCatalogue = (value: unknown) => readVoices(answer(json(value)));

	test.each([
		['lists of objects with one key', { 'Azure Voices': [{ 'Female Cantonese Voice': details }] }],
		['objects by name', { 'Azure Voices': { 'Female Cantonese Voice': details } }],
		[
			'lists of voices that have their name inside',
			{
				'Azure Voices': [{ voice_name: 'Female Cantonese Voice', ...details }],
			},
		],
		[
			'languages and environments as text',
			{
				'Azure Voices': [
					{ 'Female Cantonese Voice': { ...details, lang_codes: 'zh-HK', deployment_env: 'production' } },
				],
			},
		],
		['one more level around', { 'Azure Voices': { public: [{ 'Female Cantonese Voice': details }] } }],
		[
			'things that are no voices',
			{
				version: 3,
				'Azure Voices': [null, 'text', { Broken: { voice_value: 7 } }, { 'Female Cantonese Voice': details }],
			},
		],
	])('may be sections with %s', (_what, catalogue) => expect(readCatalogue(catalogue)).toEqual([voice]));

	test('may be a bare list', () => {
		const listed = [{ voice_name: 'Female Cantonese Voice', ...details }];
		expect(readCatalogue(listed)).toEqual([{ ...voice, section: null }]);
	});

	test('says of a voice what it knows, and null for the rest', () => {
		expect(readCatalogue({ 'New Voices': [{ Nova: { voice_value: 'nova' } }] })).toEqual([
			{
				id: 'nova',
				name: 'Nova',
				languages: null,
				gender: null,
				section: 'New Voices',
				previewUrl: null,
				isProduction: true,
			},
		]);
	});

	test('knows the voices that are for development only', () => {
		const catalogue = { S: [{ V: { ...details, deployment_env: ['DEVELOPMENT'] } }] };
		expect(readCatalogue(catalogue)[0]).toMatchObject({ isProduction: false });
	});

	test.each([[null], [[]], [{}], ['text'], [42], [{ S: null }], [{ S: [[[]]] }]])(
		'%j has no voices',
		(value) => expect(readCatalogue(value)).toEqual([]),
	);

	test('is not followed into endless depths', () => {
		const nested: Record<string, unknown> = {};
		nested.again = nested;
		expect(readVoices(answer({ kind: 'json', value: nested, text: '' }))).toEqual([]);
	});
});
