import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { n8nDirectory, run } from '../setup.mjs';
import { n8nCommandIn, n8nEnvironment } from './environment.mts';
import type { Credential, RunData, Workflow } from './types.mts';

/** Runs one n8n command on a user folder; no server is needed. Throws a `SetupFailure`. */
async function n8n(userFolder: string, args: string[], directory: string): Promise<string> {
	const { node, script } = n8nCommandIn(directory);
	return await run(node, [script, ...args], { env: await n8nEnvironment(userFolder) });
}

async function importFile(
	userFolder: string,
	what: 'credentials' | 'workflow',
	entries: unknown[],
	directory: string,
): Promise<void> {
	const scratch = await mkdtemp(join(tmpdir(), 'n8n-import-'));
	try {
		const file = join(scratch, `${what}.json`);
		await writeFile(file, JSON.stringify(entries), { mode: 0o600 });
		const output = await n8n(userFolder, [`import:${what}`, `--input=${file}`], directory);
		if (!output.includes('Successfully imported'))
			throw new Error(`n8n did not import the ${what}: ${output}`);
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
}

/**
 * Imports unencrypted credentials, which n8n encrypts. A credential with the same ID is
 * overwritten.
 */
export async function importCredentials(
	userFolder: string,
	credentials: Credential[],
	directory = n8nDirectory,
): Promise<void> {
	await importFile(userFolder, 'credentials', credentials, directory);
}

/** Imports workflows. A workflow with the same ID is overwritten. */
export async function importWorkflows(
	userFolder: string,
	workflows: Array<Workflow & { id: string }>,
	directory = n8nDirectory,
): Promise<void> {
	await importFile(userFolder, 'workflow', workflows, directory);
}

export interface CommandLineExecution {
	data: { resultData: { runData: RunData; error?: { message: string }; lastNodeExecuted?: string } };
	finished?: boolean;
	status: string;
}

/** Runs an imported workflow from its manual trigger. The command's log lines precede the JSON. */
export async function execute(
	userFolder: string,
	workflowId: string,
	directory = n8nDirectory,
): Promise<CommandLineExecution> {
	const output = await n8n(userFolder, ['execute', `--id=${workflowId}`, '--rawOutput'], directory);
	const start = output.search(/^\{/m);
	if (start < 0) throw new Error(`n8n printed no result: ${output.slice(-500)}`);
	return JSON.parse(output.slice(start)) as CommandLineExecution;
}
