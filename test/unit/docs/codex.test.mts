import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Codex {
	node: string;
	categories: string[];
	alias: string[];
	resources: Record<'primaryDocumentation' | 'credentialDocumentation', Array<{ url: string }>>;
}

const NODES = readdirSync('nodes', { recursive: true, encoding: 'utf8' })
	.filter((path) => path.endsWith('.node.ts'))
	.map((path) => join('nodes', path));
const codexOf = (node: string) => JSON.parse(readFileSync(node.replace(/ts$/, 'json'), 'utf8')) as Codex;

/** The words that people search the nodes panel for. */
const SEARCHED = ['text to speech', 'tts', 'speech', 'audio'];

test.each(NODES)('%s has a codex file, under the name that n8n knows the node by', (node) => {
	expect(existsSync(node.replace(/ts$/, 'json'))).toBe(true);
	const [, name] = /\bname: '(\w+)'/.exec(readFileSync(node, 'utf8'))!;
	expect(codexOf(node).node).toBe(`n8n-nodes-narration.${name}`);
});

test.each(NODES)('%s is found by the words that people search for', (node) => {
	expect(codexOf(node).alias).toEqual(expect.arrayContaining(SEARCHED));
});

test.each(NODES)('%s is in no category that n8n leaves out of the nodes panel', (node) => {
	expect(codexOf(node).categories).not.toContain('AI');
	expect(codexOf(node).categories.length).toBeGreaterThan(0);
});

test.each(NODES)('%s links to its own page', (node) => {
	const [{ url }] = codexOf(node).resources.primaryDocumentation as [{ url: string }];
	expect(url).toContain('/blob/main/docs/');
});
