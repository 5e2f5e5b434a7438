/** The ways in which a user's workflow can get its audio from Pixazo. */
import { chain, type NodeSketch } from '../sandbox/n8n/workflow.mts';
import type { Workflow, WorkflowNode } from '../sandbox/n8n/types.mts';

export interface Surroundings {
	credentials: WorkflowNode['credentials'];
	/** Where the trigger listens. */
	callbackUrl: string;
	dataTableId: string;
}

export interface Way {
	label: string;
	/** The path of the webhook that starts one execution. */
	path: string;
	/** The nodes after the webhook. */
	nodes(around: Surroundings): NodeSketch[];
	settings?: Record<string, unknown>;
}

/** The name of the node that is charged. */
export const SUBMIT = 'Narrate';
const TYPE = 'n8n-nodes-narration.pixazo';

/** Every text identifies its execution. */
export const textOf = (number: number | string) => `This is article number ${number}, read aloud.`;

const narrate = (
	{ credentials }: Surroundings,
	completion: 'wait' | 'submit',
	options: Record<string, unknown>,
): NodeSketch => ({
	name: SUBMIT,
	type: TYPE,
	credentials,
	parameters: {
		resource: 'speech',
		operation: 'generate',
		model: { __rl: true, mode: 'list', value: 'vibevoice' },
		text: `=${textOf('{{ $json.body.number }}')}`,
		completion,
		options,
	},
});

/** Job: Get, waiting for the job with this ID. */
export const collect = (credentials: Surroundings['credentials'], jobId: string): NodeSketch => ({
	name: 'Collect',
	type: TYPE,
	credentials,
	parameters: {
		resource: 'job',
		operation: 'get',
		jobId,
		waitForCompletion: true,
		options: { pollInterval: 1 },
	},
});

const keepId = ({ dataTableId }: Surroundings): NodeSketch => ({
	name: 'Keep the ID',
	type: 'n8n-nodes-base.dataTable',
	typeVersion: 1.1,
	parameters: {
		resource: 'row',
		operation: 'insert',
		dataTableId: { __rl: true, mode: 'id', value: dataTableId },
		columns: {
			mappingMode: 'defineBelow',
			value: { jobId: '={{ $json.job.id }}' },
			matchingColumns: [],
			schema: [
				{
					id: 'jobId',
					displayName: 'jobId',
					required: false,
					defaultMatch: false,
					display: true,
					type: 'string',
				},
			],
		},
	},
});

const submittedId = `={{ $('${SUBMIT}').item.json.job.id }}`;

export const WAYS: Way[] = [
	{
		label: 'Wait: the node waits for the audio',
		path: 'queue-wait',
		nodes: (around) => [narrate(around, 'wait', { pollInterval: 1 })],
	},
	{
		label: 'The same, with a callback to Pixazo Trigger beside it',
		path: 'queue-both',
		nodes: (around) => [narrate(around, 'wait', { pollInterval: 1, callbackUrl: around.callbackUrl })],
	},
	{
		label: 'Submit, then Job: Get, with _Save execution progress_',
		path: 'queue-progress',
		settings: { saveExecutionProgress: true },
		nodes: (around) => [narrate(around, 'submit', {}), collect(around.credentials, submittedId)],
	},
	{
		label: 'Submit, keep the job ID in a data table, then Job: Get',
		path: 'queue-table',
		nodes: (around) => [
			narrate(around, 'submit', {}),
			keepId(around),
			collect(around.credentials, submittedId),
		],
	},
	{
		label: 'Submit with a callback to Pixazo Trigger',
		path: 'queue-trigger',
		nodes: (around) => [narrate(around, 'submit', { callbackUrl: around.callbackUrl })],
	},
];

export function burstWorkflow(way: Way, around: Surroundings): Workflow {
	const webhook: NodeSketch = {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		parameters: { httpMethod: 'POST', path: way.path, responseMode: 'onReceived' },
		webhookId: `00000000-0000-4000-8000-${way.path}`,
	};
	return chain(way.label, [webhook, ...way.nodes(around)], way.settings);
}

const TRIGGER_WEBHOOK_ID = 'a7c1f0de-0000-4000-8000-00000000ca21';
export const triggerUrl = (n8nUrl: string) => `${n8nUrl}/webhook/${TRIGGER_WEBHOOK_ID}/webhook`;

export const triggeredWorkflow = (credentials: Surroundings['credentials']): Workflow =>
	chain('Called back', [
		{
			name: 'Pixazo Trigger',
			type: `${TYPE}Trigger`,
			parameters: {},
			credentials,
			webhookId: TRIGGER_WEBHOOK_ID,
		},
	]);
