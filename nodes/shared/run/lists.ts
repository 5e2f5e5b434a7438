import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Item } from './operation';

/** Fields of every operation that puts out many things. */
export const LIST_FIELDS: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** One output item per thing, as many as the user wants. */
export function listed(item: Item, things: readonly object[]): INodeExecutionData[] {
	const returnAll = item.context.getNodeParameter('returnAll', item.index, false) as boolean;
	const limit = item.context.getNodeParameter('limit', item.index, 50) as number;
	return (returnAll ? things : things.slice(0, limit)).map((thing) => ({ json: { ...thing } }));
}
