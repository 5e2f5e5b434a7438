import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { runOperation } from '../shared/run/items';
import { pixazo } from './contract';
import { receiveCallback } from './triggerCallback';
import { collectCalledBack } from './triggerOperation';

const WHILE_BUILDING =
	"<b>While you build the workflow</b>, execute this step, then submit a job with the test URL as its 'Callback URL': its record and its audio show up here.<br /> <br />";

/**
 * Starts a workflow when a job of Pixazo has ended. The webhook only finds out whether that is true, so that Pixazo is answered within
 * its few seconds, and not before n8n has stored the execution; the audio is fetched in the execution, where it may take its time
 * and where a fault shows and can be retried.
 */
export class PixazoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Pixazo Trigger',
		name: 'pixazoTrigger',
		icon: { light: 'file:../../icons/pixazo.svg', dark: 'file:../../icons/pixazo.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "job " + $parameter["outcomes"].join(" or ") }}',
		// The nodes panel shows the trigger and the Pixazo node as one, with this description.
		description: 'Turn text and dialogues into speech, and start workflows when jobs of Pixazo have ended',
		defaults: { name: 'Pixazo Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'pixazoApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'webhook',
			},
		],
		eventTriggerDescription: "Submit a job with the test URL as its 'Callback URL'",
		triggerPanel: {
			header: 'Starts when a job of Pixazo has ended',
			executionsHelp: {
				inactive: `${WHILE_BUILDING} <b>When it is done</b>, activate (publish) the workflow, and submit jobs with the production URL: it then runs by itself, and its runs are in the list of executions.`,
				active: `${WHILE_BUILDING} <b>The workflow is active</b>: jobs that are submitted with the production URL start it by themselves, and its runs are in the list of executions.`,
			},
			activationHint:
				"Activate (publish) the workflow, and submit jobs with the production URL as their 'Callback URL'.",
		},
		properties: collectCalledBack.properties,
	};

	/** There is nothing to register: Pixazo is told with every single job where to call. */
	webhookMethods = {
		default: {
			async checkExists(): Promise<boolean> {
				return true;
			},
			async create(): Promise<boolean> {
				return true;
			},
			async delete(): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, { service: pixazo, collectWith: 'Job: Get' }, collectCalledBack);
	}
}
