import { SCENARIOS, startSandbox, type Sandbox } from '../../../sandbox/sandbox.mts';
import { ask, until } from './ask.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const SPEECH = { transcript: 'Hello.', voice: 'WUFemale 3' };
const speak = (key?: string) => ask('convai', `${sandbox.urls.convai}/tts/`, { json: SPEECH, key });
const vimmerse = (key?: string) =>
	ask('vimmerse', `${sandbox.urls.vimmerse}/v2/audio/text-2-speech`, { json: { prompt: 'Hello.' }, key });
/** The code of the socket's error under a failed fetch. */
const failure = (promise: Promise<unknown>) =>
	promise.then(
		() => 'no failure',
		(error) => error.cause?.code ?? error.code ?? String(error),
	);

describe('Keys', () => {
	test('run a scenario on every request, or on the first so many', async () => {
		const always = [await speak('sandbox-key.500'), await speak('sandbox-key.500')];
		const first = [await speak('sandbox-key.503.1'), await speak('sandbox-key.503.1')];
		expect([...always, ...first].map(({ status }) => status)).toEqual([500, 500, 503, 200]);
	});

	test('run several scenarios at once', async () => {
		const { json } = await vimmerse('sandbox-key.wrapped+mediaHtml');
		expect(await (await fetch(json.data.results[0])).text()).toMatch(/^<!DOCTYPE html>/);
	});

	test.each([
		'sandbox-key.nosuch',
		'sandbox-key.500.x',
		'sandbox-key.500.1.1',
		'Sandbox-key',
		'sandbox-key.',
	])('%s is no key', async (key) => {
		expect((await speak(key)).status).toBe(403);
	});

	test('every status scenario answers with its status, on every provider', async () => {
		const names = Object.keys(SCENARIOS).filter((name) => SCENARIOS[name]?.status);
		for (const name of names) {
			const statuses = [await speak(`sandbox-key.${name}`), await vimmerse(`sandbox-key.${name}`)].map(
				({ status }) => status,
			);
			expect([name, ...statuses]).toEqual([name, SCENARIOS[name]?.status, SCENARIOS[name]?.status]);
		}
		expect(sandbox.counters().total).toMatchObject({ accepted: 0, charges: 0, refused: 2 * names.length });
	});
});

describe('Queued scenarios', () => {
	test('meet the operation that they name, so many times, before those of the key', async () => {
		sandbox.scenario({ provider: 'convai', operation: 'speech.generate', times: 1, status: 402 });
		const voices = await ask('convai', `${sandbox.urls.convai}/tts/get_available_voices`);
		const spoken = [await speak('sandbox-key.500'), await speak('sandbox-key.500')];
		expect([voices, ...spoken].map(({ status }) => status)).toEqual([200, 402, 500]);
	});

	test('about generations wait for one', async () => {
		sandbox.scenario({ provider: 'vimmerse', name: 'noResults', times: 1 });
		await ask('vimmerse', `${sandbox.urls.vimmerse}/health`);
		expect((await vimmerse()).json.results).toBeUndefined();
	});

	test('with a name that is not in the table are refused', () => {
		expect(() => sandbox.scenario({ name: 'nosuch' })).toThrow(/There is no scenario "nosuch"/);
	});

	test('can carry a body of their own', async () => {
		sandbox.scenario({ status: 418, body: { teapot: true }, headers: { 'x-tea': 'green' } });
		const answer = await speak();
		expect([answer.status, answer.json, answer.headers.get('x-tea')]).toEqual([
			418,
			{ teapot: true },
			'green',
		]);
	});
});

describe('Rates', () => {
	test.each([
		['seconds', /^7$/],
		['date', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/],
	] as const)('Retry-After as %s', async (retryAfterForm, looks) => {
		sandbox.scenario({ status: 429, retryAfterSeconds: 7, retryAfterForm });
		expect((await speak()).headers.get('retry-after')).toMatch(looks);
	});

	test('no Retry-After', async () => {
		expect((await speak('sandbox-key.429-none')).headers.get('retry-after')).toBeNull();
	});

	test('a limit lets so many through, and tells the rest when to come back', async () => {
		sandbox.configure({ requestsPerSecond: 3 });
		const answers = await Promise.all(Array.from({ length: 8 }, () => speak()));
		const limited = answers.filter(({ status }) => status === 429);
		expect(limited.length).toBeGreaterThanOrEqual(4);
		expect(limited.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true);
		expect(sandbox.counters().total.charges).toBe(8 - limited.length);
	});

	test('a latency is kept', async () => {
		sandbox.configure({ latencyMs: 120 });
		const started = performance.now();
		await speak();
		expect(performance.now() - started).toBeGreaterThan(115);
	});
});

describe('The wire', () => {
	test.each([
		['resetBeforeRequest', 0],
		['resetBeforeAnswer', 1],
	])('%s: no answer, %i charged', async (name, charges) => {
		expect(await failure(speak(`sandbox-key.${name}`))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
		expect([sandbox.counters().total.charges, sandbox.requests()[0]?.status]).toEqual([charges, 0]);
	});

	test('resetDuringAnswer: half of an answer, charged', async () => {
		expect(await failure(speak('sandbox-key.resetDuringAnswer'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
		expect([sandbox.counters().total.charges, sandbox.requests()[0]?.status]).toEqual([1, 200]);
	});

	test('resetAfterAnswer: the whole answer', async () => {
		expect((await speak('sandbox-key.resetAfterAnswer')).text).toMatch(/^RIFF/);
	});

	test('slow: headers late, and slowBody: body stretched', async () => {
		sandbox.scenario({ headersDelayMs: 150, times: 1 });
		const started = performance.now();
		const late = await fetch(`${sandbox.urls.vimmerse}/v2/audio/text-2-speech`, {
			method: 'POST',
			headers: { 'x-api-key': 'sandbox-key', 'content-type': 'application/json' },
			body: '{"prompt":"Hello."}',
		});
		expect(performance.now() - started).toBeGreaterThan(145);
		await late.text();
		sandbox.scenario({ bodyDelayMs: 150, times: 1 });
		const again = performance.now();
		expect((await vimmerse()).json.status).toBe('success');
		expect(performance.now() - again).toBeGreaterThan(145);
	});

	test.each([
		['empty', (answer: any) => answer.text === '' && answer.status === 200],
		[
			'truncated',
			(answer: any) => answer.json === undefined && answer.text.startsWith('{') && answer.status === 200,
		],
		[
			'html',
			(answer: any) =>
				answer.text.startsWith('<!DOCTYPE') && answer.headers.get('content-type').startsWith('text/html'),
		],
		[
			'wrongType',
			(answer: any) =>
				answer.json.status === 'success' && answer.headers.get('content-type') === 'text/plain',
		],
		[
			'noType',
			(answer: any) => answer.json.status === 'success' && answer.headers.get('content-type') === null,
		],
	])('%s', async (name, isSo) => {
		expect(isSo(await vimmerse(`sandbox-key.${name}`))).toBe(true);
	});
});

describe('The media host', () => {
	const fileUrl = async (key?: string) => (await vimmerse(key)).json.results[0] as string;
	const statusOf = async (url: string) => (await fetch(url, { redirect: 'manual' })).status;

	test('is another origin than the providers', async () => {
		expect(new URL(await fileUrl()).hostname).toBe('localhost');
		expect(new URL(sandbox.urls.vimmerse).hostname).toBe('127.0.0.1');
	});

	test.each(['authorization', 'x-api-key', 'convai-api-key', 'ocp-apim-subscription-key', 'cookie'])(
		'refuses and counts %s',
		async (name) => {
			const response = await fetch(await fileUrl(), { headers: { [name]: 'sandbox-key' } });
			expect(response.status).toBe(400);
			expect(sandbox.counters().hosts.media?.total.leaks).toBe(1);
			expect(sandbox.requests({ provider: 'media' })[0]).toMatchObject({
				leaks: [name],
				headers: { [name]: '<credential>' },
			});
		},
	);

	test('lags for so many requests', async () => {
		sandbox.scenario({ media: { missingRequests: 2 } });
		const url = await fileUrl();
		expect([await statusOf(url), await statusOf(url), await statusOf(url)]).toEqual([404, 404, 200]);
	});

	test('lags for some time', async () => {
		sandbox.scenario({ media: { missingMs: 100 } });
		const url = await fileUrl();
		expect(await statusOf(url)).toBe(404);
		await until(
			() => statusOf(url),
			(status) => status === 200,
		);
	});

	test('breaks off in the middle of a file', async () => {
		const url = await fileUrl('sandbox-key.mediaTruncated');
		expect(await failure(fetch(url).then((response) => response.arrayBuffer()))).toMatch(
			/ECONNRESET|UND_ERR_SOCKET/,
		);
	});

	test('serves half a file as if it were whole', async () => {
		const whole = (await (await fetch(await fileUrl())).arrayBuffer()).byteLength;
		const half = await fetch(await fileUrl('sandbox-key.mediaCutShort'));
		expect((await half.arrayBuffer()).byteLength).toBe(Math.floor(whole / 2));
		expect(Number(half.headers.get('content-length'))).toBe(Math.floor(whole / 2));
	});

	test('redirects to another host that has the file', async () => {
		const url = await fileUrl('sandbox-key.mediaOtherHost');
		const response = await fetch(url);
		expect(new URL(response.url).host).not.toBe(new URL(url).host);
		expect(response.headers.get('content-type')).toBe('audio/mpeg');
	});

	test('redirects in a circle', async () => {
		const url = await fileUrl('sandbox-key.mediaLoop');
		const response = await fetch(url, { redirect: 'manual' });
		expect([response.status, response.headers.get('location')]).toEqual([302, url]);
	});

	test('obeys queued scenarios of its own', async () => {
		sandbox.scenario({ provider: 'media', status: 503, times: 1 });
		const url = await fileUrl();
		expect([await statusOf(url), await statusOf(url)]).toEqual([503, 200]);
	});

	test('serves a WAV of any size', async () => {
		sandbox.configure({ audioSizeBytes: 50_000_000 });
		const response = await fetch(await fileUrl());
		let sizeBytes = 0;
		let header = Buffer.alloc(0);
		for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
			if (header.length < 44) header = Buffer.concat([header, chunk]).subarray(0, 44);
			sizeBytes += chunk.length;
		}
		expect([sizeBytes, header.toString('latin1', 0, 4), header.readUInt32LE(40)]).toEqual([
			50_000_000,
			'RIFF',
			50_000_000 - 44,
		]);
	});
});

describe('The transcript', () => {
	test('has what was asked and answered', async () => {
		await vimmerse();
		expect(sandbox.requests()).toEqual([
			expect.objectContaining({
				provider: 'vimmerse',
				operation: 'speech.generate',
				method: 'POST',
				path: '/v2/audio/text-2-speech',
				body: { prompt: 'Hello.' },
				credential: 'right',
				status: 200,
				accepted: true,
				charged: true,
				spoken: [{ voice: 'AutoV', text: 'Hello.' }],
				leaks: [],
			}),
		]);
		expect(sandbox.requests()[0]?.headers['x-api-key']).toBe('<credential>');
	});

	test('never has a key, wherever a client put it, and counts that as a leak', async () => {
		const key = 'a-key-that-nobody-has';
		await ask('vimmerse', `${sandbox.urls.vimmerse}/v2/audio/${key}?key=${key}`, {
			key,
			json: { prompt: key },
			headers: { 'x-other': key, authorization: `Bearer ${key}` },
		});
		const [request] = sandbox.requests();
		expect(JSON.stringify(request)).not.toContain(key);
		expect(request).toMatchObject({
			credential: 'wrong',
			leaks: ['authorization', 'headers', 'path', 'query', 'body'],
		});
	});

	test('summarizes a large body', async () => {
		await ask('aimlApi', `${sandbox.urls.aimlApi}/v1/tts`, {
			json: { model: 'inworld/tts-1', text: 'a '.repeat(50_000) },
			key: 'sandbox-key.500',
		});
		expect(sandbox.requests()[0]?.body).toEqual({
			sizeBytes: 100_035,
			sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
		});
	});

	test('counts by host and operation', async () => {
		await Promise.all([speak(), speak(), speak('wrong'), vimmerse()]);
		const { total, hosts } = sandbox.counters();
		expect(total).toEqual({ requests: 4, accepted: 3, charges: 3, refused: 1, leaks: 0 });
		expect(hosts.convai?.operations['speech.generate']).toEqual({
			requests: 3,
			accepted: 2,
			charges: 2,
			refused: 1,
			leaks: 0,
		});
	});

	test('is forgotten on reset, with scenarios and settings', async () => {
		sandbox.scenario({ status: 500 });
		sandbox.configure({ latencyMs: 5_000 });
		sandbox.reset();
		expect((await speak()).status).toBe(200);
		expect(sandbox.counters().total.requests).toBe(1);
	});
});

describe('The control server', () => {
	const control = (path: string, json?: unknown) =>
		fetch(`${sandbox.urls.control}${path}`, {
			method: json === undefined ? 'GET' : 'POST',
			headers: json === undefined ? {} : { 'content-type': 'application/json' },
			body: json === undefined ? undefined : JSON.stringify(json),
		});

	test('does over HTTP what the object does', async () => {
		await control('/scenarios', { provider: 'convai', status: 402, times: 1 });
		await control('/settings', { latencyMs: 1 });
		expect((await speak()).status).toBe(402);
		const requests = await (await control('/requests?provider=convai&status=402')).json();
		expect(requests).toEqual(JSON.parse(JSON.stringify(sandbox.requests())));
		expect(await (await control('/counters')).json()).toEqual(sandbox.counters());
		await control('/reset', {});
		expect(await (await control('/requests')).json()).toEqual([]);
	});

	test('says what is wrong with a scenario', async () => {
		const answer = await control('/scenarios', { name: 'nosuch' });
		expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
			400,
			expect.stringContaining('nosuch'),
		]);
	});
});

describe('Stopping', () => {
	test('ends at once whatever is being answered', async () => {
		const other = await startSandbox();
		other.scenario({ headersDelayMs: 60_000 });
		const pending = failure(ask('convai', `${other.urls.convai}/tts/`, { json: SPEECH }));
		await until(
			() => other.requests().length,
			(count) => count === 1,
		);
		const started = performance.now();
		await other.stop();
		await pending;
		expect(performance.now() - started).toBeLessThan(1_000);
	});
});
