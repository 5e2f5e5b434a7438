import type { Workflow, WorkflowNode } from './types.mts';

export type NodeSketch = Pick<WorkflowNode, 'name' | 'type' | 'parameters'> & Partial<WorkflowNode>;

/** A workflow of consecutive nodes. */
export function chain(name: string, nodes: NodeSketch[], settings: Record<string, unknown> = {}): Workflow {
	return {
		name,
		nodes: nodes.map((node, index) => ({
			id: `${name}-${index}`,
			typeVersion: 1,
			position: [index * 220, 0],
			...node,
		})),
		connections: Object.fromEntries(
			nodes
				.slice(1)
				.map((node, index) => [
					nodes[index]!.name,
					{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1', ...settings },
	};
}

/** Nodes that output one item for each of these values, in the field `value`. */
export function eachOf(values: unknown[]): NodeSketch[] {
	const assignment = {
		id: 'values',
		name: 'value',
		type: 'array',
		value: `={{ ${JSON.stringify(values)} }}`,
	};
	return [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
		{
			name: 'Values',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { assignments: { assignments: [assignment] } },
		},
		{ name: 'Each', type: 'n8n-nodes-base.splitOut', parameters: { fieldToSplitOut: 'value' } },
	];
}
