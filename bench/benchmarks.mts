import type { Benchmark, Extent, Findings } from './benchmark.mts';
import { downloads } from './downloads.mts';
import { growth } from './growth.mts';
import { jobs } from './jobs.mts';
import { latency } from './latency.mts';
import { long } from './long.mts';
import { overhead } from './overhead.mts';
import { queue } from './queue.mts';
import { openQueueStage } from './queueStage.mts';
import { rateLimit } from './rateLimit.mts';
import { openStage } from './stage.mts';

/** Benchmarks that share one n8n: `npm run bench` runs them all. */
export const ON_ONE_N8N: Benchmark[] = [latency, overhead, growth, downloads, long, rateLimit, jobs];

/** All benchmarks; each opens and closes the stage that it needs. */
export const BENCHMARKS = [
	...ON_ONE_N8N.map((benchmark) => on(openStage, benchmark)),
	on(openQueueStage, queue),
];

function on<Stage extends { stop(): Promise<void> }>(
	open: () => Promise<Stage>,
	benchmark: Benchmark<Stage>,
) {
	return {
		...benchmark,
		async run(runs: number, extent: Extent): Promise<Findings> {
			const stage = await open();
			try {
				return await benchmark.run(stage, runs, extent);
			} finally {
				await stage.stop();
			}
		},
	};
}
