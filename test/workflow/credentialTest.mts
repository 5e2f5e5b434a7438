/** Runs a credential's test as n8n does when the credential is saved. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import type { ICredentialTestRequest, ICredentialType, INodeType } from 'n8n-workflow';

import { helperFor, type Secrets } from './credentialsHelper.mts';

const require = createRequire(resolve('package.json'));
require('reflect-metadata');
const { ExecuteContext, RoutingNode } = require('n8n-core') as typeof import('n8n-core');
const { createEmptyRunExecutionData, Workflow } = require('n8n-workflow') as typeof import('n8n-workflow');

/**
 * Sends a credential's test request as n8n does, through its declarative engine. The credential's
 * rules determine the error message.
 *
 * @returns `OK`, or the message that the user sees
 */
export async function testCredential(credential: ICredentialType, secrets: Secrets): Promise<string> {
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
