import { createServer } from 'node:net';
import { join } from 'node:path';

import { n8nDirectory, nodeBinary } from '../setup.mjs';

/** The command that starts the n8n of a directory: its own Node, then its script. */
export const n8nCommandIn = (directory: string) => ({
	node: nodeBinary(directory),
	script: join(directory, 'node_modules', 'n8n', 'bin', 'n8n'),
});

export const n8nCommand = n8nCommandIn(n8nDirectory);

/**
 * The environment variables that a child process needs. All others are withheld from n8n, provider
 * keys above all.
 */
const INHERITED = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_ALL|TZ|SystemRoot|USERPROFILE|APPDATA|https?_proxy)$/i;

/** Finds a free port on loopback. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
	return address.port;
}

/**
 * The environment of one n8n process. It disables telemetry, version checks and templates, so that
 * n8n sends nothing by itself. All ports are free ones, so that several processes can run side by
 * side. Even a command without a server opens the task broker's port.
 */
export async function n8nEnvironment(userFolder: string, port?: number): Promise<NodeJS.ProcessEnv> {
	const inherited = Object.entries(process.env).filter(([name]) => INHERITED.test(name));
	return {
		...Object.fromEntries(inherited),
		NO_PROXY: 'localhost,127.0.0.1',
		no_proxy: 'localhost,127.0.0.1',
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port ?? (await freePort())),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		GENERIC_TIMEZONE: 'UTC',
	};
}
