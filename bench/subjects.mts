import type { ProviderName } from '../sandbox/core/types.mts';
import type { WorkflowNode } from '../sandbox/n8n/types.mts';
import type { NodeSketch } from '../sandbox/n8n/workflow.mts';
import type { Stage } from './stage.mts';

/** One way to do the work of a benchmark: a node of this package, or its usual alternative. */
export interface Subject {
	label: string;
	node: Omit<NodeSketch, 'name'>;
}

const CREDENTIAL_TYPES: Record<ProviderName, string> = {
	aimlApi: 'aimlApi',
	convai: 'convaiApi',
	pixazo: 'pixazoApi',
	vimmerse: 'vimmerseApi',
};

const credentialOf = (provider: ProviderName): WorkflowNode['credentials'] => ({
	[CREDENTIAL_TYPES[provider]]: { id: `demo-${provider}`, name: provider },
});

/** A node of this package. */
export const narration = (
	provider: ProviderName,
	parameters: Record<string, unknown>,
	label = 'This package',
): Subject => ({
	label,
	node: { type: `n8n-nodes-narration.${provider}`, parameters, credentials: credentialOf(provider) },
});

/** The HTTP Request node with a credential of this package, as its documentation recommends. */
export const httpRequest = (
	provider: ProviderName,
	parameters: Record<string, unknown>,
	label = 'HTTP Request',
): Subject => ({
	label,
	node: {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		credentials: credentialOf(provider),
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: CREDENTIAL_TYPES[provider],
			...parameters,
		},
	},
});

/** n8n's Wait node, which only waits for this time. */
export const waiting = (seconds: number): Subject => ({
	label: 'Wait',
	node: {
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		parameters: { resume: 'timeInterval', amount: seconds, unit: 'seconds' },
	},
});

/** The settings of an HTTP Request node whose answer becomes a file. */
export const AS_FILE = { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } };

const VOICE = 'WUMale 1';
/** The text for each item, with the number from the previous node. */
const TEXT = '=This is item {{ $json.value }} of the news.';

/** Convai's speech by a node of this package; the answer is the audio itself. */
export const speech = (options: Record<string, unknown>, label?: string): Subject =>
	narration(
		'convai',
		{
			resource: 'speech',
			operation: 'generate',
			text: TEXT,
			voice: { __rl: true, mode: 'id', value: VOICE },
			options,
		},
		label,
	);

/** The same request by the HTTP Request node. */
export const speechByHttp = (
	{ sandbox }: Stage,
	options: Record<string, unknown> = {},
	label?: string,
): Subject =>
	httpRequest(
		'convai',
		{
			method: 'POST',
			url: `${sandbox.urls.convai}/tts/`,
			sendBody: true,
			bodyParameters: {
				parameters: [
					{ name: 'transcript', value: TEXT },
					{ name: 'voice', value: VOICE },
					{ name: 'encoding', value: 'wav' },
				],
			},
			options: { ...AS_FILE, ...options },
		},
		label,
	);

/** Pixazo's speech by a node of this package; the job takes a while. */
export const speechJob = (parameters: Record<string, unknown>): Subject =>
	narration('pixazo', {
		resource: 'speech',
		operation: 'generate',
		model: { __rl: true, mode: 'list', value: 'vibevoice' },
		text: TEXT,
		...parameters,
	});

/** A finished job that can be polled, and the address of its file. */
export async function finishedJob({ measure }: Stage): Promise<{ id: string; url: string }> {
	const submit = speechJob({ downloadAudio: false, options: { pollInterval: 0.1 } });
	const [item] = (await measure(submit)).items;
	const { job, audio } = item?.json as { job: { id: string }; audio: { url: string } };
	return { id: job.id, url: audio.url };
}
