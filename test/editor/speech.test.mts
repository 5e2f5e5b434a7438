import { RIGHT_KEY } from '../../sandbox/sandbox.mts';
import { START_TIMEOUT_MS } from '../end-to-end/n8n.mts';
import { openStudio } from './start.mts';
import type { Studio } from './start.mts';

let studio: Studio;

beforeAll(async () => {
	studio = await openStudio('editor-tests');
}, START_TIMEOUT_MS);

afterAll(async () => {
	await studio?.stop();
}, 60_000);

beforeEach(async () => {
	studio.sandbox.reset();
	await studio.newWorkflow();
});

jest.setTimeout(90_000);

const TEXT = 'Good morning, and welcome to the show.';

interface Provider {
	displayName: string;
	/** The list that a builder picks from: words to type, and the name that is picked then. */
	list: { parameter: string; words: string; pick: string };
	mimeType: string;
	refusal: RegExp;
}

const PROVIDERS: Provider[] = [
	{
		displayName: 'AI/ML API',
		list: { parameter: 'voice', words: 'cor', pick: 'coral' },
		mimeType: 'audio/mpeg',
		refusal: /AI\/ML API did not accept the API key.*aimlapi\.com/s,
	},
	{
		displayName: 'Convai',
		list: { parameter: 'voice', words: 'young masculine', pick: 'Young US Masculine Voice' },
		mimeType: 'audio/wav',
		refusal: /Convai.* the API key.*dashboard/s,
	},
	{
		displayName: 'Pixazo',
		list: { parameter: 'model', words: 'realtime', pick: 'VibeVoice Realtime 0.5B' },
		mimeType: 'audio/wav',
		refusal: /Pixazo did not accept the API key.*api-console\.pixazo\.ai/s,
	},
	{
		displayName: 'Vimmerse',
		list: { parameter: 'voice', words: 'rach', pick: 'Rachel' },
		mimeType: 'audio/mpeg',
		refusal: /Vimmerse did not accept the API key/,
	},
];

describe.each(PROVIDERS)('$displayName in the editor', ({ displayName, list, mimeType, refusal }) => {
	test('is found by "text to speech", set up with mouse and keyboard, executed, and its audio plays', async () => {
		const { editor } = studio;
		expect(await editor.searchNodes('text to speech')).toContain(displayName);
		await editor.addNode(displayName, 'Generate speech');
		await editor.type('text', TEXT);
		await editor.pick(list.parameter, list.pick);

		await editor.execute();

		const { durationSeconds, positionsSeconds, mimeType: played } = await editor.play();
		expect(played).toBe(mimeType);
		expect(durationSeconds).toBeGreaterThan(1);
		expect(durationSeconds).toBeLessThan(10);
		expect(positionsSeconds[1]).toBeGreaterThan(positionsSeconds[0]);
	});

	test('has a list that opens, filters as one types, and picks', async () => {
		const { editor } = studio;
		await editor.searchNodes('text to speech');
		await editor.addNode(displayName, 'Generate speech');

		const all = await editor.openList(list.parameter);
		const matching = await editor.filterList(list.words);
		expect(matching.length).toBeLessThan(all.length);
		expect(matching).toContain(list.pick);
		await editor.pickFromList(list.pick);

		expect(await editor.chosen(list.parameter)).toBe(list.pick);
	});

	test('has a credential that is tested when it is saved', async () => {
		const { editor } = studio;
		await editor.searchNodes('text to speech');
		await editor.addNode(displayName, 'Generate speech');
		await editor.openCredential();

		expect(await editor.testKey('obviously-wrong-key')).toMatch(refusal);
		expect(await editor.testKey(RIGHT_KEY)).toContain('Connection tested successfully');
	});
});
