import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

import { projectDirectory } from '../sandbox/setup.mjs';
import type { Benchmark, Findings } from './benchmark.mts';

const PAGE = join(projectDirectory, 'docs', 'benchmarks.md');
const HEAD = `# Benchmarks

Each table is the output of one command, which anyone can run; it starts the sandbox and a real n8n. Values are medians of several runs,
with the smallest and the largest in brackets. Ratios carry over to other machines, seconds do not.
`;

/** The class of this machine: cores and memory, not its name. */
function machine(): string {
	const cores = cpus().length;
	return `${cores} ${cores === 1 ? 'core' : 'cores'}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, Node ${process.versions.node}`;
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** One section of the page, from its heading on. */
export function sectionOf(
	{ name, title }: Pick<Benchmark, 'name' | 'title'>,
	{ method, columns, rows }: Findings,
	runs: number,
): string {
	return [
		`## ${title}`,
		'',
		`\`npm run bench -- ${name}\`, ${runs} ${runs === 1 ? 'run' : 'runs'}; ${machine()}.`,
		'',
		method,
		'',
		row(columns),
		row(columns.map(() => '---')),
		...rows.map(row),
		'',
	].join('\n');
}

/** Puts a section in the place of the one with the same heading, or at the end of the page. */
export async function writeSection(section: string): Promise<string> {
	const page = await readFile(PAGE, 'utf8').catch(() => HEAD);
	const heading = section.slice(0, section.indexOf('\n'));
	const [head = HEAD, ...others] = page.split(/^(?=## )/m);
	const isThere = others.some((other) => other.startsWith(`${heading}\n`));
	const sections = isThere
		? others.map((other) => (other.startsWith(`${heading}\n`) ? section : other))
		: [...others, section];
	await mkdir(dirname(PAGE), { recursive: true });
	await writeFile(PAGE, [head, ...sections].map((text) => `${text.trimEnd()}\n`).join('\n'));
	return PAGE;
}
