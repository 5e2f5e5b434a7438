/**
 * `npm run pictures`: the pictures of the editor in `docs/pictures/`, taken in a real n8n against the sandbox. With names after it, only
 * those: `npm run pictures -- canvas convai-speech-generate`.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import ffmpeg from '@ffmpeg-installer/ffmpeg';

import { postPublished } from '../../sandbox/demo/event.mts';
import { demoWorkflow } from '../../sandbox/demo/workflows.mts';
import type { NodeSketch } from '../../sandbox/n8n/workflow.mts';
import { webCredentials } from '../../sandbox/web/credentials.mts';
import { startWeb } from '../../sandbox/web/web.mts';
import { createProgress, projectDirectory, reportFailure } from '../../sandbox/setup.mjs';
import { exampleNames, readExample } from '../end-to-end/examples.mts';
import { nodesOf, OPERATIONS, submission } from './operations.mts';
import type { Picture } from './operations.mts';
import { openStudio } from './start.mts';
import type { Studio } from './start.mts';

const DIRECTORY = join(projectDirectory, 'docs', 'pictures');
const MOST_BYTES = 150_000;
const COLOURS = 128;

interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Takes a picture and leaves it with few colours: screens have few, and the file is a third of the size. */
async function take({ editor }: Studio, name: string, clip?: Area): Promise<void> {
	const path = join(DIRECTORY, `${name}.png`);
	await editor.untilIdle();
	const picture = await editor.page.screenshot({ clip, animations: 'disabled', caret: 'hide' });
	const filter = `split[a][b];[a]palettegen=max_colors=${COLOURS}[p];[b][p]paletteuse=dither=none`;
	const args = ['-v', 'error', '-y', '-f', 'png_pipe', '-i', '-', '-vf', filter, path];
	execFileSync(ffmpeg.path, args, { input: picture });
	const { size } = await stat(path);
	if (size > MOST_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MOST_BYTES}.`);
}

/** Opens a new workflow of these nodes, and the last of them. */
async function openNodes(studio: Studio, nodes: NodeSketch[]): Promise<void> {
	await studio.newWorkflow(nodes);
	await studio.editor.openNode(nodes.at(-1)?.name ?? '');
}

/** An operation, filled in and executed. */
async function takeOperation(studio: Studio, { name, nodes, output }: Picture): Promise<void> {
	const { editor } = studio;
	studio.sandbox.reset();
	await openNodes(studio, nodes);
	await editor.execute();
	if (output === 'player') {
		const audio = await editor.openPlayer();
		await audio.evaluate((element: { pause(): void; currentTime: number }) => {
			element.pause();
			element.currentTime = 1;
		});
	} else await editor.showOutput(output);
	await take(studio, name);
}

const SPEECH = 'aimlApi-speech-generate';
/** Where the editor shows what a node puts out, hints included. */
const OUTPUT_PANEL = { x: 930, y: 64, width: 486, height: 420 };

const OTHERS: Record<string, (studio: Studio) => Promise<void>> = {
	async panel(studio) {
		await studio.newWorkflow();
		await studio.editor.searchNodes('text to speech');
		await take(studio, 'panel', { x: 720, y: 0, width: 720, height: 480 });
	},
	async credential(studio) {
		await openNodes(studio, nodesOf(SPEECH));
		await studio.editor.openCredential();
		await studio.editor.byId('credentials-config-container-test-success').waitFor();
		await take(studio, 'credential', { x: 200, y: 80, width: 1040, height: 600 });
	},
	async error(studio) {
		studio.sandbox.scenario({ provider: 'aimlApi', operation: 'speech.generate', name: '402' });
		await openNodes(studio, nodesOf(SPEECH));
		await studio.editor.execute();
		await take(studio, 'error');
		studio.sandbox.reset();
	},
	async waiting(studio) {
		studio.sandbox.scenario({ provider: 'convai', operation: 'speech.generate', times: 1, name: '429' });
		await openNodes(studio, nodesOf('convai-speech-generate'));
		await studio.editor.execute();
		await take(studio, 'waiting', OUTPUT_PANEL);
		studio.sandbox.reset();
	},
	async voices(studio) {
		await openNodes(studio, nodesOf(SPEECH));
		await studio.editor.openList('voice');
		await take(studio, 'voices');
	},
	async pixazoTrigger(studio) {
		const { editor } = studio;
		await editor.openEmptyCanvas();
		await editor.searchNodes('text to speech');
		await editor.addNode('Pixazo', 'On new Pixazo event');
		const testUrl = await editor.webhookUrl('test');
		await editor.listenForTest();
		await studio.run([submission(`${testUrl}?ref=post-42`)]);
		await editor.untilExecuted();
		await editor.webhookUrl('production');
		await editor.showOutput('schema');
		await take(studio, 'pixazoTrigger');
	},
	async canvas(studio) {
		const workflow = await demoWorkflow('aimlApi', await postPublished());
		const { id } = await studio.n8n.createWorkflow({ ...workflow, id: undefined });
		await studio.editor.openWorkflow(id);
		await studio.editor.executeWorkflow();
		await take(studio, 'canvas', { x: 440, y: 240, width: 680, height: 460 });
	},
};

/** Canvases are wide: a large window, so that the notes on them can be read. */
const CANVAS_WINDOW = { width: 1900, height: 1060 };

/** Name of the picture of an example's canvas. */
const pictureOf = (example: string) => `example-${example}`;

/** The examples as they are right after their import, where there is a credential for everything. */
async function takeExamples(studio: Studio, names: string[]): Promise<void> {
	const { editor, n8n } = studio;
	if (names.length === 0) return;
	const web = await startWeb();
	for (const credential of webCredentials(web)) await n8n.createCredential(credential);
	await editor.page.setViewportSize(CANVAS_WINDOW);
	for (const name of names) {
		const { id } = await n8n.createWorkflow(readExample(name));
		await editor.openWorkflow(id);
		await editor.byId('zoom-to-fit').click();
		await take(studio, pictureOf(name), await editor.canvasArea());
	}
	await web.stop();
}

async function main(): Promise<void> {
	const wanted = process.argv.slice(2);
	const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
	const progress = createProgress();
	await mkdir(DIRECTORY, { recursive: true });
	const studio = await openStudio('pictures');
	await studio.browser.context.addInitScript(hideNotifications);
	try {
		for (const picture of OPERATIONS.filter(({ name }) => isWanted(name)))
			await progress.step(picture.name, () => takeOperation(studio, picture));
		for (const [name, work] of Object.entries(OTHERS).filter(([other]) => isWanted(other)))
			await progress.step(name, () => work(studio));
		const examples = exampleNames.filter((name) => isWanted(pictureOf(name)));
		await progress.step('examples', () => takeExamples(studio, examples));
	} finally {
		await studio.stop();
	}
}

/** They come and go, and cover what is below. */
const hideNotifications = `addEventListener('DOMContentLoaded', () => {
	const style = document.createElement('style');
	style.textContent = '.el-notification { display: none !important }';
	document.head.append(style);
});`;

main().catch((error: unknown) => {
	reportFailure(error);
	process.exitCode = 1;
});
