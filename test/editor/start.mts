import type { Execution } from '../../sandbox/n8n/types.mts';
import { chain, type NodeSketch } from '../../sandbox/n8n/workflow.mts';
import { startEverything } from '../end-to-end/n8n.mts';
import { findChromium, startBrowser } from './browser.mts';
import { createEditor } from './editor.mts';

export type Studio = Awaited<ReturnType<typeof openStudio>>;

export const START = 'Start';

/** A manual trigger, the first node of every workflow. */
export const startNode: NodeSketch = {
	name: START,
	type: 'n8n-nodes-base.manualTrigger',
	parameters: {},
};

/** A real n8n beside the sandbox, and its editor in a real browser, logged in. */
export async function openStudio(name: string) {
	const executablePath = findChromium();
	const everything = await startEverything(name);
	const browser = await startBrowser(executablePath);
	const editor = createEditor(browser.page, everything.n8n.url);
	await editor.logIn(everything.n8n.owner);

	/** Makes a workflow: the trigger, and the nodes in a row behind it. */
	async function createWorkflow(nodes: NodeSketch[]): Promise<string> {
		return (await everything.n8n.createWorkflow(chain('Narration', [startNode, ...nodes]))).id;
	}

	/** Makes such a workflow, and opens it. */
	async function newWorkflow(nodes: NodeSketch[] = []): Promise<string> {
		const id = await createWorkflow(nodes);
		await editor.openWorkflow(id);
		return id;
	}

	/** Makes such a workflow, and runs it without opening it. */
	const run = async (nodes: NodeSketch[]): Promise<Execution> =>
		await everything.n8n.runWorkflow(await createWorkflow(nodes));

	return {
		...everything,
		browser,
		editor,
		newWorkflow,
		run,
		async stop() {
			await browser.stop();
			await everything.stop();
		},
	};
}
