/**
 * How much an upload from n8n's store adds to the resident memory of the process that runs the node. The provider's stand-in runs in
 * a process of its own, so that the figure is the node's alone, and the file is put into the store piece by piece, so that what
 * there was before is small. What is no longer used does not count: Node's own queue of callbacks sometimes leaves garbage behind that only
 * a full collection finds, so there is one every now and then.
 *
 *     node --expose-gc test/workflow/uploadMemory.mts [megabytes]      prints { sizeBytes, receivedBytes, addedBytes }
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';

import { RIGHT_KEY, startSandbox } from '../../sandbox/sandbox.mts';

const PIECE = Buffer.alloc(64 * 1024, 'narration');
const SAMPLE_EVERY_MS = 10;
const COLLECT_EVERY_MS = 200;

interface Binary {
	id?: string;
	mimeType: string;
	fileName: string;
	data: string;
}

async function serve(): Promise<void> {
	const sandbox = await startSandbox();
	process.send!(sandbox.urls.vimmerse);
	process.once('message', () => {
		const [request] = sandbox.requests({ operation: 'audio.upload' }).slice(-1);
		process.send!(request?.files[0]?.sizeBytes ?? 0, () => process.exit());
	});
}

async function stored(sizeBytes: number): Promise<Binary> {
	const require = createRequire(resolve('package.json'));
	const { BinaryDataService } = require('n8n-core') as typeof import('n8n-core');
	const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di');
	function* pieces() {
		for (let left = sizeBytes; left > 0; left -= PIECE.length)
			yield PIECE.subarray(0, Math.min(left, PIECE.length));
	}
	const place = { type: 'execution', workflowId: 'workflow', executionId: 'execution' };
	const binary = { mimeType: 'audio/wav', fileName: 'long.wav', data: '' };
	return await Container.get(BinaryDataService).store(place, Readable.from(pieces()), binary);
}

/** The harness, which expects the globals of a test runner. */
async function loadHarness(): Promise<typeof import('./harness.mts')> {
	Object.assign(globalThis, { jest: { setTimeout() {} } });
	return await import('./harness.mts');
}

async function measure(sizeBytes: number): Promise<void> {
	const { cleanUp, runNode } = await loadHarness();
	const provider = fork(process.argv[1]!, ['serve']);
	const [baseUrl] = (await once(provider, 'message')) as [string];
	const parameters = { resource: 'audio', operation: 'upload', source: 'binary' };
	const upload = async (binary: Binary) => {
		const items = [{ json: {}, binary: { data: binary } }] as never;
		const run = await runNode('vimmerse', parameters, { baseUrl, apiKey: RIGHT_KEY, items });
		if (run.error) throw new Error(run.error.message);
	};
	const small = Buffer.alloc(1000, 'RIFF').toString('base64');
	await upload({ mimeType: 'audio/wav', fileName: 'small.wav', data: small });

	const binary = await stored(sizeBytes);
	const before = process.memoryUsage.rss();
	let most = before;
	const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), SAMPLE_EVERY_MS);
	const collecting = setInterval(() => globalThis.gc!(), COLLECT_EVERY_MS);
	await upload(binary);
	clearInterval(sampling);
	clearInterval(collecting);

	provider.send('report');
	const [receivedBytes] = (await once(provider, 'message')) as [number];
	console.log(JSON.stringify({ sizeBytes, receivedBytes, addedBytes: most - before }));
	cleanUp();
}

if (process.argv[2] === 'serve') void serve();
else void measure(Number(process.argv[2] ?? 200) * 1_000_000).then(() => process.exit());
