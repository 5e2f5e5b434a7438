import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { PROVIDERS, type ProviderName } from '../core/types.mts';
import { postPublished } from '../demo/event.mts';
import { PROVIDER_CHOICES } from '../demo/providers.mts';
import {
	accountsAt,
	demoCredentials,
	demoWorkflow,
	NARRATION_NODE,
	webhookPath,
	workflowId,
} from '../demo/workflows.mts';
import { execute, importCredentials, importWorkflows } from '../n8n/cli.mts';
import { startN8n, type N8n } from '../n8n/instance.mts';
import { installPackage } from '../n8n/package.mts';
import type { RunData, Workflow } from '../n8n/types.mts';
import type { Sandbox } from '../sandbox.mts';
import { projectDirectory, workDirectory, type Step } from '../setup.mjs';

export interface Check {
	title: string;
	/** Throws when the check fails on this n8n. */
	run(place: Place): Promise<void>;
}

/** One n8n with the package installed. */
export interface Place {
	/** The directory in which n8n is installed. */
	directory: string;
	userFolder: string;
}

const DEMONSTRATED: ProviderName = 'aimlApi';

/** The checks that run on each n8n; each is a column of the table. */
export const CHECKS: Check[] = [
	{ title: 'Nodes and credentials load', run: checkLoading },
	...PROVIDERS.map((provider) => ({
		title: PROVIDER_CHOICES[provider].displayName,
		run: async (place: Place) => await checkSpeech(provider, place),
	})),
	{ title: 'The demo', run: checkDemo },
];

/**
 * Creates a user folder for this n8n with the package, credentials for the sandbox and all
 * workflows that the checks run.
 */
export async function preparePlace(version: string, directory: string, sandbox: Sandbox): Promise<Place> {
	const userFolder = join(workDirectory, `compatibility-${version}`);
	await rm(userFolder, { recursive: true, force: true });
	await installPackage(userFolder);
	await importCredentials(userFolder, demoCredentials(accountsAt(sandbox.urls)), directory);
	const workflows = [
		...PROVIDERS.map(speechWorkflow),
		await demoWorkflow(DEMONSTRATED, await postPublished()),
	];
	await importWorkflows(userFolder, workflows, directory);
	return { directory, userFolder };
}

/** The result of each check: null when it passes, otherwise the reason. */
export async function runChecks(place: Place, { say }: Step): Promise<Map<Check, string | null>> {
	const results = new Map<Check, string | null>();
	for (const check of CHECKS) {
		say(check.title);
		const reason = await check.run(place).then(
			() => null,
			(thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
		);
		results.set(check, reason);
	}
	return results;
}

const speechId = (provider: ProviderName) => `speech-${provider}`;

/** The end-to-end workflow of a provider's Speech: Generate. */
function speechWorkflow(provider: ProviderName): Workflow & { id: string } {
	const folder = join(projectDirectory, 'test', 'end-to-end', 'workflows');
	const workflow = JSON.parse(readFileSync(join(folder, `${provider}.speech.generate.json`), 'utf8'));
	return { ...workflow, id: speechId(provider) };
}

async function checkSpeech(provider: ProviderName, { userFolder, directory }: Place): Promise<void> {
	const { data } = await execute(userFolder, speechId(provider), directory);
	const { runData, error } = data.resultData;
	if (error) throw new Error(error.message);
	refuseSilence(runData, 'Speech');
}

async function checkDemo({ userFolder, directory }: Place): Promise<void> {
	await withN8n(userFolder, directory, async (n8n) => {
		const id = workflowId(DEMONSTRATED);
		const { versionId } = await n8n.rest<{ versionId: string }>('GET', `/rest/workflows/${id}`);
		await n8n.activate({ id, versionId });
		await n8n.callWebhook(webhookPath(DEMONSTRATED), await postPublished());
		const { runData, error } = await n8n.executionOf(id);
		if (error) throw new Error(error.message);
		refuseSilence(runData, NARRATION_NODE);
	});
}

async function checkLoading({ userFolder, directory }: Place): Promise<void> {
	const { n8n: wanted, name } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'));
	await withN8n(userFolder, directory, async (n8n) => {
		const names = async (list: string) =>
			(await n8n.rest<Array<{ name: string }>>('GET', `/types/${list}.json`)).map((type) => type.name);
		const nodes = (await names('nodes')).filter((type) => type.startsWith(`${name}.`));
		// n8n registers every node that is no trigger a second time, as a tool.
		const own = nodes.filter((type) => !type.endsWith('Tool'));
		if (own.length !== wanted.nodes.length) throw new Error(`n8n has loaded only ${own.join(', ')}.`);
		const credentials = await names('credentials');
		const missing = PROVIDERS.map((provider) => PROVIDER_CHOICES[provider].credentialType).filter(
			(type) => !credentials.includes(type),
		);
		if (missing.length > 0) throw new Error(`n8n has not loaded ${missing.join(', ')}.`);
	});
}

async function withN8n(userFolder: string, directory: string, work: (n8n: N8n) => Promise<void>) {
	const n8n = await startN8n({ userFolder, directory });
	try {
		await work(n8n);
	} finally {
		await n8n.stop();
	}
}

/** Smaller than one second of speech. */
const FEWEST_BYTES = 1_000;

/** Throws unless the node has output an audio file and a record with its duration. */
function refuseSilence(runData: RunData, node: string): void {
	const item = runData[node]?.[0]?.data?.main[0]?.[0];
	const audio = item?.json.audio as { sizeBytes: number | null; durationSeconds: number | null } | undefined;
	if (!item?.binary?.data) throw new Error(`'${node}' has output no audio file.`);
	if ((audio?.sizeBytes ?? 0) < FEWEST_BYTES || !audio?.durationSeconds)
		throw new Error(`'${node}' has output an audio file, but it is silent: ${JSON.stringify(audio)}`);
}
