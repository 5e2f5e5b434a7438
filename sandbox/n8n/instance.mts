import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { n8nDirectory, SetupFailure } from '../setup.mjs';
import { connectToN8n } from './client.mts';
import { freePort, n8nCommandIn, n8nEnvironment } from './environment.mts';
import { startProcess } from './process.mts';

export { owner } from './client.mts';

export interface N8nOptions {
	/**
	 * Contains `.n8n` with the database, the encryption key and the installed packages. Created
	 * when missing.
	 */
	userFolder: string;
	/** The directory of another n8n installation than the project's. */
	directory?: string;
	/** A free port by default. */
	port?: number;
	onLog?: (line: string) => void;
	/** Added to n8n's environment. */
	env?: Record<string, string>;
	/** Options for the Node that runs n8n, such as `--inspect`. */
	nodeOptions?: string[];
}

export type N8n = Awaited<ReturnType<typeof startN8n>>;

/**
 * Starts a real n8n on loopback, waits until it is ready and logs in as its owner. Throws a
 * `SetupFailure` with the last lines of n8n's log when it ends early or is not ready in time.
 * `stop()` ends only this process and waits for its end.
 */
export async function startN8n(options: N8nOptions) {
	const { userFolder, directory = n8nDirectory, port, onLog, env = {}, nodeOptions = [] } = options;
	const { node, script } = n8nCommandIn(directory);
	await mkdir(userFolder, { recursive: true });
	const listenPort = port ?? (await freePort());
	const url = `http://127.0.0.1:${listenPort}`;
	const server = startProcess({
		title: 'n8n',
		command: node,
		args: [...nodeOptions, script, 'start'],
		env: { ...(await n8nEnvironment(userFolder, listenPort)), ...env },
		onLog,
	});

	async function stop(): Promise<void> {
		await server.stop();
		// n8n copies its editor anew at every start; the linter would read a leftover copy.
		await rm(join(userFolder, '.cache'), { recursive: true, force: true });
	}

	try {
		// n8n 1 reports that it is ready before it answers here; n8n 2 does so afterwards.
		for (const path of ['/healthz/readiness', '/rest/settings'])
			await server.untilReady(async () => (await fetch(url + path)).ok);
		const client = await connectToN8n(url);
		const { pid, logs, ended } = server;
		return { ...client, pid, logs, ended, stop };
	} catch (error) {
		await stop();
		if (error instanceof SetupFailure) throw error;
		throw new SetupFailure(error instanceof Error ? error.message : String(error), server.logs().slice(-25));
	}
}
