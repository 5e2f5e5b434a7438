/**
 * Runs workflow JSON through n8n's own engine (n8n-core) in this process: the real loader on the
 * built package, the real execution engine, the real request and binary-data helpers. Only the
 * credential store is replaced: it returns the credentials of the test.
 */
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type {
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeType,
	IRun,
	IWorkflowBase,
} from 'n8n-workflow';

const folder = mkdtempSync(join(tmpdir(), 'narration-workflow-'));
process.env.N8N_USER_FOLDER = folder;
process.env.N8N_ENCRYPTION_KEY = 'workflow-tests';
process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS = 'false';
process.env.N8N_DEFAULT_BINARY_DATA_MODE ??= 'filesystem';

const require = createRequire(resolve('package.json'));
require('reflect-metadata');
const core = require('n8n-core') as typeof import('n8n-core');
const { Workflow, ICredentialsHelper, createRunExecutionData, NodeHelpers } =
	require('n8n-workflow') as typeof import('n8n-workflow');
// The container that n8n-core itself uses; a second copy would be empty.
const requireAsCore = createRequire(require.resolve('n8n-core'));
const { Container } = requireAsCore('@n8n/di');
const { Logger } = requireAsCore('@n8n/backend-common');

/** Messages that nodes write to n8n's log at its default level, kept instead of printed. */
export const infoLog: string[] = [];
Object.assign(Container.get(Logger), { info: (line: string) => void infoLog.push(line) });

/** Every test generates real speech; the limit allows for a slow machine. */
jest.setTimeout(60_000);

const PACKAGE = 'n8n-nodes-narration';

export type Credentials = Record<string, { baseUrl: string; apiKey: string }>;

export interface WorkflowRun {
	status: IRun['status'];
	/** The node's output: main output, then error output. */
	outputs: INodeExecutionData[][];
	error:
		| {
				name: string;
				message: string;
				description?: string | null;
				context?: Record<string, unknown>;
				[key: string]: unknown;
		  }
		| undefined;
	/** Execution hints, which are shown beside the output. */
	hints: string[];
	elapsedMs: number;
}

export interface WorkflowRunOptions {
	/** The node whose output is returned; by default the last one in the JSON. */
	node?: string;
	/** The trigger's output. */
	items?: Array<INodeExecutionData | Record<string, unknown>>;
	credentials: Credentials;
	/** Called when the engine is running, with a function that stops it like n8n's Stop button. */
	onStart?: (stop: () => void) => void;
}

const startNode = {
	description: {
		displayName: 'Start',
		name: 'manualTrigger',
		group: ['trigger'],
		version: 1,
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	async execute(this: { getInputData(): INodeExecutionData[] }) {
		return [this.getInputData()];
	},
} as unknown as INodeType;

let loading: Promise<InstanceType<typeof core.PackageDirectoryLoader>> | undefined;

function loadedPackage() {
	loading ??= (async () => {
		await Container.get(core.InstanceSettings).init?.();
		await Container.get(core.BinaryDataService).init();
		const loader = new core.PackageDirectoryLoader(resolve('.'));
		await loader.loadAll();
		return loader;
	})();
	return loading;
}

/**
 * Runs a workflow whose first node is a manual trigger, and returns the output of its last node.
 */
export async function runWorkflow(
	workflowJson: IWorkflowBase,
	options: WorkflowRunOptions,
): Promise<WorkflowRun> {
	const loader = await loadedPackage();
	const nodeTypes = {
		getByName: (type: string) => nodeTypes.getByNameAndVersion(type),
		getByNameAndVersion(type: string, version?: number): INodeType {
			if (type === 'n8n-nodes-base.manualTrigger') return startNode;
			const [packageName, name] = type.split('.') as [string, string];
			if (packageName !== PACKAGE) throw new Error(`The harness has no node ${type}`);
			return NodeHelpers.getVersionedNodeType(loader.getNode(name).type, version);
		},
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		...workflowJson,
		id: workflowJson.id ?? 'workflow',
		active: false,
		nodeTypes,
	} as never);
	await (workflow.expression as { acquireIsolate?: () => Promise<unknown> }).acquireIsolate?.();

	const start = workflow.getNode(workflowJson.nodes[0]!.name) as INode;
	const watched = options.node ?? workflowJson.nodes.at(-1)!.name;
	const items = (options.items ?? [{ json: {} }]).map((item) =>
		'json' in item ? item : { json: item },
	) as INodeExecutionData[];
	const engine = new core.WorkflowExecute(
		additionalData(loader, options.credentials, workflowJson) as never,
		'manual',
		createRunExecutionData({
			executionData: { nodeExecutionStack: [{ node: start, data: { main: [items] }, source: null }] },
		} as never),
	);
	const startedAt = performance.now();
	const running = engine.processRunExecutionData(workflow);
	options.onStart?.(() => running.cancel());
	const run = await running;
	const elapsedMs = performance.now() - startedAt;
	const taskData = run.data.resultData.runData[watched]?.at(-1);
	return {
		status: run.status,
		outputs: (taskData?.data?.main ?? []).map((output) => output ?? []),
		hints: (taskData?.hints ?? []).map(({ message }) => message),
		error: (taskData?.error ?? run.data.resultData.error) as WorkflowRun['error'],
		elapsedMs,
	};
}

/** The nodes whose providers the sandbox replaces. */
export const NODES = {
	aimlApi: { displayName: 'AI/ML API' },
	convai: { displayName: 'Convai' },
	pixazo: { displayName: 'Pixazo' },
	vimmerse: { displayName: 'Vimmerse' },
} as const;

export type NodeName = keyof typeof NODES;

export interface NodeRunOptions extends Omit<WorkflowRunOptions, 'credentials' | 'node'> {
	/** Base URL of the provider's stand-in. */
	baseUrl: string;
	apiKey: string;
	/** The node's settings. */
	onError?: INode['onError'];
	retryOnFail?: boolean;
}

/** Runs one node of the package behind a manual trigger, with its credential. */
export async function runNode(
	name: string,
	parameters: Record<string, unknown>,
	{ baseUrl, apiKey, onError, retryOnFail, ...options }: NodeRunOptions,
): Promise<WorkflowRun> {
	const { displayName, credential } = await identityOf(name);
	const node = {
		id: 'node',
		name: displayName,
		type: `${PACKAGE}.${name}`,
		typeVersion: 1,
		position: [200, 0],
		parameters,
		credentials: { [credential]: { id: 'credential', name: credential } },
		onError,
		...(retryOnFail && { retryOnFail, maxTries: 2, waitBetweenTries: 1 }),
	};
	const start = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	return await runWorkflow(
		{
			name: `One ${displayName} node`,
			settings: { executionOrder: 'v1' },
			nodes: [start, node],
			connections: { Start: { main: [[{ node: displayName, type: 'main', index: 0 }]] } },
		} as unknown as IWorkflowBase,
		{ ...options, credentials: { [credential]: { baseUrl, apiKey } } },
	);
}

async function identityOf(name: string): Promise<{ displayName: string; credential: string }> {
	const { type } = (await loadedPackage()).getNode(name);
	const { displayName, credentials } = NodeHelpers.getVersionedNodeType(type).description;
	const [credential] = credentials ?? [];
	if (!credential) throw new Error(`The node ${name} names no credential`);
	return { displayName, credential: credential.name };
}

/** The bytes of a binary field, from n8n's binary store. */
export async function binaryBytes(item: INodeExecutionData, field = 'data'): Promise<Buffer> {
	const binary = item.binary?.[field];
	if (!binary) throw new Error(`The item has no binary field '${field}'`);
	return await Container.get(core.BinaryDataService).getAsBuffer(binary);
}

/** Deletes the files that the engine wrote. */
export function cleanUp(): void {
	rmSync(folder, { recursive: true, force: true });
}

function additionalData(
	loader: InstanceType<typeof core.PackageDirectoryLoader>,
	credentials: Credentials,
	workflowJson: IWorkflowBase,
) {
	const refuse = async () => {
		throw new Error('Not part of the harness');
	};
	return {
		credentialsHelper: createCredentialsHelper(loader, credentials),
		executeWorkflow: refuse,
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		startRunnerTask: refuse,
		executionId: 'execution',
		currentNodeExecutionIndex: 0,
		restApiUrl: '',
		instanceBaseUrl: '',
		formBaseUrl: '',
		formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		formTestBaseUrl: '',
		webhookBaseUrl: '',
		webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
		webhookTestBaseUrl: '',
		mcpBaseUrl: '',
		mcpTestBaseUrl: '',
		variables: {},
		logAiEvent: () => undefined,
		hooks: new core.ExecutionLifecycleHooks('manual', 'execution', workflowJson),
	};
}

function createCredentialsHelper(
	loader: InstanceType<typeof core.PackageDirectoryLoader>,
	credentials: Credentials,
) {
	class TestCredentials extends ICredentialsHelper {
		getParentTypes(): string[] {
			return [];
		}

		isCredentialUsableByNode(): boolean {
			return true;
		}

		async authenticate(
			data: ICredentialDataDecryptedObject,
			typeName: string,
			request: IHttpRequestOptions,
		): Promise<IHttpRequestOptions> {
			const { authenticate } = loader.getCredential(typeName).type as unknown as {
				authenticate: { properties: Record<'headers', Record<string, string>> };
			};
			const resolved = (text: string) =>
				text
					.replace(/^=/, '')
					.replace(/\{\{\s*\$credentials\.(\w+)\s*\}\}/g, (_, key: string) => String(data[key] ?? ''));
			const { headers } = authenticate.properties;
			const added = Object.entries(headers).map(([name, value]) => [name, resolved(value)]);
			request.headers = { ...request.headers, ...Object.fromEntries(added) };
			return request;
		}

		async preAuthentication(): Promise<undefined> {
			return undefined;
		}

		async runPreAuthentication(): Promise<undefined> {
			return undefined;
		}

		async getCredentials(): Promise<never> {
			throw new Error('Not part of the harness');
		}

		async getDecrypted(_data: unknown, _node: unknown, typeName: string): Promise<never> {
			return structuredClone(credentials[typeName]) as never;
		}

		async updateCredentials(): Promise<void> {}

		async updateCredentialsOauthTokenData(): Promise<void> {}

		getCredentialsProperties(typeName: string) {
			return loader.getCredential(typeName).type.properties;
		}
	}
	return new (TestCredentials as unknown as new () => InstanceType<typeof ICredentialsHelper>)();
}
