import type { Execution } from '../../sandbox/n8n/types.mts';
import { RIGHT_KEY } from '../../sandbox/sandbox.mts';
import { webCredentials } from '../../sandbox/web/credentials.mts';
import { startWeb } from '../../sandbox/web/web.mts';
import { exampleFile, exampleNames, readExample } from '../end-to-end/examples.mts';
import { START_TIMEOUT_MS } from '../end-to-end/n8n.mts';
import { findChromium } from './browser.mts';
import { nodesOf, submission } from './operations.mts';
import { openStudio } from './start.mts';
import type { Studio } from './start.mts';

/** Without a browser there is nothing to drive; `npm test` says how many tests that leaves out. */
const describeEditor = findChromium() ? describe : describe.skip;

const TEXT = 'Good morning, and welcome to the show.';
const ACTION = 'Generate speech';

interface Provider {
	displayName: string;
	/** A list that a builder picks from: words to type, and the name that is picked then. */
	list: { parameter: string; words: string; pick: string };
	mimeType: string;
	/** Keys that the stand-in refuses, and what is said of each. */
	refusals: Array<{ apiKey: string; sentence: RegExp }>;
}

const WRONG_KEY = 'obviously-wrong-key';

const PROVIDERS: Provider[] = [
	{
		displayName: 'AI/ML API',
		list: { parameter: 'voice', words: 'cor', pick: 'Coral' },
		mimeType: 'audio/mpeg',
		refusals: [{ apiKey: WRONG_KEY, sentence: /did not accept the API key.*aimlapi\.com\/app\/keys/s }],
	},
	{
		displayName: 'Convai',
		list: { parameter: 'voice', words: 'young masculine', pick: 'Young US Masculine Voice' },
		mimeType: 'audio/wav',
		refusals: [
			{ apiKey: WRONG_KEY, sentence: /did not accept the API key.*dashboard of Convai/s },
			{ apiKey: `${RIGHT_KEY}.403-plan`, sentence: /the plan of the account/ },
		],
	},
	{
		displayName: 'Pixazo',
		list: { parameter: 'model', words: 'realtime', pick: 'VibeVoice Realtime 0.5B' },
		mimeType: 'audio/wav',
		refusals: [{ apiKey: WRONG_KEY, sentence: /did not accept the API key.*api-console\.pixazo\.ai/s }],
	},
	{
		displayName: 'Vimmerse',
		list: { parameter: 'voice', words: 'rach', pick: 'Rachel' },
		mimeType: 'audio/mpeg',
		refusals: [{ apiKey: WRONG_KEY, sentence: /did not accept the API key.*Vimmerse/s }],
	},
];

interface Output {
	audio: { durationSeconds: number };
	callback?: object;
}

/** What a node has put out for its first item. */
const jsonOf = ({ runData }: Execution, node: string) =>
	runData[node]?.[0]?.data?.main[0]?.[0]?.json as unknown as Output;

describeEditor('The editor', () => {
	let studio: Studio;
	let workflowId: string;

	beforeAll(async () => {
		studio = await openStudio('editor-tests');
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await studio?.stop();
	}, 60_000);

	beforeEach(async () => {
		studio.sandbox.reset();
		workflowId = await studio.newWorkflow();
	}, 60_000);

	describe.each(PROVIDERS)('$displayName', ({ displayName, list, mimeType, refusals }) => {
		test('is found by "text to speech", set up by hand, executed, and heard', async () => {
			const { editor, n8n } = studio;
			expect(await editor.searchNodes('text to speech')).toContain(displayName);
			await editor.addNode(displayName, ACTION);
			await editor.type('text', TEXT);
			await editor.pick(list.parameter, list.pick);

			await editor.execute();

			const played = await editor.play();
			const { audio } = jsonOf(await n8n.executionOf(workflowId), ACTION);
			expect(played.mimeType).toBe(mimeType);
			expect(Math.abs(played.durationSeconds - audio.durationSeconds)).toBeLessThan(0.1);
			expect(played.positionsSeconds[1]).toBeGreaterThan(played.positionsSeconds[0]);
		}, 120_000);

		test('has a list that opens, filters as one types, and picks', async () => {
			const { editor } = studio;
			await editor.searchNodes('text to speech');
			await editor.addNode(displayName, ACTION);

			const all = await editor.openList(list.parameter);
			const matching = await editor.filterList(list.words);
			await editor.pickFromList(list.pick);

			expect(matching.length).toBeLessThan(all.length);
			expect(matching).toContain(list.pick);
			expect(await editor.chosen(list.parameter)).toBe(list.pick);
		}, 120_000);

		test('has a credential whose test passes, or says what is wrong', async () => {
			const { editor } = studio;
			await editor.searchNodes('text to speech');
			await editor.addNode(displayName, ACTION);
			await editor.openCredential();

			for (const { apiKey, sentence } of refusals) expect(await editor.testKey(apiKey)).toMatch(sentence);
			expect(await editor.testKey(RIGHT_KEY)).toContain('Connection tested successfully');
		}, 120_000);
	});

	describe('Pixazo Trigger', () => {
		test('is found by "text to speech", shows where Pixazo has to call, and starts at a callback', async () => {
			const { editor, n8n } = studio;
			await editor.openEmptyCanvas();
			expect(await editor.searchNodes('text to speech')).toContain('Pixazo');
			await editor.addNode('Pixazo', 'On new Pixazo event');
			expect(await editor.readNotices()).toEqual([expect.stringContaining("'Callback URL' in the Options")]);
			expect(await editor.webhookUrl('production')).toMatch(/\/webhook\/[^/]+\/webhook$/);
			const testUrl = await editor.webhookUrl('test');

			await editor.listenForTest();
			const submitted = await studio.run([submission(`${testUrl}?ref=post-42`)]);
			await editor.untilExecuted();

			expect(submitted.status).toBe('success');
			expect((await editor.play()).mimeType).toBe('audio/wav');
			const { callback } = jsonOf(await n8n.executionOf(editor.workflowId()), 'Pixazo Trigger');
			expect(callback).toEqual({ query: { ref: 'post-42' } });
		}, 120_000);
	});

	describe('AI/ML API, whose models differ', () => {
		beforeEach(async () => {
			await studio.editor.searchNodes('text to speech');
			await studio.editor.addNode('AI/ML API', ACTION);
		}, 60_000);

		test('asks for a voice where the model has voices', async () => {
			const { editor } = studio;
			expect(await editor.chosen('model')).toBe('TTS-1');
			expect(await editor.shows('voice')).toBe(true);
			expect(await editor.shows('speakers')).toBe(false);
			expect(await editor.optionNames()).not.toContain('CFG Scale');
		}, 120_000);

		test('asks for speakers where the model has speakers', async () => {
			const { editor } = studio;
			await editor.pick('model', 'VibeVoice 7B');
			await editor.byId('fixed-collection-speakers').waitFor();
			expect(await editor.shows('voice')).toBe(false);
			expect(await editor.optionNames()).toContain('CFG Scale');
		}, 120_000);

		test('asks for the address of a sample once a speaker has one', async () => {
			const { editor } = studio;
			await editor.pick('model', 'VibeVoice 7B');
			await editor.addEntry('speakers');
			expect(await editor.shows('audioUrl')).toBe(false);
			await editor.select('source', 'Sample');
			expect(await editor.shows('audioUrl')).toBe(true);
			expect(await editor.shows('preset')).toBe(false);
		}, 120_000);
	});

	test('keeps the voice of a workflow that is opened, until another model is chosen', async () => {
		const { editor, sandbox } = studio;
		await studio.newWorkflow(nodesOf('aimlApi-speech-generate'));
		await editor.openNode(ACTION);
		await editor.execute();
		expect(await editor.chosen('voice')).toBe('Coral');
		const [request] = sandbox.requests({ operation: 'speech.generate' });
		expect(request?.spoken[0]?.voice).toBe('coral');

		await editor.pick('model', 'Octave 2');

		await editor.untilChosen('voice', '');
	}, 120_000);

	test('imports each example by file, with all its nodes, and a credential for each that needs one', async () => {
		const { editor, n8n } = studio;
		const web = await startWeb();
		for (const credential of webCredentials(web)) await n8n.createCredential(credential);
		await web.stop();

		for (const name of exampleNames) {
			await editor.importFromFile(exampleFile(name));

			const { nodes, unready } = await editor.readCanvas();

			const expected = readExample(name).nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
			expect({ name, nodes: nodes.sort() }).toEqual({
				name,
				nodes: expected.map((node) => node.name).sort(),
			});
			expect({ name, unready }).toEqual({ name, unready: [] });
		}
	}, 120_000);
});
