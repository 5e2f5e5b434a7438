/**
 * What CONTRIBUTING.md promises: a provider is added by adding files, and no file that is there has to be changed. The files are
 * taken from that page and added to a copy of the repository, where the checks are run.
 */
import { exec, execFileSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** On two cores, with others at work. */
jest.setTimeout(5 * 60_000);

const PAGE = readFileSync('CONTRIBUTING.md', 'utf8');
const SECTION = PAGE.slice(
	PAGE.indexOf('## Adding a provider is a folder'),
	PAGE.indexOf('### To go further'),
);

/** The page's files: a heading with the path, and the first block of code below it. */
const FILES = SECTION.split(/^### /m)
	.slice(1)
	.map((part) => {
		const [, path] = /^`([^`]+)`$/m.exec(part) ?? [];
		const [, , text] = /^(`{3,})\w*\n(.*?)^\1$/ms.exec(part) ?? [];
		if (!path || !text) throw new Error(`CONTRIBUTING.md shows no file under "${part.split('\n')[0]}"`);
		return { path, text };
	});
const PATHS = FILES.map(({ path }) => path);

const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
	.split('\0')
	.filter((path) => path !== '' && existsSync(path));

let copy: string;

/** What a command of the page prints, run in the copy. */
const run = async (command: string): Promise<string> => {
	// Jest sets NODE_ENV to test, with which n8n's linter holds all rules against all files.
	const { NODE_ENV, ...env } = process.env;
	return await promisify(exec)(command, { cwd: copy, env }).then(
		({ stdout, stderr }) => stdout + stderr,
		({ stdout, stderr }: { stdout: string; stderr: string }) => {
			throw new Error(`${command} failed in the copy:\n${stdout}\n${stderr}`);
		},
	);
};

beforeAll(() => {
	copy = mkdtempSync(join(tmpdir(), 'narration-fifth-'));
	for (const path of tracked) cpSync(path, join(copy, path));
	symlinkSync(resolve('node_modules'), join(copy, 'node_modules'), 'junction');
	for (const { path, text } of FILES) {
		mkdirSync(dirname(join(copy, path)), { recursive: true });
		writeFileSync(join(copy, path), text);
	}
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the list of files on the page is that of the files shown below it', () => {
	const table = SECTION.split('\n').filter((line) => line.startsWith('| `'));
	const listed = table.flatMap((line) =>
		Array.from(line.split('|')[1]!.matchAll(/`([^`]+)`/g), ([, path]) => path!),
	);

	expect([...listed].sort()).toEqual([...PATHS].sort());
	expect(PATHS).toHaveLength(11);
});

test('none of the files is there already: nothing has to be changed', () => {
	expect(PATHS.filter((path) => existsSync(path))).toEqual([]);
});

test('the files are formatted as the others are', async () => {
	const formatted = PATHS.filter((path) => !path.endsWith('.svg'));
	await run(`npx prettier --check ${formatted.join(' ')}`);
});

test("the page's commands pass: the build, n8n's rules, the house rules and the new provider's own tests", async () => {
	const [, commands = ''] = /^Then:\n+```sh\n(.*?)^```$/ms.exec(SECTION) ?? [];
	const lines = commands.split('\n').flatMap((line) => line.replace(/#.*/, '').trim() || []);
	expect(lines).toHaveLength(3);

	let output = '';
	for (const line of lines) output = await run(line);

	expect(output).toMatch(/PASS workflow test\/workflow\/acmeVoice.test.mts/);
	expect(output).toMatch(/PASS unit test\/unit\/floors.test.mts/);
});

test('of the files that were there, only the lists that are made from folders have changed', () => {
	const changed = tracked.filter((path) => !readFileSync(path).equals(readFileSync(join(copy, path))));
	expect(changed).toEqual(['docs/README.md', 'package.json']);

	const before = manifestIn('.');
	const after = manifestIn(copy);
	expect(after.n8n.nodes).toContain('dist/nodes/AcmeVoice/AcmeVoice.node.js');
	expect(after.n8n.credentials).toContain('dist/credentials/AcmeVoiceApi.credentials.js');
	for (const list of ['nodes', 'credentials'] as const)
		after.n8n[list] = after.n8n[list].filter((path) => !path.includes('Acme'));
	expect(after).toEqual(before);
});

function manifestIn(folder: string): { n8n: Record<'nodes' | 'credentials', string[]> } {
	return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
