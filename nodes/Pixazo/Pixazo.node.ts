import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { runProgram } from '../shared/run/items';
import { describeProgram } from '../shared/run/operation';
import { pixazo } from './contract';
import { searchModels, searchVoices } from './listSearch';
import { resources } from './resources';

export class Pixazo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Pixazo',
		name: 'pixazo',
		icon: { light: 'file:../../icons/pixazo.svg', dark: 'file:../../icons/pixazo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"] + ": " + $parameter["resource"] + ($parameter["model"] ? ", " + $parameter["model"] : "") }}',
		description: 'Turn text and dialogues into speech with the models of Pixazo',
		defaults: { name: 'Pixazo' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'pixazoApi', required: true }],
		properties: describeProgram(resources),
	};

	methods = { listSearch: { searchModels, searchVoices } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runProgram(this, { service: pixazo, resources, collectWith: 'Job: Get' });
	}
}
