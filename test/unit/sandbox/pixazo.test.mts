import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { loadData } from '../../../sandbox/core/context.mts';
import type { PixazoOperation } from '../../../sandbox/providers/pixazo.mts';
import { startSandbox, type Sandbox, type Scenario } from '../../../sandbox/sandbox.mts';
import { ask, until, type Question } from './ask.mts';

const VIBEVOICE = '/vibevoice/v1/vibevoice/generateRequest';
const REALTIME = '/vibevoice-realtime-0-5b-135/v1/vibevoice-realtime-0-5b-request';
const DIALOGUE = {
	script: 'Speaker 0: Good evening.\nSpeaker 1: And good night.',
	speakers: [{ preset: 'Alice [EN]' }, { preset: 'Frank [EN]' }],
};

let sandbox: Sandbox;
let receiver: Server;
let received: Array<{ headers: IncomingMessage['headers']; body: any }> = [];

beforeAll(async () => {
	sandbox = await startSandbox({ settings: { jobSeconds: 0.05 } });
	receiver = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
		response.end();
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
	sandbox.reset();
	received = [];
});
afterAll(async () => {
	receiver.closeAllConnections();
	receiver.close();
	await sandbox.stop();
});

const submit = (json: unknown, path = VIBEVOICE, question: Question = {}) =>
	ask('pixazo', `${sandbox.urls.pixazo}${path}`, { json, ...question });
const poll = (id: string) => ask('pixazo', `${sandbox.urls.pixazo}/v2/requests/status/${id}`);
const statusOf = (id: string, status: string) =>
	until(
		() => poll(id),
		({ json }) => json.status === status,
	);
const callbackUrl = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

describe('A job', () => {
	test('is queued with a polling URL, then completed with a file, in two time formats', async () => {
		const { status, json } = await submit(DIALOGUE);
		expect([status, json]).toEqual([
			202,
			{
				request_id: expect.stringMatching(/^vibevoice_/),
				status: 'QUEUED',
				polling_url: `${sandbox.urls.pixazo}/v2/requests/status/${json.request_id}`,
			},
		]);
		const done = (await statusOf(json.request_id, 'COMPLETED')).json;
		expect(done).toEqual({
			request_id: json.request_id,
			status: 'COMPLETED',
			model_id: 'vibevoice',
			error: null,
			output: {
				media_url: [`${sandbox.urls.media}/v1/${json.request_id}/output.wav`],
				media_type: 'audio/wav',
			},
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
			updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
			completed_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
		});
		expect((await fetch(done.output.media_url[0])).headers.get('content-type')).toBe('audio/wav');
	});

	test('records which voice said what, with numbering from 1 put to 0', async () => {
		await submit({ ...DIALOGUE, script: 'Speaker 1: Good evening.\nlost words\nSpeaker 2: And good night.' });
		expect(sandbox.requests({ operation: 'speech.generate' })[0]?.spoken).toEqual([
			{ voice: 'Alice [EN]', text: 'Good evening.' },
			{ voice: 'Frank [EN]', text: 'And good night.' },
		]);
	});

	test.each([
		['FAILED', 1],
		['ERROR', 0],
	])('that ends %s has no output, and %i charge', async (outcome, charges) => {
		sandbox.scenario({ job: { outcome, error: 'The model is out of breath' } });
		const { json } = await submit(DIALOGUE);
		const ended = (await statusOf(json.request_id, outcome)).json;
		expect(ended).toMatchObject({ error: 'The model is out of breath', output: null });
		expect(sandbox.counters().total).toMatchObject({ accepted: 1, charges });
	});

	test('without a line that has a speaker fails after it was accepted', async () => {
		const { json } = await submit({ script: 'Just prose.' });
		expect((await statusOf(json.request_id, 'FAILED')).json.error).toMatch(/No valid speaker lines/);
	});

	test('can stay in progress for so many polls', async () => {
		sandbox.scenario({ job: { seconds: 0, processingPolls: 3 } });
		const { json } = await submit(DIALOGUE);
		const statuses: string[] = [];
		for (let count = 0; count < 4; count += 1) statuses.push((await poll(json.request_id)).json.status);
		expect(statuses).toEqual(['PROCESSING', 'PROCESSING', 'PROCESSING', 'COMPLETED']);
	});

	test('can vanish', async () => {
		sandbox.scenario({ name: 'jobVanishes' });
		const { json } = await submit(DIALOGUE);
		expect([(await poll(json.request_id)).status, (await poll(json.request_id)).status]).toEqual([200, 404]);
	});

	test('can have polls that fail', async () => {
		sandbox.scenario({ job: { seconds: 0, pollStatus: { status: 500, times: 2 } } });
		const { json } = await submit(DIALOGUE);
		const statuses: number[] = [];
		for (let count = 0; count < 3; count += 1) statuses.push((await poll(json.request_id)).status);
		expect(statuses).toEqual([500, 500, 200]);
	});

	test('can take on a status that nobody knows, or never end', async () => {
		sandbox.scenario({ name: 'jobUnknownStatus', times: 1 });
		sandbox.scenario({ job: { outcome: 'never', seconds: 0 }, times: 1 });
		const unknown = (await submit(DIALOGUE)).json.request_id;
		const never = (await submit(DIALOGUE)).json.request_id;
		await statusOf(unknown, 'HIBERNATING');
		expect((await poll(never)).json.status).toBe('PROCESSING');
	});

	test('that was never submitted is not found', async () => {
		expect((await poll('vibevoice_nobody')).status).toBe(404);
	});

	test('is listed with its times', async () => {
		const { json } = await submit(DIALOGUE);
		await statusOf(json.request_id, 'COMPLETED');
		expect(sandbox.jobs()).toEqual([
			expect.objectContaining({
				id: json.request_id,
				status: 'COMPLETED',
				endedAt: expect.stringMatching(/Z$/),
			}),
		]);
	});
});

describe('A script', () => {
	test.each([
		['two speakers with none given', VIBEVOICE, { script: DIALOGUE.script }],
		['two speakers with one given', VIBEVOICE, { ...DIALOGUE, speakers: [{ preset: 'Alice [EN]' }] }],
		[
			'five speakers',
			VIBEVOICE,
			{ script: DIALOGUE.script, speakers: Array(5).fill({ preset: 'Alice [EN]' }) },
		],
		[
			'a preset of the other provider',
			VIBEVOICE,
			{ ...DIALOGUE, speakers: [{ preset: 'Alice [EN] (Background Music)' }, {}] },
		],
		['no speakers in realtime', REALTIME, { script: 'Speaker 0: Hello.' }],
		[
			'a line without a speaker in realtime',
			REALTIME,
			{ script: 'Speaker 0: Hello\nthere.', speakers: [{ preset: 'Emma' }] },
		],
		[
			'numbering from 1 in realtime',
			REALTIME,
			{ script: 'Speaker 1: Hello.', speakers: [{ preset: 'Emma' }, { preset: 'Mike' }] },
		],
		[
			'a seed in realtime',
			REALTIME,
			{ script: 'Speaker 0: Hello.', speakers: [{ preset: 'Emma' }], seed: 1 },
		],
		[
			'a voice sample in realtime',
			REALTIME,
			{ script: 'Speaker 0: Hello.', speakers: [{ audio_url: 'https://x.example/a.wav' }] },
		],
	])('with %s is refused', async (_what, path, body) => {
		expect((await submit(body, path)).status).toBe(400);
		expect(sandbox.counters().total.charges).toBe(0);
	});

	test('in realtime takes any preset, and answers with a type that says nothing', async () => {
		const { json } = await submit({ script: 'Speaker 0: Hello.', speakers: [{ preset: 'Mike' }] }, REALTIME);
		expect((await statusOf(json.request_id, 'COMPLETED')).json.output.media_type).toBe(
			'application/octet-stream',
		);
	});
});

describe('The other operations', () => {
	const { operations } = loadData<{ operations: PixazoOperation[] }>('pixazo-operations.json');
	const sample: Record<string, unknown> = {
		string: 'some words',
		object: {},
		array: [],
		integer: 1,
		number: 1,
		boolean: true,
	};

	/** The smallest body that a schema takes. */
	function smallest(schema: any): any {
		if (schema.enum) return schema.enum[0];
		if (schema.format === 'uri') return 'https://voices.example/sample.wav';
		if (schema.type === 'object') {
			return Object.fromEntries(
				(schema.required ?? []).map((name: string) => [name, smallest(schema.properties[name])]),
			);
		}
		if (schema.type === 'array') return schema.minItems ? [smallest(schema.items)] : [];
		return sample[schema.type];
	}

	const generating = operations.filter(({ mode, textField }) => mode !== 'status' && textField !== 'script');
	const paths = generating.flatMap(({ path, alsoAt, mode, schema }) =>
		[path, ...alsoAt].map((each) => [each, mode, schema] as const),
	);

	test.each(paths)('%s takes its smallest body (%s)', async (path, mode, schema) => {
		const { status, json } = await submit(smallest(schema), path);
		expect([status, mode === 'direct' || typeof json.polling_url]).toEqual([
			mode === 'direct' ? 200 : 202,
			mode === 'direct' || 'string',
		]);
		expect((await submit({ ...smallest(schema), colour: 1 }, path)).status).toBe(400);
	});

	test.each([
		['string', (json: any) => json.output],
		['object', (json: any) => json.output.media_url[0]],
		['urls', (json: any) => json.audio_url],
		['audioList', (json: any) => json.audio[0].url],
		['audioObject', (json: any) => json.audio.url],
		['outputUrl', (json: any) => json.output_url],
	])('answer at once in the shape %s', async (shape, urlOf) => {
		sandbox.scenario({ shape });
		const { json } = await submit({ text: 'Hello.' }, '/voxcpm/v1/text-to-speech');
		expect((await fetch(urlOf(json))).status).toBe(200);
	});

	test('Stable Audio answers with the file itself in sync mode', async () => {
		const path = paths.find(
			([each]) => each.includes('text-to-audio-request') && each.includes('stable'),
		)![0];
		const { json } = await submit({ prompt: 'calm', duration: 1, sync_mode: true }, path);
		expect(json.output).toMatch(/^data:audio\/mpeg;base64,/);
	});

	test('Zonos tells name and size of the file', async () => {
		const { json } = await submit(
			{ reference_audio_url: 'https://voices.example/a.wav', text: 'Hello.' },
			'/zonos-2/v1/zonos-2-request',
		);
		const { output } = (await statusOf(json.request_id, 'COMPLETED')).json;
		const bytes = (await (await fetch(output.media_url[0])).arrayBuffer()).byteLength;
		expect(output).toMatchObject({ file_name: 'output.wav', file_size: bytes });
	});

	test('the older way to ask finds the job', async () => {
		const { json } = await submit({ text: 'Hello.' }, '/minimax-hailuo-ai-music/v1/getAudio');
		const found = await submit({ task_id: json.request_id }, '/minimax-hailuo-ai-music/v1/getAudioResult');
		expect([found.status, found.json.request_id]).toEqual([200, json.request_id]);
	});
});

describe('A callback', () => {
	const withCallback = (scenario?: Scenario, mode?: string) => {
		if (scenario) sandbox.scenario(scenario);
		return submit(DIALOGUE, VIBEVOICE, {
			headers: { 'X-Webhook-URL': callbackUrl(), ...(mode ? { 'X-Webhook-Mode': mode } : {}) },
		});
	};
	const arrived = (count: number) =>
		until(
			() => received.length,
			(length) => length >= count,
		);

	test('comes once, at the end, in the shape of the status, without any credential', async () => {
		const { json } = await withCallback();
		await arrived(1);
		expect(received[0]?.body).toEqual((await poll(json.request_id)).json);
		expect(JSON.stringify(received[0]?.headers)).not.toMatch(/key|authorization/i);
		await until(
			() => sandbox.callbacks(),
			([first]) => first?.status === 200,
		);
		expect(sandbox.callbacks()).toEqual([
			expect.objectContaining({ jobId: json.request_id, kind: 'terminal', status: 200 }),
		]);
	});

	test('tells of a failure', async () => {
		await withCallback({ name: 'jobError' });
		await arrived(1);
		expect(received[0]?.body).toMatchObject({ status: 'ERROR', output: null, error: expect.any(String) });
	});

	test('comes before the submission is answered when early', async () => {
		await withCallback({ name: 'callbackEarly' });
		expect(received.map(({ body }) => body.status)).toEqual(['COMPLETED']);
	});

	test('comes twice when duplicated', async () => {
		await withCallback({ name: 'callbackTwice' });
		await arrived(2);
		expect(received[0]?.body.request_id).toBe(received[1]?.body.request_id);
	});

	test('has a forged one before it, of an id that nobody knows', async () => {
		await withCallback({ name: 'callbackForged' });
		await arrived(2);
		const forged = received[0]?.body;
		expect(forged.status).toBe('COMPLETED');
		expect((await poll(forged.request_id)).status).toBe(404);
	});

	test('reports progress in mode sync', async () => {
		await withCallback({ job: { seconds: 0.2 } }, 'sync');
		await until(
			() => received.map(({ body }) => body.status),
			(statuses) => statuses.includes('COMPLETED'),
		);
		expect(received.map(({ body }) => body.status)).toContain('PROCESSING');
	});

	test('can fail to come, while that of a later job comes', async () => {
		const never = await withCallback({ name: 'callbackNever', times: 1 });
		await statusOf(never.json.request_id, 'COMPLETED');
		const later = await withCallback();
		await arrived(1);
		expect(received.map(({ body }) => body.request_id)).toEqual([later.json.request_id]);
	});

	test.each([
		['http to another machine', { 'X-Webhook-URL': 'http://hooks.example/x' }],
		['no URL', { 'X-Webhook-URL': 'hook' }],
		['an unknown mode', { 'X-Webhook-URL': 'https://hooks.example/x', 'X-Webhook-Mode': 'often' }],
	])('is refused with %s', async (_what, headers) => {
		expect((await submit(DIALOGUE, VIBEVOICE, { headers })).status).toBe(400);
	});
});
