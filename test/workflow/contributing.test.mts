/**
 * Makes the steps of CONTRIBUTING.md in copies of the repository, and runs the page's own commands there. A provider is added by
 * adding files, without a change to any other file. A model, an operation and an option are added by the changes that the page
 * shows.
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

/** Enough for builds and tests on two cores that are shared with other work. */
jest.setTimeout(5 * 60_000);

const PAGE = readFileSync('CONTRIBUTING.md', 'utf8');

const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
	.split('\0')
	.filter((path) => path !== '' && existsSync(path));

/** The page from a heading up to the next of the same level, or up to another heading. */
function sectionOf(heading: string, end = '\n## '): string {
	const start = PAGE.indexOf(`## ${heading}\n`);
	if (start < 0) throw new Error(`CONTRIBUTING.md has no section "${heading}"`);
	return PAGE.slice(start, PAGE.indexOf(end, start + 1));
}

interface Step {
	path: string;
	language: string;
	text: string;
}

/** The steps of a section: a heading with the path, and the first block of code below it. */
function stepsOf(section: string): Step[] {
	return section.split(/^#{3,4} (?=`)/m).flatMap((part, index) => {
		if (index === 0) return [];
		const [, path] = /^`([^`]+)`$/m.exec(part) ?? [];
		const [, , language, text] = /^(`{3,})(\w*)\n(.*?)^\1$/ms.exec(part) ?? [];
		if (!path || !text) throw new Error(`CONTRIBUTING.md shows no file under "${part.split('\n')[0]}"`);
		return [{ path, language: language ?? '', text }];
	});
}

/** The commands of the section's last block of shell code. */
function commandsOf(section: string): string[] {
	const [, commands = ''] = Array.from(section.matchAll(/^```sh\n(.*?)^```$/gms)).at(-1) ?? [];
	return commands.split('\n').flatMap((line) => line.replace(/ #.*/, '').trim() || []);
}

/** A copy of the repository in which steps of the page have been made. */
function copyWith(steps: Step[]): string {
	const copy = mkdtempSync(join(tmpdir(), 'narration-contributing-'));
	for (const path of tracked) cpSync(path, join(copy, path));
	symlinkSync(resolve('node_modules'), join(copy, 'node_modules'), 'junction');
	for (const { path, language, text } of steps) {
		const target = join(copy, path);
		if (language === 'diff') {
			writeFileSync(target, changed(readFileSync(target, 'utf8'), text, path));
		} else {
			mkdirSync(dirname(target), { recursive: true });
			writeFileSync(target, text);
		}
	}
	return copy;
}

/** The text after a change. `@@` separates its hunks; the existing lines of each occur once. */
function changed(text: string, diff: string, path: string): string {
	return diff.split(/^@@\n/m).reduce((current, hunk) => {
		const lines = hunk.split('\n').filter((line) => line !== '');
		const withSign = (signs: string) =>
			lines.flatMap((line) => (signs.includes(line.charAt(0)) ? `${line.slice(1)}\n` : [])).join('');
		const before = withSign(' -');
		if (current.split(before).length !== 2) {
			throw new Error(`CONTRIBUTING.md shows lines that are not in ${path} exactly once:\n${before}`);
		}
		return current.replace(before, () => withSign(' +'));
	}, text);
}

/** Runs a command of the page in a copy, and returns what it prints. */
async function run(copy: string, command: string): Promise<string> {
	// Jest sets NODE_ENV to test, with which n8n's linter applies all rules to all files.
	const { NODE_ENV, ...env } = process.env;
	return await promisify(exec)(command, { cwd: copy, env }).then(
		({ stdout, stderr }) => stdout + stderr,
		({ stdout, stderr }: { stdout: string; stderr: string }) => {
			throw new Error(`${command} failed in the copy:\n${stdout}\n${stderr}`);
		},
	);
}

/** Runs commands one after the other, and returns what they print. */
async function runAll(copy: string, commands: string[]): Promise<string> {
	let output = '';
	for (const command of commands) output += await run(copy, command);
	return output;
}

const changedIn = (copy: string) =>
	tracked.filter((path) => !readFileSync(path).equals(readFileSync(join(copy, path))));

describe('a provider', () => {
	const SECTION = sectionOf('Adding a provider is a folder', '### To go further');
	const FILES = stepsOf(SECTION);
	const PATHS = FILES.map(({ path }) => path);

	let copy: string;
	beforeAll(() => {
		copy = copyWith(FILES);
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
		await run(copy, `npx prettier --check ${formatted.join(' ')}`);
	});

	test("the page's commands pass: the build, n8n's rules, the house rules and the new provider's own tests", async () => {
		const lines = commandsOf(SECTION);
		expect(lines).toHaveLength(4);

		const output = await runAll(copy, lines);

		expect(output).toMatch(/PASS workflow test\/workflow\/acmeVoice.test.mts/);
		expect(output).toMatch(/PASS unit test\/unit\/floors.test.mts/);
	});

	test('of the files that were there, only what is made from the folders has changed', () => {
		expect(changedIn(copy)).toEqual(['docs/README.md', 'docs/pictures/architecture.svg', 'package.json']);

		const before = manifestIn('.');
		const after = manifestIn(copy);
		expect(after.n8n.nodes).toContain('dist/nodes/AcmeVoice/AcmeVoice.node.js');
		expect(after.n8n.credentials).toContain('dist/credentials/AcmeVoiceApi.credentials.js');
		for (const list of ['nodes', 'credentials'] as const)
			after.n8n[list] = after.n8n[list].filter((path) => !path.includes('Acme'));
		expect(after).toEqual(before);
	});
});

function manifestIn(folder: string): { n8n: Record<'nodes' | 'credentials', string[]> } {
	return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Each recipe of changes: its heading, and what its commands have to print. */
const RECIPES: Array<{ heading: string; passes: RegExp[] }> = [
	{
		heading: 'Adding a model is a row',
		passes: [
			/PASS unit test\/unit\/AimlApi\/models.test.mts/,
			/PASS workflow test\/workflow\/pixazo.test.mts/,
		],
	},
	{
		heading: 'Adding an operation is a file',
		passes: [/PASS unit test\/unit\/floors.test.mts/, /PASS workflow test\/workflow\/aimlApiDetail.test.mts/],
	},
	{
		heading: 'Adding an option for all providers is a row',
		passes: [
			/PASS unit test\/unit\/shared\/run\/options.test.mts/,
			/PASS workflow test\/workflow\/closing.test.mts/,
		],
	},
];

describe.each(RECIPES)('$heading', ({ heading, passes }) => {
	const section = sectionOf(heading);
	const steps = stepsOf(section);

	let copy: string;
	beforeAll(() => {
		copy = copyWith(steps);
	});
	afterAll(() => rmSync(copy, { recursive: true, force: true }));

	test('the changed files are formatted as the others are', async () => {
		await run(copy, `npx prettier --check ${steps.map(({ path }) => path).join(' ')}`);
	});

	test("the page's commands pass", async () => {
		const output = await runAll(copy, commandsOf(section));

		for (const pattern of passes) expect(output).toMatch(pattern);
	});
});
