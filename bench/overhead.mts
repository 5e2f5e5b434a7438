import type { Benchmark, Extent } from './benchmark.mts';
import type { Stage } from './stage.mts';
import { finishedJob, httpRequest, narration, speech, speechByHttp, type Subject } from './subjects.mts';
import { median, withSpread } from './statistics.mts';

const ITEMS: Record<Extent, number> = { whole: 1_000, smoke: 20 };
const AUDIO_BYTES = 4_800;

/** What is compared: the same answer by a node of this package and by HTTP Request. */
interface Pair {
	label: string;
	ours: Subject;
	theirs: Subject;
}

async function pairs(stage: Stage): Promise<Pair[]> {
	const { id: jobId } = await finishedJob(stage);
	return [
		{
			label: 'an audio file',
			ours: speech({}),
			theirs: speechByHttp(stage),
		},
		{
			label: 'JSON',
			ours: narration('pixazo', { resource: 'job', operation: 'get', jobId, downloadAudio: false }),
			theirs: httpRequest('pixazo', { url: `${stage.sandbox.urls.pixazo}/v2/requests/status/${jobId}` }),
		},
	];
}

export const overhead: Benchmark = {
	name: 'overhead',
	title: "The node's own time",
	async run(stage, runs, extent) {
		const items = ITEMS[extent];
		stage.sandbox.configure({ audioSizeBytes: AUDIO_BYTES });
		const compared = (await pairs(stage)).flatMap(({ label, ours, theirs }) =>
			[ours, theirs].map((subject) => ({ label: `${subject.label}: ${label}`, subject })),
		);
		for (const { subject } of compared) await stage.measure(subject, items);
		const milliseconds = await stage.inTurn(
			runs,
			compared.map(({ label, subject }) => ({
				label,
				measure: async () => ((await stage.measure(subject, items)).nodeSeconds * 1000) / items,
			})),
		);
		const toTheirs = (index: number) =>
			median(milliseconds[index] ?? []) / median(milliseconds[index - (index % 2) + 1] ?? []);
		return {
			method: `${items.toLocaleString('en')} items, answered at once; what a node takes for each of them is its own time and that of the sandbox, which is the same for both. An answer is a file of ${AUDIO_BYTES / 1000} kB, which this package also measures, or the JSON of a job.`,
			columns: ['Node and answer', 'Milliseconds per item', 'Times HTTP Request'],
			rows: compared.map(({ label }, index) => [
				label,
				withSpread(milliseconds[index] ?? [], 2),
				toTheirs(index).toFixed(2),
			]),
			plot: {
				title: 'Milliseconds per item',
				bars: compared.map(({ label }, index) => ({
					label,
					isOurs: index % 2 === 0,
					values: milliseconds[index] ?? [],
				})),
			},
		};
	},
};
