/** `npm run bench` lists the benchmarks, `npm run bench -- <name> [--runs 5]` runs one and writes its section of docs/benchmarks.md. */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';

import { projectDirectory, reportFailure } from '../sandbox/setup.mjs';
import type { Benchmark, Findings } from './benchmark.mts';
import { long } from './long.mts';
import { sectionOf, writeSection } from './page.mts';
import { queue } from './queue.mts';
import { openQueueStage } from './queueStage.mts';
import { openStage } from './stage.mts';

const USUAL_RUNS = 5;

const BENCHMARKS = [on(openStage, long), on(openQueueStage, queue)];

/** A benchmark that sets up its own stage, and clears it away. */
function on<Stage extends { close(): Promise<void> }>(
	open: () => Promise<Stage>,
	benchmark: Benchmark<Stage>,
) {
	return {
		...benchmark,
		async run(runs: number): Promise<Findings> {
			const stage = await open();
			try {
				return await benchmark.run(stage, runs);
			} finally {
				await stage.close();
			}
		},
	};
}

async function runOne(benchmark: (typeof BENCHMARKS)[number], runs: number): Promise<void> {
	const section = sectionOf(benchmark, await benchmark.run(runs), runs);
	process.stdout.write(
		`\n${section}\nWritten to ${relative(projectDirectory, await writeSection(section))}\n`,
	);
}

function list(): void {
	const lines = BENCHMARKS.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`);
	process.stdout.write(`npm run bench -- <name> [--runs 5]\n\n${lines.join('\n')}\n`);
}

// Only an orderly exit ends the servers that were started.
process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { runs: { type: 'string' } },
});
const chosen = BENCHMARKS.find(({ name }) => name === positionals[0]);
if (chosen) {
	await runOne(chosen, Number(values.runs ?? chosen.usualRuns ?? USUAL_RUNS)).catch((error: unknown) => {
		reportFailure(error);
		process.exitCode = 1;
	});
} else {
	list();
	if (positionals.length > 0) process.exitCode = 1;
}
