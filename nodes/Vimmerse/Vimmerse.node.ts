import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { runProgram } from '../shared/run/items';
import { describeProgram } from '../shared/run/operation';
import { vimmerse } from './contract';
import { searchVoices } from './listSearch';
import { resources } from './resources';

export class Vimmerse implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vimmerse',
		name: 'vimmerse',
		icon: { light: 'file:../../icons/vimmerse.svg', dark: 'file:../../icons/vimmerse.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ [$parameter["operation"] + ": " + $parameter["resource"], $parameter["service"] || $parameter["voice"]].filter(Boolean).join(", ") }}',
		description: 'Turn text into speech, sound effects and music with Vimmerse',
		defaults: { name: 'Vimmerse' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vimmerseApi', required: true }],
		properties: describeProgram(resources),
	};

	methods = { listSearch: { searchVoices } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runProgram(this, { service: vimmerse, resources, collectWith: 'Asset: Get' });
	}
}
