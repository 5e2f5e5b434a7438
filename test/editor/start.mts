import { randomUUID } from 'node:crypto';

import type { WorkflowNode } from '../../sandbox/n8n/types.mts';
import { startEverything } from '../end-to-end/n8n.mts';
import { findChromium, startBrowser } from './browser.mts';
import { createEditor } from './editor.mts';

export type Studio = Awaited<ReturnType<typeof openStudio>>;

export const START = 'Start';

/** A trigger to run by hand, on which everything else hangs. */
export const startNode: WorkflowNode = {
	id: '0f0e1c1e-3b1c-4a57-9f0d-6d3f5b1f0001',
	name: START,
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** A real n8n beside the sandbox, and its editor in a real browser, logged in. */
export async function openStudio(name: string) {
	const executablePath = findChromium();
	const everything = await startEverything(name);
	const browser = await startBrowser(executablePath);
	const editor = createEditor(browser.page, everything.n8n.url);
	await editor.logIn(everything.n8n.owner);

	/** Opens a new workflow: the trigger, and the nodes in a row behind it. */
	async function newWorkflow(nodes: Array<Omit<WorkflowNode, 'id' | 'position' | 'typeVersion'>> = []) {
		const placed = nodes.map((node, index) => ({
			...node,
			id: randomUUID(),
			typeVersion: 1,
			position: [(index + 1) * 220, 0] as [number, number],
		}));
		const all: WorkflowNode[] = [startNode, ...placed];
		const links = all
			.slice(1)
			.map((node, index) => [
				all[index]?.name ?? START,
				{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
			]);
		const { id } = await everything.n8n.createWorkflow({
			name: 'Narration',
			nodes: all,
			connections: Object.fromEntries(links) as Record<string, unknown>,
		});
		await editor.openWorkflow(id);
		return id;
	}

	return {
		...everything,
		browser,
		editor,
		newWorkflow,
		async stop() {
			await browser.stop();
			await everything.stop();
		},
	};
}
