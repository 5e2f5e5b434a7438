import type { Benchmark, Extent } from './benchmark.mts';
import type { Stage } from './stage.mts';
import { finishedJob, httpRequest, narration, speech, speechByHttp, type Subject } from './subjects.mts';
import { median, withSpread } from './statistics.mts';

const ITEMS: Record<Extent, number> = { whole: 1_000, smoke: 20 };
const AUDIO_BYTES = 4_800;

/**
 * The same answer by several nodes: the nodes of this package, and last the node that users would
 * use instead.
 */
interface Comparison {
	answer: string;
	subjects: Subject[];
}

async function comparisons(stage: Stage, items: number): Promise<Comparison[]> {
	const { id: jobId } = await finishedJob(stage);
	return [
		{
			answer: 'an audio file',
			subjects: [
				speech({}),
				speech({ concurrency: items }, 'This package, all at once'),
				speechByHttp(stage),
			],
		},
		{
			answer: 'JSON',
			subjects: [
				narration('pixazo', { resource: 'job', operation: 'get', jobId, downloadAudio: false }),
				httpRequest('pixazo', { url: `${stage.sandbox.urls.pixazo}/v2/requests/status/${jobId}` }),
			],
		},
	];
}

export const overhead: Benchmark = {
	name: 'overhead',
	title: "The node's own time",
	async run(stage, runs, extent) {
		const items = ITEMS[extent];
		stage.sandbox.configure({ audioSizeBytes: AUDIO_BYTES });
		const compared = (await comparisons(stage, items)).flatMap(({ answer, subjects }) =>
			subjects.map((subject) => ({
				label: `${subject.label}: ${answer}`,
				subject,
				instead: subjects.at(-1) as Subject,
			})),
		);
		for (const { subject } of compared) await stage.measure(subject, items);
		const found = await stage.inTurn(
			runs,
			compared.map(({ label, subject }) => ({
				label,
				measure: async () => ((await stage.measure(subject, items)).nodeSeconds * 1000) / items,
			})),
		);
		const milliseconds = new Map(compared.map(({ subject }, index) => [subject, found[index] ?? []]));
		const of = (subject: Subject) => milliseconds.get(subject) ?? [];
		return {
			method: `${items.toLocaleString('en')} items, answered at once; what a node takes for each of them is its own time and that of the sandbox. This package sends 5 at a time where nothing else is said, HTTP Request all at once. An answer is a file of ${AUDIO_BYTES / 1000} kB, which this package also measures, or the JSON of a job.`,
			columns: ['Node and answer', 'Milliseconds per item', 'Times HTTP Request'],
			rows: compared.map(({ label, subject, instead }) => [
				label,
				withSpread(of(subject), 2),
				(median(of(subject)) / median(of(instead))).toFixed(2),
			]),
			plot: {
				title: 'Milliseconds per item',
				bars: compared.map(({ label, subject, instead }) => ({
					label,
					isOurs: subject !== instead,
					values: of(subject),
				})),
			},
		};
	},
};
