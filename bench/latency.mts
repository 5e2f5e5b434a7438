import type { Benchmark, Extent } from './benchmark.mts';
import { speech, speechByHttp } from './subjects.mts';
import { median, withSpread } from './statistics.mts';

const LATENCY_MS = 300;
const AUDIO_BYTES = 24_000;
const ITEMS: Record<Extent, number> = { whole: 200, smoke: 10 };
const CONCURRENCIES = [5, 10, 20];

export const latency: Benchmark = {
	name: 'latency',
	title: 'Many items, each of which takes a while',
	async run(stage, runs, extent) {
		const items = ITEMS[extent];
		stage.sandbox.configure({ latencyMs: LATENCY_MS, audioSizeBytes: AUDIO_BYTES });
		const ways = [
			...CONCURRENCIES.map((concurrency) => ({ concurrency, subject: speech({ concurrency }) })),
			{ concurrency: items, subject: speech({ concurrency: items }) },
			{ concurrency: items, subject: speechByHttp(stage) },
		].map((way) => ({
			...way,
			label: `${way.subject.label}, ${way.concurrency === items ? 'all' : way.concurrency} at once`,
			idealSeconds: (Math.ceil(items / way.concurrency) * LATENCY_MS) / 1000,
		}));
		for (const { subject } of ways.slice(-2)) await stage.measure(subject, items);

		const seconds = await stage.inTurn(
			runs,
			ways.map(({ label, subject }) => ({
				label,
				measure: async () => (await stage.measure(subject, items)).nodeSeconds,
			})),
		);
		const timesIdeal = ways.map(({ idealSeconds }, index) =>
			(seconds[index] ?? []).map((value) => value / idealSeconds),
		);
		const byHttp = median(seconds.at(-1) ?? []);
		return {
			method: `${items} items; each request is answered after ${LATENCY_MS} ms with ${AUDIO_BYTES / 1000} kB of WAV, which becomes a file in n8n. The ideal is what the requests alone take at that concurrency; the HTTP Request node sends all of them at once.`,
			columns: ['Node', 'Seconds', 'Times the ideal', 'Times HTTP Request'],
			rows: ways.map(({ label }, index) => [
				label,
				withSpread(seconds[index] ?? [], 2),
				withSpread(timesIdeal[index] ?? [], 2),
				(median(seconds[index] ?? []) / byHttp).toFixed(2),
			]),
			plot: {
				title: 'Time, in times the ideal at that concurrency',
				bars: ways.map(({ label, subject }, index) => ({
					label,
					isOurs: subject.label === 'This package',
					values: timesIdeal[index] ?? [],
				})),
				mark: { value: 1, label: 'ideal' },
			},
		};
	},
};
