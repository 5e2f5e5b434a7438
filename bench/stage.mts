import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { ProviderName } from '../sandbox/core/types.mts';
import { accountsAt, demoCredentials } from '../sandbox/demo/workflows.mts';
import { importCredentials } from '../sandbox/n8n/cli.mts';
import { n8nCommand } from '../sandbox/n8n/environment.mts';
import { startN8n } from '../sandbox/n8n/instance.mts';
import { installPackage } from '../sandbox/n8n/package.mts';
import type { Item, Workflow } from '../sandbox/n8n/types.mts';
import { startSandbox } from '../sandbox/sandbox.mts';
import { buildProject, createProgress, installN8n, workDirectory } from '../sandbox/setup.mjs';
import { childProcess, watchResidentMemory } from './memory.mts';

/** What one run of a workflow took. */
export interface Measured {
	/** What the node under test put out. */
	items: Item[];
	/** The time that n8n notes for that node. */
	nodeSeconds: number;
	/** How far n8n's resident memory rose above where it was before the run; null where the system does not tell. */
	grownBytes: number | null;
}

/** The sandbox and one real n8n with the package installed, and a credential for each provider. */
export type Stage = Awaited<ReturnType<typeof openStage>>;

/** The name of the node under test in a benchmark's workflow. */
export const SUBJECT = 'Subject';

export async function openStage() {
	const progress = createProgress();
	await buildProject(progress);
	await installN8n(progress);
	const sandbox = await startSandbox();
	const userFolder = join(workDirectory, 'bench');
	await rm(userFolder, { recursive: true, force: true });
	await installPackage(userFolder);
	await importCredentials(userFolder, demoCredentials(accountsAt(sandbox.urls)));
	const n8n = await progress.step('Starting n8n', () => startN8n({ userFolder }));
	const pid = await childProcess(n8nCommand.script);

	/** Runs a workflow once. Throws when it fails: a benchmark of failures says nothing. */
	async function measure(workflow: Workflow): Promise<Measured> {
		const { id } = await n8n.createWorkflow(workflow);
		const memory = await watchResidentMemory(pid);
		const { status, runData, error } = await n8n.runWorkflow(id);
		if (status !== 'success') throw new Error(`The workflow failed: ${error?.message ?? status}`);
		const [run] = runData[SUBJECT] as unknown as Array<{
			executionTime: number;
			data: { main: Item[][] };
		}>;
		return {
			items: run?.data.main[0] ?? [],
			nodeSeconds: (run?.executionTime ?? NaN) / 1000,
			grownBytes: await memory.grownBytes(),
		};
	}

	return {
		sandbox,
		progress,
		measure,
		async close() {
			await n8n.stop();
			await sandbox.stop();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}

/** A workflow of a manual trigger and one of our nodes, whose parameters are the ones given. */
export function workflowOf(provider: ProviderName, parameters: Record<string, unknown>): Workflow {
	const node = (name: string, type: string, at: number, more: object = {}) => ({
		...{ id: name, name, type, typeVersion: 1, position: [at, 0] as [number, number], parameters: {} },
		...more,
	});
	const credentials = { [`${provider.replace(/Api$/, '')}Api`]: { id: `demo-${provider}`, name: provider } };
	return {
		name: `Benchmark: ${provider}`,
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 0),
			node(SUBJECT, `n8n-nodes-narration.${provider}`, 220, { parameters, credentials }),
		],
		connections: { Start: { main: [[{ node: SUBJECT, type: 'main', index: 0 }]] } },
	};
}
