import { createHash, randomBytes } from 'node:crypto';

import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { binaryBytes, cleanUp, runNode } from './harness.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ settings: { jobSeconds: 0.05 } });
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	cleanUp();
});

const TEXT = 'Good morning, and welcome to the show.';
const PROMPT = 'Rain on a tin roof';
const UNKNOWN_ASSET = '00000000-0000-4000-8000-000000000000';

async function run(parameters: Record<string, any>, more: Record<string, unknown> = {}) {
	return await runNode(
		'vimmerse',
		{ ...parameters, options: { pollInterval: 0.1, ...parameters.options } },
		{ baseUrl: sandbox.urls.vimmerse, apiKey: RIGHT_KEY, ...more },
	);
}
const generate = async (resource: string, parameters: Record<string, any> = {}) =>
	await run({
		resource,
		operation: 'generate',
		...(resource === 'speech' ? { text: TEXT } : { prompt: PROMPT }),
		...parameters,
	});
const getAsset = async (parameters: Record<string, any>) =>
	await run({ resource: 'asset', operation: 'get', ...parameters });
const estimate = async (parameters: Record<string, any>) =>
	await run({ resource: 'credits', operation: 'estimate', ...parameters });

const requests = (operation: string) => sandbox.requests({ provider: 'vimmerse', operation });
const only = (result: Awaited<ReturnType<typeof run>>) => {
	expect(result.error).toBeUndefined();
	expect(result.outputs[0]).toHaveLength(1);
	return result.outputs[0]![0]! as { json: any; binary?: any };
};

describe('generating', () => {
	test.each([
		[
			'soundEffect',
			'/v2/audio/text-2-sound-effect',
			{ prompt: PROMPT, duration: 5 },
			'sound-effect.mp3',
			'audio/mpeg',
		],
		['music', '/v2/audio/text-2-music', { prompt: PROMPT }, 'music.wav', 'audio/wav'],
	])(
		'%s: sends what is documented and puts out the file',
		async (resource, path, body, fileName, mimeType) => {
			const item = only(await generate(resource));

			expect(requests(`${resource}.generate`)[0]).toMatchObject({ path, body, accepted: true });
			expect(item.json).toMatchObject({
				provider: 'vimmerse',
				kind: resource,
				model: null,
				status: 'completed',
				audio: { fileName, mimeType },
				text: { characters: PROMPT.length, requests: 1 },
				error: null,
			});
			expect(item.json.credits.used).toBeGreaterThan(0);
			expect(item.binary.data).toMatchObject({ fileName, mimeType });
			expect((await binaryBytes(item as never)).length).toBe(item.json.audio.sizeBytes);
		},
	);

	test('a sound lasts as long as is wanted', async () => {
		const item = only(await generate('soundEffect', { duration: 2.5 }));

		expect(requests('soundEffect.generate')[0]!.body).toEqual({ prompt: PROMPT, duration: 2.5 });
		expect(item.json.audio.durationSeconds).toBeCloseTo(2.5, 0);
	});

	test.each([0, -1, '={{ "soon" }}'])('a duration of %s is refused before any request', async (duration) => {
		const result = await generate('soundEffect', { duration });

		expect(result.error!.message).toContain("'Duration (Seconds)'");
		expect(sandbox.requests()).toHaveLength(0);
	});

	test('a voice that is not in the list is sent as it is', async () => {
		only(
			await generate('speech', {
				voice: { __rl: true, mode: 'id', value: 'Nova' },
				engine: 'ChirpTTS',
				options: { language: 'en-US' },
			}),
		);

		expect(requests('speech.generate')[0]!.body).toEqual({
			prompt: TEXT,
			voice: 'Nova',
			option: 'ChirpTTS',
			language: 'en-US',
		});
	});
});

describe('assets in every documented shape', () => {
	test.each(['results', 'none', 'data', 'urlList', 'processing', 'empty'])(
		'E.38, E.40, E.45: %s leads to the audio',
		async (shape) => {
			sandbox.scenario({ provider: 'vimmerse', operation: 'music.generate', shape });

			const item = only(await generate('music'));

			expect(item.json).toMatchObject({ status: 'completed', kind: 'music' });
			expect(item.json.audio.durationSeconds).toBeCloseTo(30, 0);
		},
	);

	test('E.38: an asset that stays without results is told as such, with its ID', async () => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'speech.generate', shape: 'none' });
		sandbox.scenario({ provider: 'vimmerse', operation: 'asset.get', shape: 'none' });

		const result = await generate('speech');

		expect(result.error!.message).toContain('names no address');
		expect(result.error!.description).toContain('Asset: Get');
		expect(requests('speech.generate')).toHaveLength(1);
	});

	test('E.39: an asset that is not ready is asked for until it is', async () => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'speech.generate', job: { processingPolls: 2 } });

		const item = only(await generate('speech'));

		expect(item.json.status).toBe('completed');
		expect(requests('asset.get').length).toBeGreaterThanOrEqual(2);
	});

	test('E.39: an unknown status without results is waited for', async () => {
		sandbox.scenario({
			provider: 'vimmerse',
			operation: 'speech.generate',
			job: { outcome: 'RENDERING', seconds: 0 },
		});

		const result = await generate('speech', { options: { timeout: 1 } });

		expect(result.error!.message).toMatch(/not ready after 1 s|does not lead/);
	});

	test('E.41: WAV that is declared as audio/mp3 is told as what it is, downloaded or not', async () => {
		const downloaded = only(await generate('music'));
		const left = only(await generate('music', { downloadAudio: false }));

		expect(requests('music.generate')[0]!.answer).toMatchObject({ mime_type: 'audio/mp3' });
		expect(downloaded.json.audio.mimeType).toBe('audio/wav');
		expect(left.json.audio.mimeType).toBe('audio/wav');
	});

	test('E.41: audio/mp3 comes out as audio/mpeg', async () => {
		expect(only(await generate('speech', { downloadAudio: false })).json.audio.mimeType).toBe('audio/mpeg');
	});

	test('E.45: times with six digits and an offset come out as ISO 8601 in UTC', async () => {
		const { createdAt, completedAt } = only(await generate('speech')).json;

		const answer = requests('speech.generate')[0]!.answer as Record<string, string>;
		expect(answer.created_at).toMatch(/\.\d{6}\+00:00$/);
		expect(createdAt).toBe(new Date(answer.created_at!).toISOString());
		expect(completedAt).toBe(new Date(answer.updated_at!).toISOString());
	});
});

test('E.44: the defaults are those of version 2', async () => {
	only(await generate('speech'));

	expect(requests('speech.generate')[0]!.body).toEqual({
		prompt: TEXT,
		voice: 'AutoV',
		option: 'ElevenLabsTTS',
		language: '',
	});
});

test('E.46: no header but the key is sent', async () => {
	only(await generate('speech'));

	const names = Object.keys(requests('speech.generate')[0]!.headers);
	expect(names).toContain('x-api-key');
	expect(names.filter((name) => ['authorization', 'username', 'x-client-type'].includes(name))).toEqual([]);
});

test('E.47: what was used is what the asset says, not the estimate', async () => {
	const item = only(await generate('music', { options: { maxCredits: 60 } }));

	expect(item.json.credits).toEqual({
		used: (requests('music.generate')[0]!.answer as any).credits,
		usd: null,
	});
});

describe('422 in both of its meanings', () => {
	test('a list names the wrong fields', async () => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'speech.generate', status: 422 });

		const result = await generate('speech', {});

		expect(result.error!.message).toContain('did not accept the request (prompt: Field required)');
	});

	test('a sentence says that the audio could not be made', async () => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'speech.generate', status: 422, kind: 'failed' });

		const result = await run(
			{ resource: 'speech', operation: 'generate', text: TEXT },
			{ onError: 'continueErrorOutput' },
		);

		const item = result.outputs.flat()[0]!.json as any;
		expect(item.details.error).toMatchObject({ code: 'job_failed', httpStatus: 422 });
		expect(item.message).toContain('Failed to generate audio');
	});
});

describe('Credits: Estimate', () => {
	test.each([
		['text-to-speech', { prompt: TEXT }, { prompt: TEXT, option: 'ElevenLabsTTS', voice: 'AutoV' }],
		[
			'text-to-speech',
			{ prompt: TEXT, engine: 'ChirpTTS' },
			{ prompt: TEXT, option: 'ChirpTTS', voice: 'AutoV' },
		],
		[
			'text-to-audio',
			{ prompt: PROMPT, duration: 8, engine: 'MMAudio' },
			{ prompt: PROMPT, option: 'MMAudio', duration: 8 },
		],
		['text-to-music', { prompt: PROMPT }, { prompt: PROMPT, option: 'AutoA' }],
		['upload-audio', { duration: 60 }, { option: 'AutoA', duration: 60 }],
	])('E.42: %s %j', async (service, parameters, body) => {
		const item = only(await estimate({ service, quantity: 2, ...parameters }));

		expect(requests('credits.estimate')[0]!.body).toEqual({ app_name: service, quantity: 2, ...body });
		expect(item.json).toEqual({
			provider: 'vimmerse',
			service,
			credits: expect.any(Number),
			breakdown: { [service]: expect.any(Number), quantity: 2 },
		});
		expect(sandbox.counters().total.charges).toBe(0);
	});

	test.each([
		['{}', {}],
		['a list', []],
		['words instead of a number', { total_credits: 'many' }],
		['null', { total_credits: null }],
		['an empty text', { total_credits: '' }],
		['false', { total_credits: false }],
	])('an answer that is no estimate (%s) is told as such', async (_what, body) => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'credits.estimate', status: 200, body });

		const result = await estimate({ service: 'text-to-music', prompt: PROMPT });

		expect(result.error!.message).toContain('answered without an estimate');
	});
});

describe('Max Credits', () => {
	test.each([
		['speech', { app_name: 'text-to-speech', option: 'ElevenLabsTTS', prompt: TEXT, voice: 'AutoV' }, 0],
		['soundEffect', { app_name: 'text-to-audio', option: 'AutoA', prompt: PROMPT, duration: 5 }, 9],
		['music', { app_name: 'text-to-music', option: 'AutoA', prompt: PROMPT }, 59],
	])(
		'E.43: %s is estimated with the option that it has, and refused before it costs',
		async (resource, body, maxCredits) => {
			const result = await generate(resource, { options: { maxCredits } });

			expect(requests('credits.estimate').map((request) => request.body)).toEqual([body]);
			expect(result.error!.message).toMatch(/would cost about \d+ credits/);
			expect(requests(`${resource}.generate`)).toHaveLength(0);
		},
	);

	test('what is estimated is what would be sent, additional fields included', async () => {
		await generate('soundEffect', {
			options: { maxCredits: 0, additionalFields: '{"duration":20,"option":"MMAudio","prompt":"Hail"}' },
		});

		expect(requests('credits.estimate')[0]!.body).toEqual({
			app_name: 'text-to-audio',
			option: 'MMAudio',
			prompt: 'Hail',
			duration: 20,
		});
	});

	test('a text in several requests is estimated as their sum', async () => {
		const text = `${'Good morning to all of you. '.repeat(150)}\n\n${'Good night to all of you. '.repeat(150)}`;
		sandbox.scenario({
			provider: 'vimmerse',
			operation: 'credits.estimate',
			status: 200,
			body: { total_credits: 0.1 },
		});

		const result = await generate('speech', { text, options: { maxCredits: 0.15 } });

		const estimated = requests('credits.estimate').map(({ body }) => (body as { prompt: string }).prompt);
		expect(estimated).toHaveLength(2);
		expect(estimated.join(' ').replace(/\s+/g, ' ')).toBe(text.trim().replace(/\s+/g, ' '));
		expect(result.error!.message).toContain('about 0.2 credits');
		expect(requests('speech.generate')).toHaveLength(0);
	});

	test('what costs just as much is made', async () => {
		only(await generate('music', { options: { maxCredits: 60 } }));

		expect(requests('music.generate')).toHaveLength(1);
	});

	test('without a limit no estimate is asked for', async () => {
		only(await generate('music'));

		expect(requests('credits.estimate')).toHaveLength(0);
	});
});

describe('Audio: Upload', () => {
	const upload = async (parameters: Record<string, any>, items?: unknown[]) =>
		await run({ resource: 'audio', operation: 'upload', ...parameters }, items ? { items } : {});
	const withFile = (bytes: Buffer, about: object = {}) => [
		{
			json: {},
			binary: {
				data: { data: bytes.toString('base64'), mimeType: 'audio/wav', fileName: 'voice.wav', ...about },
			},
		},
	];

	test('sends the file of the item, and puts out the record without fetching it back', async () => {
		const bytes = randomBytes(300_000);

		const item = only(await upload({ source: 'binary' }, withFile(bytes)));

		expect(requests('audio.upload')[0]).toMatchObject({
			path: '/v2/audio',
			query: {},
			files: [
				{
					field: 'audio_file',
					fileName: 'voice.wav',
					mimeType: 'audio/wav',
					sizeBytes: bytes.length,
					sha256: createHash('sha256').update(bytes).digest('hex'),
				},
			],
			accepted: true,
		});
		expect(item.json).toMatchObject({ provider: 'vimmerse', kind: 'upload', status: 'completed' });
		expect(item.json.job.id).toMatch(/^[0-9a-f-]{36}$/);
		expect(item.json.audio.url).toMatch(/^http/);
		expect(item.binary).toBeUndefined();
		expect(sandbox.requests({ provider: 'media' })).toHaveLength(0);
	});

	test('a name with quotes, line breaks and umlauts arrives', async () => {
		only(
			await upload(
				{ source: 'binary' },
				withFile(Buffer.from('RIFFxxxx'), { fileName: 'Größe "A"\r\nB.wav' }),
			),
		);

		expect(requests('audio.upload')[0]!.files[0]!.fileName).toMatch(/Größe .*A.*B\.wav/);
	});

	test('a file may be in any field', async () => {
		const items = [{ json: {}, binary: { voice: withFile(Buffer.from('RIFFxxxx'))[0]!.binary.data } }];

		only(await upload({ source: 'binary', binaryPropertyName: 'voice' }, items));

		expect(requests('audio.upload')[0]!.files).toHaveLength(1);
	});

	test('after a rate limit the file is sent again, whole', async () => {
		sandbox.scenario({
			provider: 'vimmerse',
			operation: 'audio.upload',
			status: 429,
			retryAfterSeconds: 0.1,
			times: 1,
		});
		const bytes = randomBytes(300_000);

		only(await upload({ source: 'binary' }, withFile(bytes)));

		expect(requests('audio.upload').map(({ status }) => status)).toEqual([429, 200]);
		expect(requests('audio.upload')[1]!.files[0]!.sizeBytes).toBe(bytes.length);
	});

	test('an address is handed over as it is', async () => {
		const item = only(await upload({ source: 'url', audioUrl: 'https://example.com/a b.mp3?x=1&y=2' }));

		expect(requests('audio.upload')[0]).toMatchObject({
			query: { audio_url: 'https://example.com/a b.mp3?x=1&y=2' },
			files: [],
		});
		expect(item.json).toMatchObject({ kind: 'upload', status: 'completed' });
	});

	test.each(['ftp://example.com/a.mp3', 'example.com', '/tmp/a.mp3'])(
		'the address %s is refused before any request',
		async (audioUrl) => {
			const result = await upload({ source: 'url', audioUrl });

			expect(result.error!.message).toContain("'Audio URL'");
			expect(sandbox.requests()).toHaveLength(0);
		},
	);

	test('an item without the file is told which field is missing', async () => {
		const result = await upload({ source: 'binary', binaryPropertyName: 'voice' }, [{ json: {} }]);

		expect(result.error!.message).toContain("'voice'");
		expect(sandbox.requests()).toHaveLength(0);
	});
});

describe('Asset: Get', () => {
	test.each([
		['soundEffect', 'sound-effect.mp3'],
		['music', 'music.wav'],
		['speech', 'narration.mp3'],
	])('collects %s, and knows what it is', async (resource, fileName) => {
		const made = only(await generate(resource, { downloadAudio: false }));

		const item = only(await getAsset({ assetId: made.json.job.id }));

		expect(item.json).toMatchObject({ kind: resource, status: 'completed', job: { id: made.json.job.id } });
		expect(item.json.job.statusUrl).toBe(`${sandbox.urls.vimmerse}/asset/${made.json.job.id}`);
		expect(item.binary.data.fileName).toBe(fileName);
	});

	test('without waiting puts out the status as it is', async () => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'music.generate', job: { outcome: 'never' } });
		await generate('music', { options: { timeout: 1 } });
		const [{ id }] = sandbox.jobs() as unknown as [{ id: string }];

		const item = only(await getAsset({ assetId: id }));

		expect(item.json).toMatchObject({ status: 'processing', kind: 'music' });
		expect(item.binary).toBeUndefined();
	});

	test('an asset that failed is an answer like any other', async () => {
		sandbox.scenario({
			provider: 'vimmerse',
			operation: 'music.generate',
			job: { outcome: 'FAILED', seconds: 0 },
		});
		await generate('music');
		const [{ id }] = sandbox.jobs() as unknown as [{ id: string }];

		expect(only(await getAsset({ assetId: id })).json).toMatchObject({
			status: 'failed',
			error: { code: 'job_failed' },
		});
	});

	test('an unknown asset is told as such', async () => {
		const result = await getAsset({ assetId: UNKNOWN_ASSET });

		expect(result.error!.message).toContain("Check 'Asset ID'");
	});
});

describe('answers that nobody documents', () => {
	const answers: Array<[string, unknown]> = [
		['{}', {}],
		['null', null],
		['a list', [1, 2]],
		['words', '"done"'],
		['everything null', { id: null, results: null, status: null, credits: null, mime_type: null }],
		['everything of another type', { id: 7, results: { a: 1 }, status: 3, credits: 'many', created_at: 5 }],
		['data null', { data: null }],
		['data empty', { data: [] }],
		['results of odd things', { id: 'x', results: [null, 3], status: 'success' }],
	];
	test.each(answers)('%s ends in a sentence', async (_what, body) => {
		sandbox.scenario({ provider: 'vimmerse', operation: 'speech.generate', status: 200, body });

		const result = await generate('speech', { options: { timeout: 2 } });

		expect(result.status).toBe('error');
		expect(result.error!.message).toMatch(/Vimmerse/);
		expect(result.error!.message).not.toMatch(/undefined|TypeError|Cannot read|object Object/);
	});
});
