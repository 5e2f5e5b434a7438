import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { idsOfModels, SPEECH_MODELS } from '../../nodes/Pixazo/models';
import { binaryBytes, cleanUp, infoLog, runNode } from './harness.mts';

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
const SAMPLE = 'https://samples.example/voice.wav';
const list = (value: string) => ({ __rl: true, mode: 'list', value });
const path = (value: string) => ({ __rl: true, mode: 'path', value });

async function run(parameters: Record<string, any>, more: Record<string, unknown> = {}) {
	const options = { pollInterval: 0.1, ...parameters.options };
	return await runNode(
		'pixazo',
		{ ...parameters, options },
		{ baseUrl: sandbox.urls.pixazo, apiKey: RIGHT_KEY, ...more },
	);
}
const speak = async (parameters: Record<string, any> = {}) =>
	await run({
		resource: 'speech',
		operation: 'generate',
		model: list('vibevoice'),
		text: TEXT,
		...parameters,
	});
const getJob = async (parameters: Record<string, any>) =>
	await run({ resource: 'job', operation: 'get', ...parameters });

const submissions = () => sandbox.requests({ provider: 'pixazo', operation: 'speech.generate' });
const only = (result: Awaited<ReturnType<typeof run>>) => {
	expect(result.error).toBeUndefined();
	expect(result.outputs[0]).toHaveLength(1);
	return result.outputs[0]![0]! as { json: any; binary?: any };
};

describe('every speech model of the table', () => {
	const cloning = idsOfModels(({ sample }) => sample?.isRequired);

	test.each(SPEECH_MODELS.map(({ id }) => id))(
		'%s speaks, with what it demands and nothing unknown',
		async (id) => {
			const item = only(
				await speak({
					model: list(id),
					...(cloning.includes(id) && { audioUrl: SAMPLE }),
					options: { language: 'en', style: 'Warm.' },
				}),
			);

			expect(submissions()[0]).toMatchObject({ accepted: true, spoken: [{ text: TEXT }] });
			expect(item.json).toMatchObject({ status: 'completed', kind: 'speech' });
			expect(item.json.audio.durationSeconds).toBeGreaterThan(1);
			expect((await binaryBytes(item as never)).length).toBe(item.json.audio.sizeBytes);
		},
	);

	test.each(cloning)('%s without a recording is refused before any request', async (id) => {
		const result = await speak({ model: list(id) });

		expect(result.error!.message).toContain("'Sample URL'");
		expect(sandbox.requests()).toHaveLength(0);
	});

	test('a voice, a language and a style go where the model has them', async () => {
		only(
			await speak({
				model: list('qwen-3-tts-text-to-speech-1-7b'),
				voice: { __rl: true, mode: 'id', value: 'My Own' },
				options: { language: 'es-MX', style: 'Warm.' },
			}),
		);

		expect(submissions()[0]!.body).toEqual({
			text: TEXT,
			voice: 'My Own',
			language: 'Spanish',
			prompt: 'Warm.',
		});
	});

	test('a nested key is sent as an object', async () => {
		only(await speak({ model: list('minimax-speech-2-8-turbo'), options: { speed: 1.5 } }));

		expect(submissions()[0]!.body).toEqual({
			prompt: TEXT,
			output_format: 'hex',
			voice_setting: { voice_id: 'Wise_Woman', speed: 1.5 },
		});
	});

	test('options of other models are not sent', async () => {
		only(await speak({ model: list('tts-1'), options: { seed: 7, cfgScale: 1.5, language: 'en' } }));

		expect(submissions()[0]!.body).toEqual({ text: TEXT });
	});
});

describe('models by path', () => {
	const MUSIC = '/tracks/v1/generate';
	const music = () => sandbox.requests({ provider: 'pixazo', operation: 'music.generate' });

	test.each([
		['text', { tags: 'lofi', duration: 10 }, '', { text: TEXT }],
		['prompt', { duration: 10 }, 'prompt', { prompt: TEXT, duration: 10 }],
	])('the text goes under %s', async (_key, additionalFields, textKey, expected) => {
		await speak({
			model: path(MUSIC),
			textKey,
			options: { additionalFields: JSON.stringify(additionalFields) },
		});

		expect(sandbox.requests({ provider: 'pixazo', method: 'POST' })[0]!.body).toEqual({
			...additionalFields,
			...expected,
		});
	});

	test('additional fields that hold the text are the whole body', async () => {
		await speak({ model: path(MUSIC), options: { additionalFields: '{"prompt":"lofi"}' } });

		expect(sandbox.requests({ provider: 'pixazo', method: 'POST' })[0]!.body).toEqual({ prompt: 'lofi' });
	});

	test('a model that makes music says so', async () => {
		const item = only(
			await speak({
				model: path('/lyria-2/v1/lyria-2/generate'),
				options: { additionalFields: '{"prompt":"lofi"}' },
			}),
		);

		expect(music()[0]).toMatchObject({ path: '/lyria-2/v1/lyria-2/generate', accepted: true });
		expect(item.json).toMatchObject({ kind: 'music', model: 'lyria-2', status: 'completed' });
	});

	test('E.16: a whole address, as the pages print it, is as good as its path', async () => {
		only(
			await speak({
				model: path('https://gateway.pixazo.ai/vibevoice/v1/vibevoice/generateRequest'),
				options: { additionalFields: '{"script":"Speaker 0: Hello there."}' },
			}),
		);

		expect(submissions()[0]).toMatchObject({
			path: '/vibevoice/v1/vibevoice/generateRequest',
			body: { script: 'Speaker 0: Hello there.' },
		});
	});

	test('an address of another host is refused before any request', async () => {
		const result = await speak({ model: path('https://evil.example/v1/generate') });

		expect(result.error!.message).toContain("'Model' cannot be https://evil.example");
		expect(sandbox.requests()).toHaveLength(0);
	});

	test('E.18: a model that is not there is told in the words of Pixazo, with what to do', async () => {
		const result = await speak({ model: path('/no-such-model/v1/generate') });

		expect(result.error!.message).toContain("Model 'no-such-model' not found or is disabled");
		expect(result.error!.message).toContain("Choose another 'Model'");
	});

	test('an ID that the table does not have is tried under its usual path', async () => {
		await speak({ model: { __rl: true, mode: 'id', value: 'brand-new-tts' } });

		expect(sandbox.requests({ method: 'POST' })[0]!.path).toBe('/brand-new-tts/v1/text-to-speech');
	});
});

describe('answers at once', () => {
	test.each(['string', 'object', 'urls', 'audioList', 'audioObject', 'outputUrl'])(
		'E.31: the shape %s is read without polling',
		async (shape) => {
			sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', shape });

			const item = only(await speak({ model: list('openbmb-voxcpm2') }));

			expect(item.json).toMatchObject({ status: 'completed', audio: { mimeType: 'audio/wav' } });
			expect(sandbox.requests({ operation: 'job.get' })).toHaveLength(0);
		},
	);

	test('audio as a data URL is put out as a file', async () => {
		const item = only(
			await speak({
				model: path(
					'/stable-audio-3-small-music-text-to-audio/v1/stable-audio-3-small-music-text-to-audio-request',
				),
				options: { additionalFields: '{"prompt":"calm piano","sync_mode":true}' },
			}),
		);

		expect(item.json).toMatchObject({ status: 'completed', audio: { url: null, mimeType: 'audio/mpeg' } });
		expect(item.binary.data.fileExtension).toBe('mp3');
	});
});

test('a job that was accepted is in the log of n8n before it is waited for, without text or key', async () => {
	sandbox.scenario({ operation: 'job.get', times: 1, status: 401 });
	const result = await speak();

	expect(result.error).toBeDefined();
	const [{ jobId } = { jobId: null }] = submissions();
	const [line] = infoLog.filter((text) => text.includes(`accepted job ${jobId} (`));
	expect(line).toMatch(/^Pixazo accepted job \S+ \(execution \S+, node "[^"]+", item 0\)\.$/);
	expect(infoLog.join('\n')).not.toMatch(/Good morning|sandbox-key/);
});

describe('submitting', () => {
	test('puts out the queued job at once, to be collected by Job: Get', async () => {
		const submitted = only(await speak({ completion: 'submit' }));

		expect(submitted.json).toMatchObject({
			status: 'queued',
			job: { providerStatus: 'QUEUED' },
			audio: { url: null },
		});
		expect(submitted.json.job.statusUrl).toContain(submitted.json.job.id);
		expect(submitted.binary).toBeUndefined();
		expect(sandbox.requests({ operation: 'job.get' })).toHaveLength(0);

		const collected = only(await getJob({ jobId: submitted.json.job.id, waitForCompletion: true }));
		expect(collected.json).toMatchObject({
			status: 'completed',
			model: 'vibevoice',
			job: { id: submitted.json.job.id },
		});
		expect(collected.json.audio.durationSeconds).toBeGreaterThan(1);
		expect(collected.binary.data.fileName).toBe('narration.wav');
		expect(submissions()).toHaveLength(1);
	});

	test.each([
		'https://n8n.example/webhook/x?ref=order-42',
		'http://127.0.0.1:9/hook',
		'http://localhost:9/hook',
		'http://[::1]:9/hook',
	])('hands over the callback address %s', async (callbackUrl) => {
		only(await speak({ completion: 'submit', options: { callbackUrl } }));

		expect(submissions()[0]!.headers).toMatchObject({
			'x-webhook-url': callbackUrl,
			'x-webhook-mode': 'terminal',
		});
	});

	test.each([
		'http://n8n.example/webhook/x',
		'n8n.example',
		'ftp://n8n.example',
		'http://127.0.0.1.example/',
	])('refuses the callback address %s before any request', async (callbackUrl) => {
		const result = await speak({ completion: 'submit', options: { callbackUrl } });

		expect(result.error!.message).toContain("'Callback URL' in Options has to start with https://");
		expect(sandbox.requests()).toHaveLength(0);
	});

	test('without a callback address none is sent', async () => {
		only(await speak({ completion: 'submit' }));

		expect(Object.keys(submissions()[0]!.headers).filter((name) => name.startsWith('x-webhook'))).toEqual([]);
	});
});

describe('Job: Get', () => {
	const submit = async (job: object) => {
		sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', job });
		return only(await speak({ completion: 'submit' })).json.job.id as string;
	};

	test('without waiting puts out the status as it is', async () => {
		const item = only(await getJob({ jobId: await submit({ outcome: 'never' }) }));

		expect(['queued', 'processing']).toContain(item.json.status);
		expect(item.binary).toBeUndefined();
	});

	test('an unknown status is passed on as the word that it is', async () => {
		const jobId = await submit({ outcome: 'HIBERNATING', seconds: 0 });

		const item = only(await getJob({ jobId }));

		expect(item.json).toMatchObject({ status: 'processing', job: { providerStatus: 'HIBERNATING' } });
	});

	test.each([
		['FAILED', null],
		['ERROR', false],
	])('E.19: %s is final, and charged is %s', async (outcome, charged) => {
		const jobId = await submit({ outcome, error: 'The voice is not available', seconds: 0 });

		const item = only(await getJob({ jobId }));

		expect(item.json).toMatchObject({
			status: 'failed',
			job: { id: jobId, providerStatus: outcome, charged },
			error: { code: 'job_failed', charged },
		});
		expect(item.json.error.message).toContain('The voice is not available');
	});

	test('an unknown job is told as such', async () => {
		const result = await getJob({ jobId: 'vibevoice_unknown' });

		expect(result.error!.message).toContain("Check 'Job ID'");
	});

	test('E.30: without an end of its own, a job is waited for until the time is up', async () => {
		const result = await getJob({
			jobId: await submit({ outcome: 'never' }),
			waitForCompletion: true,
			options: { timeout: 1 },
		});

		expect(result.error!.message).toContain('not ready after 1 s');
	});
});

test('E.17: 402 and 404 are both understood', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', status: 402, times: 1 });
	expect((await speak()).error!.message).toContain('no credits left');
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', status: 404, times: 1 });
	expect((await speak()).error!.message).toContain('did not accept the request (Request not found)');
});

test('E.20: a generic media type is seen through', async () => {
	sandbox.scenario({ provider: 'pixazo', operation: 'speech.generate', shape: 'octetStream' });

	const item = only(await speak({ downloadAudio: false }));

	expect(item.json.audio.mimeType).toBe('audio/wav');
});

test('E.21: times with and without a zone come out alike', async () => {
	const { createdAt, completedAt } = only(await speak()).json;

	expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	expect(completedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	expect(Math.abs(Date.parse(createdAt) - Date.parse(completedAt))).toBeLessThan(60_000);
});

const preset = (value: string) => ({ speakers: { speaker: [{ source: 'preset', preset: value }] } });

test("E.22: the other provider's name of the voice with background music is translated", async () => {
	only(await speak(preset('Alice [EN] (Background Music)')));

	expect((submissions()[0]!.body as any).speakers).toEqual([{ preset: 'Mary [EN] (Background Music)' }]);
});

test.each(['Speaker 0: One.\nSpeaker 1: Two.', 'Speaker 1: One.\nSpeaker 2: Two.'])(
	'E.23: %j is sent from 0',
	async (text) => {
		only(await speak({ text }));

		expect((submissions()[0]!.body as any).script).toBe('Speaker 0: One.\nSpeaker 1: Two.');
	},
);

const REALTIME = { model: list('vibevoice-realtime-0-5b-135') };

test('E.24: realtime gets its speakers always, and never a seed', async () => {
	only(await speak({ ...REALTIME, options: { seed: 3 } }));

	expect(submissions()[0]!.body).toEqual({
		script: `Speaker 0: ${TEXT}`,
		speakers: [{ preset: 'Frank [EN]' }],
	});
});

test('E.24: a sample for realtime is refused before any request', async () => {
	const result = await speak({
		...REALTIME,
		speakers: { speaker: [{ source: 'sample', audioUrl: SAMPLE }] },
	});

	expect(result.error!.message).toContain("'Source' of every speaker in 'Speakers'");
	expect(sandbox.requests()).toHaveLength(0);
});

test('E.25: every line of a script begins with its speaker', async () => {
	only(await speak({ ...REALTIME, text: 'Good morning.\nHow are you?' }));

	expect((submissions()[0]!.body as any).script).toBe('Speaker 0: Good morning. How are you?');
});

test('E.26: a backslash and an n before a speaker are a line break', async () => {
	only(await speak({ ...REALTIME, text: 'Speaker 0: One.\\nSpeaker 1: Two.' }));

	expect(submissions()[0]!.spoken.map(({ text }) => text)).toEqual(['One.', 'Two.']);
});

test('E.27: realtime takes presets of any name', async () => {
	only(await speak({ ...REALTIME, ...preset('Emma [EN]') }));

	expect((submissions()[0]!.body as any).speakers).toEqual([{ preset: 'Emma [EN]' }]);
});

test('E.28: five speakers are refused before any request', async () => {
	const result = await speak({
		text: [1, 2, 3, 4, 5].map((number) => `Speaker ${number}: Hello.`).join('\n'),
	});

	expect(result.status).toBe('error');
	expect(sandbox.requests()).toHaveLength(0);
});

test.each([0.5, 1.3, 2])('E.8: CFG scale %s is sent as it is', async (cfgScale) => {
	only(await speak({ options: { cfgScale } }));

	expect((submissions()[0]!.body as any).cfg_scale).toBe(cfgScale);
});

describe('Model: Get Many', () => {
	const models = async (parameters: object) =>
		(await run({ resource: 'model', operation: 'getAll', ...parameters })).outputs[0]!.map(
			({ json }) => json,
		);

	test('lists the table without any request', async () => {
		const all = await models({ returnAll: true });

		expect(all).toHaveLength(SPEECH_MODELS.length);
		expect(all[0]).toEqual({
			provider: 'pixazo',
			id: 'vibevoice',
			name: 'VibeVoice',
			maxCharacters: null,
			formats: ['wav'],
			voices: 8,
		});
		expect(sandbox.requests()).toHaveLength(0);
	});

	test('as many as are wanted', async () => {
		expect(await models({ returnAll: false, limit: 3 })).toHaveLength(3);
	});
});
