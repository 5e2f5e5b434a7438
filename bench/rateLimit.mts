import type { Benchmark, Extent } from './benchmark.mts';
import type { Stage } from './stage.mts';
import { speech, speechByHttp, type Subject } from './subjects.mts';
import { withSpread } from './statistics.mts';

const REQUESTS_PER_SECOND = 5;
const LATENCY_MS = 100;
const AUDIO_BYTES = 24_000;
const ITEMS: Record<Extent, number> = { whole: 200, smoke: 20 };

interface Run {
	completed: number;
	seconds: number;
	refused: number;
	/** As a share of the provider's limit for that time, after the initial burst of one second. */
	shareOfRate: number;
}

async function narrate(stage: Stage, subject: Subject, items: number): Promise<Run> {
	stage.sandbox.reset();
	stage.sandbox.configure({
		requestsPerSecond: REQUESTS_PER_SECOND,
		latencyMs: LATENCY_MS,
		audioSizeBytes: AUDIO_BYTES,
	});
	const { items: output, nodeSeconds } = await stage.measure(subject, items);
	const completed = output.filter(({ binary }) => binary?.data).length;
	const refused = stage.sandbox.requests().filter(({ status }) => status === 429).length;
	return {
		...{ completed, refused, seconds: nodeSeconds },
		shareOfRate: (completed - REQUESTS_PER_SECOND) / nodeSeconds / REQUESTS_PER_SECOND,
	};
}

export const rateLimit: Benchmark = {
	name: 'rateLimit',
	title: "At a provider's rate limit",
	async run(stage, runs, extent) {
		const items = ITEMS[extent];
		const going = (subject: Subject): Subject => ({
			...subject,
			node: { ...subject.node, onError: 'continueRegularOutput' },
		});
		const batching = {
			batching: { batch: { batchSize: REQUESTS_PER_SECOND, batchInterval: 1_000 } },
		};
		const subjects = [
			speech({}),
			speech({ concurrency: 20 }, 'This package, 20 at once'),
			speechByHttp(stage),
			speechByHttp(stage, batching, `HTTP Request, told to send ${REQUESTS_PER_SECOND} a second`),
		].map(going);
		const found = await stage.inTurn(
			runs,
			subjects.map((subject) => ({
				label: subject.label,
				measure: () => narrate(stage, subject, items),
			})),
		);
		const column = (run: keyof Run, index: number) => (found[index] ?? []).map((one) => one[run]);
		return {
			method: `${items} items against a provider that lets ${REQUESTS_PER_SECOND} requests a second through, answers the others with 429 and Retry-After, and takes ${LATENCY_MS} ms for each. No node is told the rate but the last, which knows it by its batches. Every node goes on after an item that failed. The first ${REQUESTS_PER_SECOND} requests find the provider rested and are not counted in the share of its rate, which is that of runs in which all items were completed.`,
			columns: [
				'Node',
				`Completed of ${items}`,
				'Seconds',
				'Requests refused',
				"Completed a second: share of the provider's rate",
			],
			rows: subjects.map(({ label }, index) => [
				label,
				withSpread(column('completed', index), 0),
				withSpread(column('seconds', index), 1),
				withSpread(column('refused', index), 0),
				column('completed', index).some((completed) => completed < items)
					? '–'
					: withSpread(column('shareOfRate', index), 2),
			]),
			plot: {
				title: `Items completed, of ${items}`,
				bars: subjects.map(({ label }, index) => ({
					label,
					isOurs: label.startsWith('This package'),
					values: column('completed', index),
				})),
			},
		};
	},
};
