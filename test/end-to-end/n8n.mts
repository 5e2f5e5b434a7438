import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { accountsAt, demoCredentials } from '../../sandbox/demo/workflows.mts';
import { importCredentials } from '../../sandbox/n8n/cli.mts';
import { startN8n, type N8nOptions } from '../../sandbox/n8n/instance.mts';
import { installPackage } from '../../sandbox/n8n/package.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import {
	buildProject,
	createProgress,
	installN8n,
	SetupFailure,
	workDirectory,
} from '../../sandbox/setup.mjs';

/** Minutes, because a fresh clone installs n8n first. */
export const START_TIMEOUT_MS = 15 * 60_000;

/** Jest shows only an error's message, so the end of the log is included in it. */
function withLog(error: unknown): never {
	if (error instanceof SetupFailure) throw new Error([error.message, ...error.tail].join('\n'));
	throw error;
}

/** A real n8n with the package installed, the sandbox, and a credential for each provider. */
export const startEverything = (name: string, options: Partial<N8nOptions> = {}) =>
	start(name, options).catch(withLog);

async function start(name: string, options: Partial<N8nOptions>) {
	const progress = createProgress();
	await buildProject(progress);
	await installN8n(progress);
	const sandbox = await startSandbox();
	const userFolder = join(workDirectory, name);
	await rm(userFolder, { recursive: true, force: true });
	await installPackage(userFolder);
	await importCredentials(userFolder, demoCredentials(accountsAt(sandbox.urls)));
	const n8n = await startN8n({ ...options, userFolder });
	return {
		sandbox,
		n8n,
		userFolder,
		async stop() {
			await n8n.stop();
			await sandbox.stop();
		},
	};
}
