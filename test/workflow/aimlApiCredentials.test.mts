import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import type { ICredentialTestRequest, ICredentialType, INodeType } from 'n8n-workflow';

import { AimlApi } from '../../credentials/AimlApi.credentials';
import { ConvaiApi } from '../../credentials/ConvaiApi.credentials';
import { RIGHT_KEY, startSandbox, type ProviderName, type Sandbox } from '../../sandbox/sandbox.mts';
import { helperFor, type Secrets } from './credentialsHelper.mts';

const require = createRequire(resolve('package.json'));
require('reflect-metadata');
const { ExecuteContext, RoutingNode } = require('n8n-core') as typeof import('n8n-core');
const { createEmptyRunExecutionData, Workflow } = require('n8n-workflow') as typeof import('n8n-workflow');

/** Sends a credential's test request as n8n does, through its declarative engine; rules decide what a refusal is called. */
async function testCredential(credential: ICredentialType, secrets: Secrets): Promise<string> {
	const { request, rules = [] } = credential.test as ICredentialTestRequest;
	const description = {
		displayName: 'Test',
		name: 'test',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: credential.name, required: true }],
		properties: [{ displayName: 'Temp', name: 'temp', type: 'string', default: '', routing: { request } }],
	};
	const nodeType = { description } as unknown as INodeType;
	const node = {
		id: 'test',
		name: 'Test',
		type: 'test',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
		credentials: { [credential.name]: { id: 'credential', name: 'credential' } },
	};
	const nodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const inputs = { main: [[{ json: {} }]] };
	const context = new ExecuteContext(
		workflow,
		node,
		{ credentialsHelper: new (helperFor(credential, secrets))() } as never,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		inputs,
		{ node, data: {}, source: null } as never,
		[],
	);
	await workflow.expression.acquireIsolate();
	try {
		await new RoutingNode(context, nodeType, { id: 'credential', data: secrets } as never).runNode();
		return 'OK';
	} catch (thrown) {
		const status = (thrown as { cause?: { response?: { status?: number } } }).cause?.response?.status;
		const rule = rules.find(({ type, properties }) => type === 'responseCode' && properties.value === status);
		return rule?.properties.message ?? `HTTP ${status}: ${(thrown as Error).message}`;
	} finally {
		await workflow.expression.releaseIsolate();
	}
}

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

describe.each([
	['AI/ML API', new AimlApi(), 'aimlApi'],
	['Convai', new ConvaiApi(), 'convai'],
] as Array<[string, ICredentialType, ProviderName]>)(
	'The credential test of %s',
	(name, credential, provider) => {
		const test_ = async (apiKey: string, path = '') =>
			await testCredential(credential, { baseUrl: `${sandbox.urls[provider]}${path}`, apiKey });

		test('passes with the right key, and spends nothing', async () => {
			expect(await test_(RIGHT_KEY)).toBe('OK');
			expect(sandbox.requests({ provider })).toHaveLength(1);
			expect(sandbox.requests({ provider })[0]).toMatchObject({ status: 200, charged: false });
		});

		test('says that a wrong key is not accepted', async () => {
			expect(await test_('wrong-key')).toBe(
				provider === 'aimlApi'
					? 'AI/ML API did not accept the API key. Copy it again from aimlapi.com/app/keys.'
					: 'Convai did not accept the API key. Copy it again from the dashboard of Convai.',
			);
		});

		test('says of a 403 what the account may lack', async () => {
			sandbox.scenario({ provider, status: 403, kind: 'plan' });
			expect(await test_(RIGHT_KEY)).toMatch(/Verify the account or top it up|the plan of the account/);
		});

		test('says of a wrong address that nothing is there', async () => {
			expect(await test_(RIGHT_KEY, '/elsewhere')).toBe(
				`There is no ${name} ${provider === 'convai' ? 'API ' : ''}at this address. Check 'Base URL'.`,
			);
		});
	},
);
