import { setTimeout as sleep } from 'node:timers/promises';

import type { Locator, Page } from 'playwright-core';

/** The timeout for everything in the editor, including a generation by the sandbox. */
const PATIENCE_MS = 30_000;
const POLL_MS = 50;
/** A player at this position has really played. */
const HEARD_SECONDS = 0.25;

/** A file in the Binary tab, as its player sees it. */
export interface Playback {
	mimeType: string;
	durationSeconds: number;
	/** Where the player was at two moments, one after the other. */
	positionsSeconds: [number, number];
}

interface AudioElement {
	currentTime: number;
	duration: number;
	error: { message: string } | null;
	paused: boolean;
	querySelector(selector: string): { type: string } | null;
}

interface Named {
	getAttribute(name: string): string;
}

interface Boxed {
	getBoundingClientRect(): { left: number; top: number; right: number; bottom: number };
}

/** Runs in the page: resolves when all animations but endless ones have ended. */
const TRANSITIONS_ENDED = `new Promise(requestAnimationFrame).then(() =>
	Promise.allSettled(
		document
			.getAnimations()
			.filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
			.map(({ finished }) => finished),
	),
).then(() => undefined)`;

export type Editor = ReturnType<typeof createEditor>;

/** Polls until `read` returns a value; throws `message` at the timeout. */
async function until<Value>(message: string, read: () => Promise<Value | undefined>): Promise<Value> {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const value = await read();
		if (value !== undefined) return value;
		if (Date.now() > deadline) throw new Error(message);
		await sleep(POLL_MS);
	}
}

/**
 * n8n's editor as its user meets it: everything is found by what is to be seen, clicked and typed. Parameters are named by their internal
 * names, because several have the same display name.
 */
export function createEditor(page: Page, url: string) {
	page.setDefaultTimeout(PATIENCE_MS);
	const byId = (id: string) => page.locator(`[data-test-id="${id}"]`);
	const output = byId('output-panel');
	const dialog = byId('credential-edit-dialog');
	const field = (name: string) => byId(`parameter-input-${name}`);
	const locator = (name: string) => byId(`resource-locator-${name}`);
	const choices = () => page.locator('[data-test-id="rlc-item"]:visible');
	/** The entries of whatever drop-down is open. */
	const entries = () => page.locator('.el-select-dropdown__item:visible, [role="option"]:visible');
	const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);

	async function logIn({ email, password }: { email: string; password: string }): Promise<void> {
		await page.goto(`${url}/signin`);
		await byId('emailOrLdapLoginId')
			.locator('input')
			.or(page.locator('input[type=email]'))
			.first()
			.fill(email);
		await page.locator('input[type=password]').fill(password);
		await byId('form-submit-button').click();
		await page.waitForURL(/\/(home|workflow|projects)/);
	}

	/** Opens a workflow, once its nodes are on the canvas. */
	async function openWorkflow(id: string): Promise<void> {
		await page.goto(`${url}/workflow/${id}`, { waitUntil: 'domcontentloaded' });
		await byId('canvas-node').first().waitFor();
	}

	/** Makes a workflow from a file, through the menu of a new one; its nodes are on the canvas then. */
	async function importFromFile(path: string): Promise<void> {
		await page.goto(`${url}/workflow/new`, { waitUntil: 'domcontentloaded' });
		await byId('workflow-menu').click();
		await byId('workflow-menu-item-import').hover();
		const chooser = page.waitForEvent('filechooser');
		await byId('workflow-menu-item-import-from-file').click();
		await (await chooser).setFiles(path);
		await byId('canvas-node').first().waitFor();
	}

	/** Names of the nodes on the canvas, and of those that are marked because something is still to be set. */
	async function readCanvas(): Promise<{ nodes: string[]; unready: string[] }> {
		const namesOf = async (nodes: Locator) =>
			await nodes.evaluateAll((elements) =>
				elements.map((element) => (element as unknown as Named).getAttribute('data-node-name')),
			);
		const all = byId('canvas-node');
		return {
			nodes: await namesOf(all),
			unready: await namesOf(all.filter({ has: byId('node-issues') })),
		};
	}

	const found = byId('node-creator-item-name');

	/** ID of the workflow that is open. */
	const workflowId = () => new URL(page.url()).pathname.split('/')[2] ?? '';

	/** Opens a canvas without any nodes. */
	async function openEmptyCanvas(): Promise<void> {
		await page.goto(`${url}/workflow/new`, { waitUntil: 'domcontentloaded' });
		await byId('canvas-add-button').waitFor();
	}

	/** Opens the nodes panel behind the last node, or for the first step of an empty canvas. */
	async function openPanel(): Promise<void> {
		if (await byId('canvas-add-button').isVisible()) await byId('canvas-add-button').click();
		else {
			await byId('canvas-node').last().click();
			await byId('node-creator-plus-button').click();
		}
		await found.first().waitFor();
	}

	/** Types into the nodes panel; the display names of the nodes that it finds. */
	async function searchNodes(words: string): Promise<string[]> {
		await openPanel();
		const categories = (await found.allInnerTexts()).join('\n');
		await byId('node-creator-search-bar').pressSequentially(words);
		return await until(`The nodes panel does not search for "${words}".`, async () => {
			const names = await found.allInnerTexts();
			return names.join('\n') === categories ? undefined : names;
		});
	}

	/** Adds a node that the panel shows now, for one of its actions; its settings open. The node is named after the action. */
	async function addNode(displayName: string, action: string): Promise<void> {
		await byId('node-creator-item-name')
			.filter({ hasText: exactly(displayName) })
			.click();
		await byId('node-creator-item-name')
			.filter({ hasText: exactly(action) })
			.click();
		await byId('node-parameters').waitFor();
	}

	async function openNode(name: string): Promise<void> {
		await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await byId('node-parameters').waitFor();
	}

	async function closeNode(): Promise<void> {
		await byId('ndv-close-button').click();
		await byId('ndv').waitFor({ state: 'detached' });
	}

	/** Types into a text, number or JSON field. */
	async function type(name: string, text: string): Promise<void> {
		const input = field(name).last().locator('textarea, input:not([readonly])').first();
		await input.fill(text);
		await input.blur();
	}

	/** Picks an entry of a plain drop-down. */
	async function select(name: string, entry: string): Promise<void> {
		await field(name).last().locator('input').first().click();
		await entries()
			.filter({ hasText: new RegExp(`^\\s*${entry}`) })
			.first()
			.click();
	}

	async function toggle(name: string): Promise<void> {
		await field(name).last().locator('.el-switch, [role="switch"]').first().click();
	}

	/** Does what makes a list ask the node for its entries; the names that it shows once it shows what the node has answered. */
	async function listed(isQuestion: (body: string) => boolean, ask: () => Promise<void>): Promise<string[]> {
		const answered = page.waitForResponse(
			(response) =>
				response.url().includes('/resource-locator-results') &&
				isQuestion(response.request().postData() ?? ''),
		);
		await ask();
		const { data } = (await (await answered).json()) as { data: { results: Array<{ name: string }> } };
		return await until('The list does not show what the node has found for it.', async () => {
			const names = await choices().allInnerTexts();
			return data.results.every(({ name }) => names.includes(name)) ? names : undefined;
		});
	}

	/** Opens the list of a resource locator; the names that it shows. */
	async function openList(name: string): Promise<string[]> {
		return await listed(
			() => true,
			async () => await locator(name).locator('[data-test-id="rlc-input"]').click(),
		);
	}

	/** Types into the search of the list that is open; the names that are left. */
	async function filterList(words: string): Promise<string[]> {
		return await listed(
			(body) => body.includes(JSON.stringify(words)),
			async () => await page.locator('[data-test-id="rlc-search"]:visible').fill(words),
		);
	}

	/** Picks a name of the list that is open. */
	async function pickFromList(name: string): Promise<void> {
		await choices()
			.filter({ hasText: exactly(name) })
			.first()
			.click();
		await choices().first().waitFor({ state: 'hidden' });
	}

	/** What a resource locator shows as chosen. */
	const chosen = async (name: string) =>
		await locator(name).locator('[data-test-id="rlc-input"]').inputValue();

	/** Waits until a resource locator shows that as chosen. */
	async function untilChosen(name: string, choice: string): Promise<void> {
		await until(`'${name}' does not come to show "${choice}".`, async () =>
			(await chosen(name)) === choice ? true : undefined,
		);
	}

	/** Opens the list, types the name and picks it. */
	async function pick(name: string, choice: string): Promise<void> {
		await openList(name);
		await page.locator('[data-test-id="rlc-search"]:visible').fill(choice);
		await pickFromList(choice);
	}

	/** Sets a resource locator to a value of one's own: By ID, By Path and so on. */
	async function enter(name: string, mode: string, value: string): Promise<void> {
		await locator(name).locator('[data-test-id="rlc-mode-selector"]').click();
		await entries()
			.filter({ hasText: exactly(mode) })
			.click();
		const input = locator(name).locator('[data-test-id="rlc-input"]');
		await input.fill(value);
		await input.blur();
	}

	const addButton = () => byId('collection-parameter-add').last();

	/** Display names of the options that may be added. */
	async function optionNames(): Promise<string[]> {
		await addButton().click();
		const options = page.locator('[data-test-id="collection-parameter-option"]:visible');
		await options.first().waitFor();
		const names = await options.allInnerTexts();
		await page.keyboard.press('Escape');
		return names;
	}

	/** Adds a field of the Options collection. */
	async function addOption(displayName: string): Promise<void> {
		await addButton().click();
		await page
			.locator('[data-test-id="collection-parameter-option"]:visible')
			.filter({ hasText: exactly(displayName) })
			.click();
	}

	/** Adds an entry to a fixed collection. */
	async function addEntry(collection: string): Promise<void> {
		await byId(`fixed-collection-${collection}`)
			.locator('[data-test-id^="fixed-collection-add"]')
			.first()
			.click();
	}

	/** Whether a parameter is to be seen. */
	const shows = async (name: string) =>
		(await field(name).count()) + (await byId(`fixed-collection-${name}`).count()) > 0;

	/** Executes the open step, and waits until it has ended, successfully or not. */
	async function execute(): Promise<void> {
		await byId('node-execute-button').click();
		await untilExecuted();
	}

	async function untilExecuted(): Promise<void> {
		await output
			.locator('[data-test-id="node-run-status-success"], [data-test-id="node-error-view"], .node-error-view')
			.first()
			.waitFor();
		await untilIdle();
		await page.mouse.move(0, 0);
	}

	/** A button of what is going on has no words, and gets them back little by little. */
	async function untilIdle(): Promise<void> {
		await page.locator('button[aria-busy="true"]').first().waitFor({ state: 'detached' });
		await page.evaluate(TRANSITIONS_ENDED);
	}

	/** Lets the trigger that is open listen for one call of its test URL. */
	async function listenForTest(): Promise<void> {
		await byId('node-execute-button').click();
		await byId('trigger-listening').getByText('Listening for test event').waitFor();
	}

	const webhooks = page.locator('.webhooks');

	/** The address of the trigger that is open, as it stands there once its section is opened. */
	async function webhookUrl(kind: 'test' | 'production'): Promise<string> {
		const choice = webhooks.locator(`[data-test-id="radio-button-${kind}"]`);
		if (!(await choice.isVisible())) await webhooks.getByText('Webhook URLs').click();
		await choice.click();
		return await until(`The trigger shows no ${kind} URL.`, async () => {
			const address = await webhooks.locator('.webhook-url').innerText();
			return address.includes('/webhook-test/') === (kind === 'test') ? address.trim() : undefined;
		});
	}

	/** What the notices of the open node say. */
	const readNotices = async () => await byId('node-parameters').getByRole('alert').allInnerTexts();

	/** Executes the workflow from its trigger, and waits until the last node has succeeded. */
	async function executeWorkflow(): Promise<void> {
		await page.locator('[data-test-id^="execute-workflow-button"]').last().click();
		await byId('canvas-node').last().locator('[data-test-id="canvas-node-status-success"]').waitFor();
		await byId('zoom-to-fit').click();
	}

	/** Where on the page the nodes and notes are, with a margin. */
	async function canvasArea(): Promise<{ x: number; y: number; width: number; height: number }> {
		const margin = 16;
		const boxes = await page.locator('.vue-flow__node').evaluateAll((elements) =>
			elements.map((element) => {
				const { left, top, right, bottom } = (element as unknown as Boxed).getBoundingClientRect();
				return { left, top, right, bottom };
			}),
		);
		const x = Math.max(0, Math.min(...boxes.map(({ left }) => left)) - margin);
		const y = Math.max(0, Math.min(...boxes.map(({ top }) => top)) - margin);
		const right = Math.max(...boxes.map((box) => box.right)) + margin;
		const bottom = Math.max(...boxes.map((box) => box.bottom)) + margin;
		return { x, y, width: right - x, height: bottom - y };
	}

	async function showOutput(tab: 'schema' | 'table' | 'json' | 'binary'): Promise<void> {
		await output.locator(`[data-test-id="radio-button-${tab}"]`).click();
		if (tab === 'table') await output.locator('tbody tr').first().waitFor();
	}

	/** The player in the Binary tab, opened on the first file. */
	async function openPlayer(): Promise<Locator> {
		await showOutput('binary');
		await output.locator('[data-test-id="ndv-view-binary-data"]').first().click();
		const audio = output.locator('audio');
		await audio.waitFor();
		return audio;
	}

	/** Plays the first file of the output, and waits until the player has moved on. Throws when it does not. */
	async function play(): Promise<Playback> {
		const audio = await openPlayer();
		const read = async () =>
			await audio.evaluate((element: AudioElement) => ({
				at: element.currentTime,
				duration: element.duration,
				mimeType: element.querySelector('source')?.type ?? '',
				error: element.error?.message,
			}));
		const before = await read();
		const after = await until('The audio does not play.', async () => {
			const now = await read();
			if (now.error) throw new Error(`The audio does not play: ${now.error}`);
			return now.at > before.at + HEARD_SECONDS && Number.isFinite(now.duration) ? now : undefined;
		});
		return {
			mimeType: after.mimeType,
			durationSeconds: after.duration,
			positionsSeconds: [before.at, after.at],
		};
	}

	/** The editor asks n8n to test a credential when it is opened and when it is saved. */
	const credentialTest = async () =>
		await page.waitForResponse((response) => response.url().endsWith('/credentials/test'));

	/** Opens the credential that the open node uses, and waits for its first test. */
	async function openCredential(): Promise<void> {
		const tested = credentialTest();
		await byId('credential-edit-button').click();
		await dialog.locator('[data-test-id="parameter-input-apiKey"] input').waitFor();
		await tested;
	}

	/** Saves the credential with another key, and returns what the banner then says of it, its details included. */
	async function testKey(apiKey: string): Promise<string> {
		await dialog.locator('[data-test-id="parameter-input-apiKey"] input').fill(apiKey);
		const tested = credentialTest();
		await byId('credential-save-button').click();
		const { data } = (await (await tested).json()) as { data: { status: 'OK' | 'Error'; message: string } };
		if (data.status === 'OK') {
			const good = byId('credentials-config-container-test-success');
			await good.waitFor();
			return await good.innerText();
		}
		const details = dialog.getByText('More details');
		const sentence = dialog.getByText(data.message);
		await details.or(sentence).filter({ visible: true }).first().waitFor();
		if (await details.isVisible()) await details.click();
		await sentence.filter({ visible: true }).first().waitFor();
		return data.message;
	}

	async function closeCredential(): Promise<void> {
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
	}

	return {
		page,
		byId,
		logIn,
		openWorkflow,
		importFromFile,
		readCanvas,
		workflowId,
		openEmptyCanvas,
		searchNodes,
		addNode,
		openNode,
		closeNode,
		type,
		select,
		toggle,
		openList,
		filterList,
		pickFromList,
		chosen,
		untilChosen,
		pick,
		enter,
		optionNames,
		addOption,
		addEntry,
		shows,
		execute,
		untilExecuted,
		untilIdle,
		listenForTest,
		webhookUrl,
		readNotices,
		executeWorkflow,
		canvasArea,
		showOutput,
		openPlayer,
		play,
		openCredential,
		testKey,
		closeCredential,
	};
}
