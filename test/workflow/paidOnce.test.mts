/** Answers that no provider documents, and storage that loses files: nothing is submitted twice because of them. */
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { RIGHT_KEY } from '../../sandbox/sandbox.mts';
import { wavFile } from '../../sandbox/speech/wav.mts';
import { binaryBytes, cleanUp, runNode, type NodeName } from './harness.mts';
import { speechParameters, SYSTEMS } from './systems.mts';

const SAMPLE_RATE_HZ = 16_000;
const audio = wavFile(new Int16Array(SAMPLE_RATE_HZ), SAMPLE_RATE_HZ);

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;
let submissions = 0;
let answer: Answer = () => undefined;

/** Counts what may cost money, and leaves the answer to the test. */
const server = createServer(async (request, response) => {
	await request.toArray();
	if (request.method === 'POST') submissions += 1;
	answer(request, response);
});
const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});
beforeEach(() => {
	submissions = 0;
	for (const path of storedFiles()) rmSync(path);
});
afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await once(server, 'close');
	cleanUp();
});

const json = (response: ServerResponse, status: number, body: string) => {
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(body);
};

/** Runs Speech: Generate with n8n's Retry On Fail. */
const retried = async (node: NodeName, texts: string[]) =>
	await runNode(
		node,
		speechParameters(SYSTEMS.find((system) => system.node === node)!, {
			text: '={{ $json.text }}',
			options: { maxRetries: 0, concurrency: 1, pollInterval: 0.1, timeout: 5 },
		}),
		{ baseUrl: baseUrl(), apiKey: RIGHT_KEY, retryOnFail: true, items: texts.map((text) => ({ text })) },
	);

test.each([
	['a lone surrogate', String.raw`"\ud800"`],
	['a dot', '"."'],
	['two dots', '".."'],
	['100,000 characters', JSON.stringify('a'.repeat(100_000))],
])('a job ID of %s cannot be checked, and is not paid for again by a retry', async (_, jobId) => {
	answer = (_request, response) => json(response, 200, `{"request_id":${jobId},"status":"QUEUED"}`);

	const { error } = await retried('pixazo', ['One.']);

	expect(error?.message).toContain('may have been charged');
	expect(submissions).toBe(1);
});

/** The files in n8n's binary store. */
function storedFiles(): string[] {
	const folder = process.env.N8N_USER_FOLDER!;
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.parentPath.includes('binary_data'))
		.map((entry) => join(entry.parentPath, entry.name));
}

/** Removes them, once the first one is complete: n8n writes its metadata last. */
async function loseFiles(): Promise<void> {
	while (!storedFiles().some((path) => path.endsWith('.metadata'))) await setImmediate();
	for (const path of storedFiles()) rmSync(path);
}

/** Refuses the second submission of the first attempt, after the files of the first item are gone. */
const losingFiles =
	(speak: (response: ServerResponse) => void): Answer =>
	async (request, response) => {
		if (request.method === 'GET') return response.end(audio);
		if (submissions !== 2) return speak(response);
		await loseFiles();
		return json(response, 503, '{}');
	};

test('files that are gone before a retry are downloaded again where they have an address', async () => {
	answer = losingFiles((response) =>
		json(
			response,
			200,
			JSON.stringify({
				request_id: 'job',
				status: 'COMPLETED',
				output: { media_url: [`${baseUrl()}/a.wav`] },
			}),
		),
	);

	const { error, outputs } = await retried('pixazo', ['One.', 'Two.']);

	expect(error).toBeUndefined();
	expect(submissions).toBe(3);
	for (const item of outputs[0]!) expect(await binaryBytes(item)).toEqual(Buffer.from(audio));
});

test('files that are gone and have no address are reported, and their text is not sent again', async () => {
	answer = losingFiles((response) => {
		response.writeHead(200, { 'content-type': 'audio/wav' });
		response.end(audio);
	});

	const { error } = await retried('convai', ['One.', 'Two.']);

	expect(error?.message).toContain("is no longer in n8n's storage");
	expect(submissions).toBe(3);
});

test('the record of a request that was sent and not answered counts it', async () => {
	answer = (request) => request.socket.destroy();

	const { outputs } = await runNode(
		'convai',
		speechParameters(SYSTEMS.find((system) => system.node === 'convai')!, {
			text: 'One.',
			options: { maxRetries: 0 },
		}),
		{ baseUrl: baseUrl(), apiKey: RIGHT_KEY, onError: 'continueRegularOutput' },
	);

	expect(outputs[0]![0]!.json.details).toMatchObject({ text: { requests: 1 }, error: { code: 'ambiguous' } });
});

test('of 2,100 items, a retry submits only the one that failed', async () => {
	const count = 2_100;
	answer = (_request, response) =>
		submissions === count
			? json(response, 503, '{}')
			: json(
					response,
					200,
					JSON.stringify({
						request_id: `job-${submissions}`,
						status: 'COMPLETED',
						output: { media_url: [`${baseUrl()}/a.wav`] },
					}),
				);

	const { error, outputs } = await runNode(
		'pixazo',
		speechParameters(SYSTEMS.find((system) => system.node === 'pixazo')!, {
			text: '={{ $json.text }}',
			downloadAudio: false,
			options: { maxRetries: 0, concurrency: 50 },
		}),
		{
			baseUrl: baseUrl(),
			apiKey: RIGHT_KEY,
			retryOnFail: true,
			items: Array.from({ length: count }, (_, index) => ({ text: `Item ${index}.` })),
		},
	);

	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(count);
	expect(submissions).toBe(count + 1);
});
