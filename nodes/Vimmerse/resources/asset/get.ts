import type { INodeExecutionData } from 'n8n-workflow';

import { AUDIO_FIELDS } from '../../../shared/run/fields';
import { collectAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { namingIfUnknown, requiredText } from '../../../shared/run/parameters';
import { assetStatus } from '../../contract';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get asset status',
	description: 'Ask what became of an asset, and get its audio when it is done',
	kind: 'speech',
	properties: [
		{
			displayName: 'Asset ID',
			name: 'assetId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 00000000-0000-4000-8000-000000000000',
			description: "The asset's ID, as the operations of this node put it out as the ID of the job",
		},
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: false,
			description: 'Whether to go on asking until the asset is done, or to put out its status as it is',
		},
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, 'fileName', 'pollInterval']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const assetId = requiredText(item, 'assetId', 'Asset ID');
	const waits = item.context.getNodeParameter('waitForCompletion', item.index, false) as boolean;
	return await collectAudio(item, assetId, assetStatus, waits).catch(namingIfUnknown('Asset ID'));
}
