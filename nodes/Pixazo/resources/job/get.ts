import type { INodeExecutionData } from 'n8n-workflow';

import { AUDIO_FIELDS } from '../../../shared/run/fields';
import { collectAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { namingIfUnknown, requiredText } from '../../../shared/run/parameters';
import { status } from '../../contract';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get job status',
	description: 'Ask what became of a job, and get its audio when it is done',
	kind: 'speech',
	properties: [
		{
			displayName: 'Job ID',
			name: 'jobId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. vibevoice_019d0000-0000-7000-8000-000000000000',
			description: "The job's ID, as Speech: Generate puts it out and as a callback names it",
		},
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: false,
			description: 'Whether to go on asking until the job has ended, or to put out its status as it is',
		},
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, 'fileName', 'pollInterval']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const jobId = requiredText(item, 'jobId', 'Job ID');
	const waits = item.context.getNodeParameter('waitForCompletion', item.index, false) as boolean;
	return await collectAudio(item, jobId, status, waits).catch(namingIfUnknown('Job ID'));
}
