/** `npm run bench` lists the benchmarks, `npm run bench -- <name> [--runs 5]` runs one and writes its section of docs/benchmarks.md. */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';

import { projectDirectory, reportFailure } from '../sandbox/setup.mjs';
import type { Benchmark } from './benchmark.mts';
import { long } from './long.mts';
import { sectionOf, writeSection } from './page.mts';
import { openStage } from './stage.mts';

const BENCHMARKS: Benchmark[] = [long];

async function runOne(benchmark: Benchmark, runs: number): Promise<void> {
	const stage = await openStage();
	try {
		const section = sectionOf(benchmark, await benchmark.run(stage, runs), runs);
		process.stdout.write(
			`\n${section}\nWritten to ${relative(projectDirectory, await writeSection(section))}\n`,
		);
	} finally {
		await stage.close();
	}
}

function list(): void {
	const lines = BENCHMARKS.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`);
	process.stdout.write(`npm run bench -- <name> [--runs 5]\n\n${lines.join('\n')}\n`);
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { runs: { type: 'string', default: '5' } },
});
const chosen = BENCHMARKS.find(({ name }) => name === positionals[0]);
if (chosen) {
	await runOne(chosen, Number(values.runs)).catch((error: unknown) => {
		reportFailure(error);
		process.exitCode = 1;
	});
} else {
	list();
	if (positionals.length > 0) process.exitCode = 1;
}
