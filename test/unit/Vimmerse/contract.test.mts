import { Readable } from 'node:stream';

import { assetStatus, readEstimate, readGenerated, vimmerse } from '../../../nodes/Vimmerse/contract';
import { fileForm } from '../../../nodes/Vimmerse/multipart';

const json = (value: unknown) =>
	({ status: 200, headers: {}, body: { kind: 'json', value, text: JSON.stringify(value) } }) as never;
const URL_OF_AUDIO = 'https://media.example/output.wav';

describe('assets', () => {
	test.each([
		['E.38', { id: 'a', status: 'success', results: [URL_OF_AUDIO] }],
		['E.40: without a wrapper', { results: [URL_OF_AUDIO] }],
		['E.45: in data', { data: { id: 'a', status: 'success', results: [URL_OF_AUDIO] } }],
		['E.45: a list in data', { data: [{ URL: URL_OF_AUDIO, thumbnail_url: null }] }],
		['a list of objects', { results: [{ url: URL_OF_AUDIO }] }],
		['a single address', { results: URL_OF_AUDIO }],
		['a status that nobody documents', { results: [URL_OF_AUDIO], status: 'rendered' }],
	])('%s leads to the audio', (_name, answer) => {
		expect(readGenerated(json(answer))).toMatchObject({
			status: 'completed',
			source: { urls: [URL_OF_AUDIO] },
		});
	});

	test('E.38: without results the asset is asked for once more, and then it is final', () => {
		const answer = json({ id: 'a', status: 'success', credits: 8 });

		expect(readGenerated(answer)).toMatchObject({ status: 'processing', isWorthAskingAtOnce: true });
		expect(assetStatus.read(answer)).toMatchObject({ status: 'completed', source: { urls: [] } });
	});

	test.each(['processing', 'queued', 'RENDERING'])('E.39: %s is waited for', (said) => {
		expect(assetStatus.read(json({ id: 'a', status: said, results: [] }))).toMatchObject({
			status: 'processing',
		});
	});

	test.each([
		['output.wav', 'audio/mp3', 'audio/wav'],
		['output.mp3', 'audio/mp3', 'audio/mpeg'],
		['output', 'audio/mp3', 'audio/mpeg'],
	])('E.41: %s declared as %s is %s', (name, mime_type, expected) => {
		const { facts } = readGenerated(json({ results: [`https://media.example/${name}`], mime_type }));

		expect(facts.audio).toMatchObject({ mimeType: expected });
	});

	test.each([
		['text-to-speech', 'speech'],
		['text-to-audio', 'soundEffect'],
		['text-to-music', 'music'],
		['upload-audio', 'upload'],
		['text-to-video', undefined],
	])('E.42: %s is %s', (app_name, kind) => {
		expect(readGenerated(json({ id: 'a', app_name })).facts.kind).toBe(kind);
	});

	test.each([null, 'done', 7, [1]])('%j is told as an answer without an asset', (answer) => {
		expect(() => readGenerated(json(answer))).toThrow(/without an asset/);
	});
});

describe('estimates', () => {
	test.each([
		[
			{ total_credits: 0, breakdown: {} },
			{ credits: 0, breakdown: {} },
		],
		[{ total_credits: '12.5' }, { credits: 12.5, breakdown: null }],
		[{ data: { total_credits: 3, breakdown: { a: 3 } } }, { credits: 3, breakdown: { a: 3 } }],
	])('%j', (answer, expected) => expect(readEstimate(json(answer))).toEqual(expected));
});

describe('refusals', () => {
	const refusal = (status: number, value: unknown) =>
		vimmerse.readRefusal({ status, body: { kind: 'json', value, text: '' } });

	test.each([
		[
			422,
			{ detail: [{ loc: ['body', 'prompt'], msg: 'Field required', type: 'missing' }] },
			undefined,
			'prompt: Field required',
		],
		[422, { detail: 'Failed to generate audio' }, 'job_failed', 'Failed to generate audio'],
		[403, { detail: 'Missing or invalid API key' }, 'invalid_credentials', 'Missing or invalid API key'],
		[403, { message: 'INSUFFICIENT CREDIT' }, 'insufficient_credits', 'INSUFFICIENT CREDIT'],
		[
			403,
			{ detail: 'Your plan does not include this feature' },
			undefined,
			'Your plan does not include this feature',
		],
	])('%i %j is %s', (status, value, code, words) => {
		expect(refusal(status, value)).toMatchObject({ words });
		expect(refusal(status, value).code).toBe(code);
	});

	test.each([null, 'text', [1], { detail: 5 }, { detail: [{ loc: 'x' }] }])(
		'%j is no type error',
		(value) => {
			expect(() => refusal(500, value)).not.toThrow();
		},
	);
});

describe('forms', () => {
	const content = Buffer.from('RIFF of a sort');
	const form = (open: () => Promise<any>) =>
		fileForm('audio_file', {
			name: 'a "b"\r\nc.wav',
			mimeType: 'audio/wav',
			sizeBytes: content.length,
			key: 'a',
			open,
		});

	test.each([
		['bytes', async () => content],
		['a stream', async () => Readable.from([content.subarray(0, 5), content.subarray(5)])],
	])('%s are enclosed by head and tail, of the length that is told', async (_what, open) => {
		const { headers, openBody } = form(open);
		const body = (await openBody!()) as Buffer | Readable;
		const sent = Buffer.isBuffer(body) ? body : Buffer.concat(await body.toArray());

		const boundary = /boundary=(.+)$/.exec(headers!['Content-Type']!)![1];
		expect(sent.toString()).toBe(
			`--${boundary}\r\nContent-Disposition: form-data; name="audio_file"; filename="a %22b%22%0D%0Ac.wav"\r\n` +
				`Content-Type: audio/wav\r\n\r\n${content.toString()}\r\n--${boundary}--\r\n`,
		);
		expect(headers!['Content-Length']).toBe(String(sent.length));
	});

	test('a body is opened anew for every attempt', async () => {
		const open = jest.fn(async () => content);
		const { openBody } = form(open);
		await openBody!();
		await openBody!();

		expect(open).toHaveBeenCalledTimes(2);
	});
});
