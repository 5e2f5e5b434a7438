import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Workflow } from '../../sandbox/n8n/types.mts';
import { projectDirectory } from '../../sandbox/setup.mjs';

const FOLDER = join(projectDirectory, 'examples');

/** The name of the node with the settings that users must change: addresses, folders, texts. */
const SETTINGS = 'Settings';

export const exampleNames = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.replace(/\.json$/, ''))
	.sort();

/** The path of an example's file. */
export const exampleFile = (name: string): string => join(FOLDER, `${name}.json`);

/** An example as in its file, which the editor's "Import from file" reads. */
export const readExample = (name: string): Workflow =>
	JSON.parse(readFileSync(exampleFile(name), 'utf8')) as Workflow;

interface Assignment {
	name: string;
	value: unknown;
}

/**
 * The example with other values in its Settings node, as a user would enter them. Throws for an
 * unknown setting.
 */
export function withSettings(workflow: Workflow, values: Record<string, unknown>): Workflow {
	const changed = structuredClone(workflow);
	const settings = changed.nodes.find(({ name }) => name === SETTINGS);
	const fields = settings?.parameters.assignments as { assignments: Assignment[] } | undefined;
	for (const [name, value] of Object.entries(values)) {
		const assignment = fields?.assignments.find((candidate) => candidate.name === name);
		if (!assignment) throw new Error(`${workflow.name} has no ${name} in its Settings.`);
		assignment.value = value;
	}
	return changed;
}
