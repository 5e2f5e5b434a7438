import type { Benchmark, Extent } from './benchmark.mts';
import { speech } from './subjects.mts';
import { median, withSpread } from './statistics.mts';

const COUNTS: Record<Extent, number[]> = { whole: [100, 1_000, 10_000], smoke: [10, 20] };
const AUDIO_BYTES = 4_800;

export const growth: Benchmark = {
	name: 'growth',
	title: 'As the work grows',
	async run(stage, runs, extent) {
		const counts = COUNTS[extent];
		stage.sandbox.configure({ audioSizeBytes: AUDIO_BYTES });
		for (let run = 0; run < 3; run += 1) await stage.measure(speech({}), counts[1]);
		const found = await stage.inTurn(
			runs,
			counts.map((count) => ({
				label: `${count.toLocaleString('en')} items`,
				measure: async () => {
					stage.sandbox.reset();
					stage.sandbox.configure({ audioSizeBytes: AUDIO_BYTES });
					const { nodeSeconds, grownBytes } = await stage.measure(speech({}), count);
					return {
						milliseconds: (nodeSeconds * 1000) / count,
						kilobytes: grownBytes === null ? [] : [grownBytes / 1000 / count],
					};
				},
			})),
		);
		const milliseconds = found.map((all) => all.map((one) => one.milliseconds));
		const kilobytes = found.map((all) => all.flatMap((one) => one.kilobytes));
		const toFirst = (values: number[][], index: number) =>
			(median(values[index] ?? []) / median(values[0] ?? [])).toFixed(2);
		return {
			method: `Items answered at once with a file of ${AUDIO_BYTES / 1000} kB, in one run of the node. Memory is what n8n's resident memory rises by at its peak during the whole execution: the output of the node and what n8n makes of it when it saves it.`,
			columns: [
				'Items',
				'Milliseconds per item',
				'Times the first row',
				'Memory per item (kB)',
				'Times the first row',
			],
			rows: counts.map((count, index) => [
				count.toLocaleString('en'),
				withSpread(milliseconds[index] ?? [], 2),
				toFirst(milliseconds, index),
				withSpread(kilobytes[index] ?? [], 1),
				toFirst(kilobytes, index),
			]),
			plot: {
				title: 'Milliseconds per item',
				bars: counts.map((count, index) => ({
					label: `${count.toLocaleString('en')} items`,
					isOurs: true,
					values: milliseconds[index] ?? [],
				})),
			},
		};
	},
};
