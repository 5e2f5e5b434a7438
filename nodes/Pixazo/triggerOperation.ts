import type { INodeExecutionData } from 'n8n-workflow';

import { AUDIO_FIELDS } from '../shared/run/fields';
import { collectAudio } from '../shared/run/generate';
import type { Item, Operation } from '../shared/run/operation';
import { optionsField } from '../shared/run/options';
import { Failure } from '../shared/speech/failure';
import { status } from './contract';
import { openDeliveries } from './triggerDeliveries';

/** What the trigger does in the execution that a callback has started: the same as Job: Get, and the callback's query beside it. */
export const collectCalledBack: Operation = {
	name: 'Collect',
	value: 'collect',
	action: 'On job end',
	description: 'Put out the record of the job that has ended, with its audio',
	kind: 'speech',
	properties: [
		{
			displayName:
				"Open Webhook URLs above, and put the production URL into 'Callback URL' in the Options of Speech: Generate, with its 'Completion' set to Submit Only. What you add to the URL, such as ?ref={{ $json.slug }}, comes out as callback.query.ref.",
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Outcomes',
			name: 'outcomes',
			type: 'multiOptions',
			options: [
				{ name: 'Completed', value: 'completed', description: 'The audio is ready' },
				{ name: 'Failed', value: 'failed', description: 'The job ended without audio' },
			],
			default: ['completed', 'failed'],
			required: true,
			description: 'Which job results start the workflow',
		},
		...AUDIO_FIELDS,
		optionsField(['fileName', 'maxRetries', 'timeout']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const { jobId, callback } = item.context.getInputData()[item.index]?.json ?? {};
	if (typeof jobId !== 'string') {
		throw new Failure(
			'invalid_input',
			'Pixazo Trigger starts a workflow by itself, when Pixazo calls. Ask for a job in the middle of a workflow with Pixazo, Job: Get.',
		);
	}
	// n8n 2.41 forgets what a webhook writes into static data that is not empty, and keeps what an execution writes.
	openDeliveries(item.context).add(jobId);
	const collected = await collectAudio(item, jobId, status, false);
	return collected.map((output) => ({ ...output, json: { ...output.json, callback } }));
}
