import { readdirSync, readFileSync } from 'node:fs';

import { countImports, drawArchitecture, PICTURE } from '../../../tools/architecture.mts';

const PAGE = readFileSync('docs/architecture.md', 'utf8');

test(`${PICTURE} shows the imports as they are (npm run docs:architecture)`, () => {
	expect(readFileSync(PICTURE, 'utf8')).toBe(drawArchitecture(countImports()));
});

test('the page names only files that exist', () => {
	const files = Array.from(PAGE.matchAll(/`((?:nodes|test|tools)\/[\w/]+\.m?ts)`/g), ([, path]) => path!);

	expect(files.length).toBeGreaterThan(10);
	for (const path of files) expect(() => readFileSync(path)).not.toThrow();
});

test.each(readdirSync('nodes/shared'))('nodes/shared/%s says in one line what it may import', (folder) => {
	const lines = readFileSync(`nodes/shared/${folder}/README.md`, 'utf8').trim().split('\n');

	expect(lines).toHaveLength(1);
	expect(lines[0]).toMatch(/\bimports?\b/);
});
