import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import type { ILoadOptionsFunctions, INodeType } from 'n8n-workflow';

import { ConvaiApi } from '../../credentials/ConvaiApi.credentials';
import { Convai } from '../../nodes/Convai/Convai.node';
import { RIGHT_KEY, startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { helperFor } from './credentialsHelper.mts';

const require = createRequire(resolve('package.json'));
require('reflect-metadata');
const { LoadOptionsContext } = require('n8n-core') as typeof import('n8n-core');
const { Workflow } = require('n8n-workflow') as typeof import('n8n-workflow');

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const convai = new Convai();

/** Loads the drop-down as n8n does. */
async function search(typed?: string, page?: string, apiKey = RIGHT_KEY) {
	const node = {
		id: 'convai',
		name: 'Convai',
		type: 'convai',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { resource: 'speech', operation: 'generate' },
		credentials: { convaiApi: { id: 'credential', name: 'credential' } },
	};
	const nodeType = convai as unknown as INodeType;
	const nodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const secrets = { baseUrl: sandbox.urls.convai, apiKey };
	const context = new LoadOptionsContext(
		new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes }),
		node,
		{ credentialsHelper: new (helperFor(new ConvaiApi(), secrets))() } as never,
		'parameters.voice',
	);
	return await convai.methods.listSearch.searchVoices.call(
		context as unknown as ILoadOptionsFunctions,
		typed,
		page,
	);
}

test('lists all voices for production, a page at a time', async () => {
	const values: unknown[] = [];
	let page: string | undefined;
	do {
		const { results, paginationToken } = await search(undefined, page);
		values.push(...results.map(({ value }) => value));
		page = paginationToken as string | undefined;
	} while (page);

	expect(new Set(values).size).toBe(384);
	expect(values).not.toContain('SandboxDevelopmentVoice');
});

test.each(['de-DE', 'wumale 1', 'elevenlabs middle-aged', 'GCP female'])(
	'finds by name, ID, language, gender and section: %s',
	async (typed) => {
		const { results } = await search(typed);
		expect(results.length).toBeGreaterThan(0);
		for (const { name, value, description } of results) {
			const found = `${name} ${value} ${description}`.toLowerCase();
			for (const word of typed.toLowerCase().split(' ')) expect(found).toContain(word);
		}
	},
);

test('leads to a sample of each voice', async () => {
	const { results } = await search('WUMale 1');
	expect(results.map(({ url }) => url)).toEqual([expect.stringMatching(/^https:\/\/.+WUMale.+\.wav$/)]);
});

test('finds nothing where nothing is', async () => {
	const { results } = await search('klingon');
	expect(results).toEqual([]);
});

test('E.34: says which plan has the list', async () => {
	sandbox.scenario({ provider: 'convai', operation: 'voice.getAll', status: 403, kind: 'plan' });
	await expect(search()).rejects.toThrow('the voice list the Professional plan');
});

test('says that the key is refused', async () => {
	await expect(search(undefined, undefined, 'wrong-key')).rejects.toThrow(
		"Check 'API Key' in the Convai credential.",
	);
});
