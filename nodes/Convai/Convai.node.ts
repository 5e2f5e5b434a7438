import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { runProgram } from '../shared/run/items';
import { describeProgram } from '../shared/run/operation';
import { convai } from './contract';
import { searchVoices } from './listSearch';
import { resources } from './resources';

export class Convai implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Convai',
		name: 'convai',
		icon: { light: 'file:../../icons/convai.svg', dark: 'file:../../icons/convai.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"] + ": " + $parameter["resource"] + ($parameter["voice"] ? ", " + $parameter["voice"] : "") }}',
		description: 'Turn text into speech with the voices of Convai',
		defaults: { name: 'Convai' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'convaiApi', required: true }],
		properties: describeProgram(resources),
	};

	methods = { listSearch: { searchVoices } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runProgram(this, { service: convai, resources, collectWith: null });
	}
}
