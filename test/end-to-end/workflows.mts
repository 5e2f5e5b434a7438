import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Workflow } from '../../sandbox/n8n/types.mts';
import { projectDirectory } from '../../sandbox/setup.mjs';

const FOLDER = join(projectDirectory, 'test', 'end-to-end', 'workflows');

/**
 * Names of the workflows: `<node>.<resource>.<operation>`, and `.<difference>` where an operation
 * has several.
 */
export const workflowNames = readdirSync(FOLDER)
	.map((file) => file.replace(/\.json$/, ''))
	.sort();

export function readWorkflow(name: string): Workflow {
	return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Workflow;
}

/** The workflow with another text for its Speech node. */
export function withText(workflow: Workflow, text: string): Workflow {
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Speech' ? { ...node, parameters: { ...node.parameters, text } } : node,
	);
	return { ...workflow, nodes };
}

/** `speech.generate` of `pixazo.speech.generate.vibevoice-realtime`. */
export const operationOf = (name: string): string => name.split('.').slice(1, 3).join('.');
