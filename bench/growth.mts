import type { Benchmark, Extent } from './benchmark.mts';
import { AFRESH, type Stage } from './stage.mts';
import { grownMegabytes, median, withSpread } from './statistics.mts';
import { speech } from './subjects.mts';

const COUNTS: Record<Extent, number[]> = { whole: [100, 1_000, 10_000], smoke: [10, 20] };
const WARM_UP_ITEMS: Record<Extent, number> = { whole: 100, smoke: 10 };
const WARM_UP_RUNS = 3;
const AUDIO_BYTES = 4_800;

function setAnswers({ sandbox }: Stage): void {
	sandbox.reset();
	sandbox.configure({ audioSizeBytes: AUDIO_BYTES });
}

async function millisecondsPerItem(stage: Stage, count: number): Promise<number> {
	setAnswers(stage);
	return ((await stage.measure(speech({}), count)).nodeSeconds * 1000) / count;
}

/** In MB; empty where the system does not report it. */
async function growthOf(stage: Stage, count: number, warmUpItems: number): Promise<number[]> {
	setAnswers(stage);
	const warmUp = () => stage.measure(speech({}), warmUpItems);
	await stage.startAfresh(warmUp);
	// Startup leaves hundreds of megabytes of garbage, and all work would fit into that memory.
	await stage.collectGarbage();
	return grownMegabytes(await stage.measure(speech({}), count));
}

const times = (values: number[], reference: number[]) =>
	values.length === 0 ? 'not measured' : (median(values) / median(reference)).toFixed(2);

export const growth: Benchmark = {
	name: 'growth',
	title: 'As the work grows',
	async run(stage, runs, extent) {
		const counts = COUNTS[extent];
		const label = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'item' : 'items'}`;
		for (let run = 0; run < WARM_UP_RUNS; run += 1) await millisecondsPerItem(stage, counts[1] ?? 1);
		const milliseconds = await stage.inTurn(
			runs,
			counts.map((count) => ({ label: label(count), measure: () => millisecondsPerItem(stage, count) })),
		);
		const measured = await stage.inTurn(
			runs,
			[1, ...counts].map((count) => ({
				label: `Memory: ${label(count)}`,
				measure: () => growthOf(stage, count, WARM_UP_ITEMS[extent]),
			})),
		);
		const [alone = [], ...megabytes] = measured.map((all) => all.flat());
		const kilobytesMore = megabytes.map((all, index) => {
			const [fewer, items] = [megabytes[index - 1] ?? alone, counts[index - 1] ?? 1];
			return all.map(
				(value, run) => ((value - (fewer[run] ?? NaN)) * 1000) / ((counts[index] ?? NaN) - items),
			);
		});
		const timesFirst = (values: number[][], index: number) => times(values[index] ?? [], values[0] ?? []);
		return {
			method: `Items answered at once with a file of ${AUDIO_BYTES / 1000} kB, in one run of the node. The time is that of an n8n that has done this before. ${AFRESH} Here it is warmed up with ${label(WARM_UP_ITEMS[extent])}, and collects its garbage. A run of one item lets it grow by ${withSpread(alone, 0)} MB. So memory is not divided by the number of items, but counted for every item more than in the row above, and in the first row for every item more than one. Much of it is garbage that Node has had no need to collect.`,
			columns: [
				'Items',
				'Milliseconds per item',
				'Times the first row',
				'Growth of resident memory (MB)',
				'Memory for every item more (kB)',
				'Times the first row',
			],
			rows: counts.map((count, index) => [
				count.toLocaleString('en'),
				withSpread(milliseconds[index] ?? [], 2),
				timesFirst(milliseconds, index),
				withSpread(megabytes[index] ?? [], 0),
				withSpread(kilobytesMore[index] ?? [], 0),
				timesFirst(kilobytesMore, index),
			]),
			plot: {
				title: 'Milliseconds per item',
				bars: counts.map((count, index) => ({
					label: label(count),
					isOurs: true,
					values: milliseconds[index] ?? [],
				})),
			},
		};
	},
};
