/**
 * `npm run bench` runs every benchmark that needs only one n8n; `npm run bench -- <name> [--runs
 * 5]` runs one. Each writes its section of docs/benchmarks.md. `npm run bench -- --list` lists
 * them.
 */
import { parseArgs } from 'node:util';

import { reportFailure } from '../sandbox/setup.mjs';
import { BENCHMARKS, ON_ONE_N8N } from './benchmarks.mts';
import { writeSection } from './page.mts';

const USUAL_RUNS = 5;

// `process.exit` also ends the started servers; a signal alone would not.
process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { runs: { type: 'string' }, list: { type: 'boolean' } },
});

const names = positionals.length > 0 ? positionals : ON_ONE_N8N.map(({ name }) => name);
const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (values.list || unknown.length > 0) list();
else for (const name of names) await runOne(name);

async function runOne(wanted: string): Promise<void> {
	const benchmark = BENCHMARKS.find(({ name }) => name === wanted) as (typeof BENCHMARKS)[number];
	const runs = Number(values.runs ?? benchmark.usualRuns ?? USUAL_RUNS);
	try {
		const section = await writeSection(benchmark, await benchmark.run(runs, 'whole'), runs);
		process.stdout.write(`\n${section}\n`);
	} catch (error) {
		reportFailure(error);
		process.exitCode = 1;
	}
}

function list(): void {
	const lines = BENCHMARKS.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`);
	process.stdout.write(`npm run bench -- [<name> ...] [--runs ${USUAL_RUNS}]\n\n${lines.join('\n')}\n`);
	if (unknown.length > 0) process.exitCode = 1;
}
