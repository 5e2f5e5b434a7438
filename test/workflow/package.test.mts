import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

interface Packed {
	files: Array<{ path: string; size: number }>;
	unpackedSize: number;
}

/** Files that npm includes in every package, and files that n8n loads. */
const PUBLISHED = /^(package\.json|README\.md|LICENSE|dist\/(credentials|icons|nodes)\/.+)$/;

const [{ files }] = JSON.parse(
	execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	}),
) as [Packed];
const paths = files.map(({ path }) => path);

test('nothing is published but what n8n loads, and what npm adds to every package', () => {
	expect(paths.filter((path) => !PUBLISHED.test(path))).toEqual([]);
	expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']));
});

test('nothing is published that is not needed: no sources, maps, tests or pictures but the icons', () => {
	const shipped = paths.filter((path) => path.startsWith('dist/'));
	expect(shipped.filter((path) => !/\.(js|node\.json|svg|LICENSES\.txt)$/.test(path))).toEqual([]);
});

test('every node and credential of package.json is in it, with its icons', () => {
	const { n8n } = JSON.parse(readFileSync('package.json', 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	expect(paths).toEqual(expect.arrayContaining([...n8n.nodes, ...n8n.credentials]));
	for (const path of n8n.nodes) {
		const source = readFileSync(path, 'utf8');
		const icons = Array.from(source.matchAll(/icons\/([\w.]+\.svg)/g), ([, name]) => `dist/icons/${name}`);
		expect(icons).toHaveLength(2);
		expect(paths).toEqual(expect.arrayContaining(icons));
		expect(existsSync(path.replace(/\.js$/, '.json'))).toBe(true);
	}
});
