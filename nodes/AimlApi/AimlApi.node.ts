import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { runProgram } from '../shared/run/items';
import { describeProgram } from '../shared/run/operation';
import { aimlApi } from './contract';
import { searchModels, searchVoices } from './listSearch';
import { resources } from './resources';

export class AimlApi implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AI/ML API',
		name: 'aimlApi',
		icon: { light: 'file:../../icons/aimlApi.svg', dark: 'file:../../icons/aimlApi.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"] + ": " + $parameter["resource"] + ($parameter["model"] ? ", " + $parameter["model"] : "") }}',
		description: 'Turn text into speech with any speech model of AI/ML API',
		defaults: { name: 'AI/ML API' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'aimlApi', required: true }],
		properties: describeProgram(resources),
	};

	methods = { listSearch: { searchModels, searchVoices } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runProgram(this, { service: aimlApi, resources, collectWith: null });
	}
}
