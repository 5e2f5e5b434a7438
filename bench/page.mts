import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

import { projectDirectory } from '../sandbox/setup.mjs';
import type { Benchmark, Findings } from './benchmark.mts';
import { svgOf } from './plot.mts';

const DOCS = join(projectDirectory, 'docs');
const PAGE = join(DOCS, 'benchmarks.md');
const plotOf = (name: string) => `pictures/benchmark-${name}.svg`;
const HEAD = `# Benchmarks

\`npm run bench\` runs all that one n8n is enough for, in about an hour, and \`npm run bench -- <name>\` one of them; they start the sandbox and a real n8n. Where there were
several runs, a value is their median, with the smallest and the largest in brackets. Ratios carry over to other machines, seconds do not. What is compared is measured in turn, on the same machine in the same run.
`;

/** The class of this machine: cores and memory, without its name. */
function machine(): string {
	const cores = cpus().length;
	return `${cores} ${cores === 1 ? 'core' : 'cores'}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, Node ${process.versions.node}`;
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

type NamedBenchmark = Pick<Benchmark, 'name' | 'title'>;

/** One section of the page, starting with its heading. */
export function sectionOf(
	{ name, title }: NamedBenchmark,
	{ method, columns, rows, plot }: Findings,
	runs: number,
): string {
	const picture = plot ? [`![${plot.title}](${plotOf(name)})`, ''] : [];
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
		...picture,
	].join('\n');
}

/** Replaces the section with the same heading, or appends the section to the page. */
export async function writeSection(
	benchmark: NamedBenchmark,
	findings: Findings,
	runs: number,
): Promise<string> {
	const section = sectionOf(benchmark, findings, runs);
	if (findings.plot) await writeFile(join(DOCS, plotOf(benchmark.name)), svgOf(findings.plot));
	const page = await readFile(PAGE, 'utf8').catch(() => '');
	const heading = section.slice(0, section.indexOf('\n'));
	const [, ...others] = page.split(/^(?=## )/m);
	const isThere = others.some((other) => other.startsWith(`${heading}\n`));
	const sections = isThere
		? others.map((other) => (other.startsWith(`${heading}\n`) ? section : other))
		: [...others, section];
	await mkdir(dirname(PAGE), { recursive: true });
	const whole = [HEAD, ...sections].map((text) => `${text.trimEnd()}\n`).join('\n');
	// Imported here because jest also reads this file and cannot load it.
	const { format, resolveConfig } = await import('prettier');
	await writeFile(PAGE, await format(whole, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
	return section;
}
