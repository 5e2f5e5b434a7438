/**
 * The demo: a post is published, a webhook notifies n8n, and a narration node turns the article
 * into an audio file. n8n, the installed package, the HTTP requests and the audio are real. The
 * sandbox stands in for the provider unless the provider's key is in the environment.
 */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { PROVIDERS, type ProviderName } from '../core/types.mts';
import { importCredentials, importWorkflows } from '../n8n/cli.mts';
import { startN8n, type N8n } from '../n8n/instance.mts';
import { installPackage } from '../n8n/package.mts';
import type { Execution, Item } from '../n8n/types.mts';
import { startSandbox, type Sandbox } from '../sandbox.mts';
import {
	buildProject,
	createProgress,
	installN8n,
	projectDirectory,
	reportFailure,
	SetupFailure,
	workDirectory,
} from '../setup.mjs';
import { postPublished } from './event.mts';
import { PROVIDER_CHOICES } from './providers.mts';
import { describeRecord, type NarrationRecord } from './record.mts';
import {
	accountsAt,
	demoCredentials,
	demoWorkflow,
	NARRATION_NODE,
	webhookPath,
	workflowId,
	type Account,
} from './workflows.mts';

const USAGE = `npm run demo                             turns an article into an audio file with a real n8n
npm run demo -- --provider <name>        ${PROVIDERS.join(', ')} (default: aimlApi)
npm run demo -- --out <directory>        the directory for the audio (default: narration)
npm run demo:editor                      opens n8n's editor with everything loaded

If one of these variables holds a real key, the demo uses the real provider, which may cost money:
${PROVIDERS.map((name) => `  ${PROVIDER_CHOICES[name].keyVariable}`).join('\n')}
`;

interface Choices {
	provider: ProviderName;
	outDirectory: string;
	editor: boolean;
	help: boolean;
}

function readChoices(): Choices {
	const { values } = parseArgs({
		options: {
			provider: { type: 'string', default: 'aimlApi' },
			out: { type: 'string', default: join(projectDirectory, 'narration') },
			editor: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const provider = PROVIDERS.find((name) => name === values.provider);
	if (!provider) throw new SetupFailure(`Unknown provider "${values.provider}".\n\n${USAGE}`);
	return { provider, outDirectory: resolve(values.out), editor: values.editor, help: values.help };
}

const progress = createProgress();
const realKey = (provider: ProviderName) => process.env[PROVIDER_CHOICES[provider].keyVariable];

/** The real provider when its key is set, otherwise the stand-in. */
function accountsOf(sandbox: Sandbox): Record<ProviderName, Account> {
	const accounts = accountsAt(sandbox.urls);
	for (const name of PROVIDERS) {
		const apiKey = realKey(name);
		if (apiKey) accounts[name] = { baseUrl: PROVIDER_CHOICES[name].officialUrl, apiKey };
	}
	return accounts;
}

/**
 * Prepares an n8n user folder with the package, the credentials and a workflow for each provider.
 */
async function prepareUserFolder(
	userFolder: string,
	sandbox: Sandbox,
	providers: readonly ProviderName[],
): Promise<void> {
	const isNew = await stat(userFolder).then(
		() => false,
		() => true,
	);
	await progress.step('Installing the package into n8n', () => installPackage(userFolder));
	await progress.step('Importing credentials and workflow', async ({ say }) => {
		await importCredentials(userFolder, demoCredentials(accountsOf(sandbox)));
		if (!isNew) return;
		say('the workflow');
		const event = await postPublished();
		await importWorkflows(userFolder, await Promise.all(providers.map((name) => demoWorkflow(name, event))));
	});
}

const startEditor = (userFolder: string) =>
	progress.step('Starting n8n', ({ say, note }) =>
		startN8n({ userFolder, onLog: say }).then((n8n) => {
			note(n8n.url);
			return n8n;
		}),
	);

/** Publishes the article and waits until its execution has ended. */
async function publish(n8n: N8n, provider: ProviderName): Promise<Execution> {
	const id = workflowId(provider);
	const { versionId } = await n8n.rest<{ versionId: string }>('GET', `/rest/workflows/${id}`);
	await n8n.activate({ id, versionId });
	await n8n.callWebhook(webhookPath(provider), await postPublished());
	return await n8n.executionOf(id);
}

function narrationOf(execution: Execution): Item {
	const item = execution.runData[NARRATION_NODE]?.[0]?.data?.main[0]?.[0];
	if (execution.status === 'success' && item) return item;
	const { message = `the execution ended with the status "${execution.status}"`, description } =
		execution.error ?? {};
	throw new SetupFailure(`The workflow failed: ${message}${description ? `\n${description}` : ''}`);
}

async function saveNarration(n8n: N8n, item: Item, directory: string): Promise<string> {
	const reference = item.binary?.data;
	if (!reference?.fileName) throw new SetupFailure('The workflow succeeded but output no audio file.');
	await mkdir(directory, { recursive: true });
	const file = join(directory, reference.fileName);
	await writeFile(file, await n8n.readBinary(reference));
	await writeFile(`${file}.json`, `${JSON.stringify(item.json, null, 2)}\n`);
	return file;
}

async function narrate({ provider, outDirectory }: Choices, sandbox: Sandbox): Promise<void> {
	const userFolder = join(workDirectory, 'demo');
	// `process.exit` also ends n8n; a signal would end only this process.
	onInterrupt(() => process.exit(130));
	await rm(userFolder, { recursive: true, force: true });
	await prepareUserFolder(userFolder, sandbox, [provider]);
	const n8n = await startEditor(userFolder);
	try {
		const item = await progress.step(
			`Publishing the article and narrating it with ${describeVoice(provider)}`,
			async () => narrationOf(await publish(n8n, provider)),
		);
		const file = await saveNarration(n8n, item, outDirectory);
		const shown = relative(process.cwd(), file);
		const record = item.json as unknown as NarrationRecord;
		process.stdout.write(describeRecord(record, PROVIDER_CHOICES[provider].displayName, shown));
		process.stdout.write(NEXT);
	} catch (error) {
		throw error instanceof SetupFailure && error.tail.length === 0
			? new SetupFailure(error.message, n8n.logs().slice(-15))
			: error;
	} finally {
		await n8n.stop();
	}
}

const NEXT = "To open the same workflow in n8n's editor, run: npm run demo:editor\n\n";

const describeVoice = (provider: ProviderName) =>
	realKey(provider)
		? PROVIDER_CHOICES[provider].displayName
		: `the sandbox's ${PROVIDER_CHOICES[provider].displayName}`;

async function openEditor(sandbox: Sandbox): Promise<void> {
	const userFolder = join(workDirectory, 'editor');
	await prepareUserFolder(userFolder, sandbox, PROVIDERS);
	const n8n = await startEditor(userFolder);
	process.stdout.write(
		[
			'',
			"n8n's editor is open, with a workflow and a credential for each provider:",
			'',
			`  address   ${n8n.url}`,
			`  e-mail    ${n8n.owner.email}`,
			`  password  ${n8n.owner.password}`,
			'',
			'Open a workflow and press "Execute workflow": its trigger has a sample event pinned.',
			'Press Ctrl+C to stop. Your changes are kept in .sandbox/editor.',
			'',
		].join('\n'),
	);
	await Promise.race([n8n.ended, new Promise<void>((resolve) => onInterrupt(resolve))]);
	await n8n.stop();
}

function onInterrupt(listener: () => void): void {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, listener);
}

/** Announces real providers first, because they may charge for the run. */
function announceRealProviders(providers: readonly ProviderName[]): void {
	for (const name of providers.filter(realKey)) {
		const { displayName, keyVariable, officialUrl } = PROVIDER_CHOICES[name];
		process.stdout.write(
			`${keyVariable} is set: the demo uses the real ${displayName} (${officialUrl}), which may cost money.\n`,
		);
	}
}

async function main(): Promise<void> {
	const choices = readChoices();
	if (choices.help) return void process.stdout.write(USAGE);
	progress.heading(choices.editor ? "n8n's editor, with everything loaded" : 'An article becomes audio');
	announceRealProviders(choices.editor ? PROVIDERS : [choices.provider]);
	await buildProject(progress);
	await installN8n(progress);
	const sandbox = await progress.step('Starting the provider sandbox', () => startSandbox());
	try {
		await (choices.editor ? openEditor(sandbox) : narrate(choices, sandbox));
	} finally {
		await sandbox.stop();
	}
}

main().catch((error: unknown) => {
	reportFailure(error);
	process.exitCode = 1;
});
