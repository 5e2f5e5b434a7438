import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RIGHT_KEY } from '../core/scenarios.mts';
import { PROVIDERS, type ProviderName } from '../core/types.mts';
import type { Credential, Workflow } from '../n8n/types.mts';
import { projectDirectory } from '../setup.mjs';
import { PROVIDER_CHOICES } from './providers.mts';

/** The name of the narration node in `workflow.json`. */
export const NARRATION_NODE = 'Narrate';

export interface Account {
	baseUrl: string;
	apiKey: string;
}

/** Accounts at the sandbox for every provider. */
export function accountsAt(urls: Record<ProviderName, string>): Record<ProviderName, Account> {
	const account = (provider: ProviderName): Account => ({ baseUrl: urls[provider], apiKey: RIGHT_KEY });
	return {
		aimlApi: account('aimlApi'),
		convai: account('convai'),
		pixazo: account('pixazo'),
		vimmerse: account('vimmerse'),
	};
}

const credentialId = (provider: ProviderName) => `demo-${provider}`;
export const workflowId = (provider: ProviderName) => `demo-workflow-${provider}`;
/** The path of the webhook that starts a provider's workflow. */
export const webhookPath = (provider: ProviderName) => `post-published-${provider}`;

/** One credential per provider, with an ID that `demoWorkflow` refers to. */
export function demoCredentials(accounts: Record<ProviderName, Account>): Credential[] {
	return PROVIDERS.map((provider) => ({
		id: credentialId(provider),
		name: `${PROVIDER_CHOICES[provider].displayName} account`,
		type: PROVIDER_CHOICES[provider].credentialType,
		data: { ...accounts[provider] },
	}));
}

/**
 * Returns `workflow.json` with a provider's node instead of its narration node; only names and the
 * webhook's path also change. The event is pinned to the trigger as input for the editor's "Execute
 * workflow".
 */
export async function demoWorkflow(
	provider: ProviderName,
	event: object,
): Promise<Workflow & { id: string }> {
	const file = join(projectDirectory, 'sandbox', 'demo', 'workflow.json');
	const template = JSON.parse(await readFile(file, 'utf8')) as Workflow;
	const { displayName, credentialType, parameters } = PROVIDER_CHOICES[provider];
	const nodes = template.nodes.map((node) => {
		if (node.name === NARRATION_NODE) {
			return {
				...node,
				type: `n8n-nodes-narration.${provider}`,
				parameters: { ...node.parameters, ...parameters },
				credentials: { [credentialType]: { id: credentialId(provider), name: `${displayName} account` } },
			};
		}
		if (!node.webhookId) return node;
		const webhookId = `${node.webhookId}-${provider}`;
		return { ...node, webhookId, parameters: { ...node.parameters, path: webhookPath(provider) } };
	});
	const trigger = template.nodes.find((node) => node.webhookId)?.name ?? '';
	return {
		...template,
		id: workflowId(provider),
		name: `${template.name}: ${displayName}`,
		nodes,
		pinData: { [trigger]: [{ json: { headers: {}, params: {}, query: {}, body: event } }] },
	};
}
