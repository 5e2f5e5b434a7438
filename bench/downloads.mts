import type { Benchmark, Extent } from './benchmark.mts';
import { AS_FILE, finishedJob, narration, type Subject } from './subjects.mts';
import { inMegabytes, withSpread } from './statistics.mts';

const SIZES: Record<Extent, number[]> = { whole: [10e6, 100e6, 1e9], smoke: [1e6] };

const downloaders = ({ id, url }: { id: string; url: string }): Subject[] => [
	narration('pixazo', { resource: 'job', operation: 'get', jobId: id }),
	{
		label: 'HTTP Request',
		node: { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters: { url, options: AS_FILE } },
	},
];

export const downloads: Benchmark = {
	name: 'downloads',
	title: 'Large files',
	async run(stage, runs, extent) {
		const compared: Array<{ label: string; isOurs: boolean; subject: Subject }> = [];
		for (const audioSizeBytes of SIZES[extent]) {
			stage.sandbox.configure({ audioSizeBytes });
			const job = await finishedJob(stage);
			for (const [index, subject] of downloaders(job).entries()) {
				const label = `${subject.label}: ${inMegabytes(audioSizeBytes).toLocaleString('en')} MB`;
				compared.push({ label, isOurs: index === 0, subject });
			}
		}
		for (const { subject } of compared.slice(0, 2)) await stage.measure(subject);
		const found = await stage.inTurn(
			runs,
			compared.map(({ label, subject }) => ({ label, measure: () => stage.measure(subject) })),
		);
		const grown = found.map((all) =>
			all.flatMap(({ grownBytes }) => (grownBytes === null ? [] : inMegabytes(grownBytes))),
		);
		return {
			method:
				"A file is downloaded into n8n's binary store in the file system. n8n's resident memory at its peak is compared with what it was before the run, after a first run with the smallest file that is not counted.",
			columns: ['Node and file', 'Growth of resident memory (MB)', 'Seconds'],
			rows: compared.map(({ label }, index) => [
				label,
				withSpread(grown[index] ?? [], 0),
				withSpread(
					(found[index] ?? []).map(({ nodeSeconds }) => nodeSeconds),
					1,
				),
			]),
			plot: {
				title: 'Growth of resident memory, in MB',
				bars: compared.map(({ label, isOurs }, index) => ({ label, isOurs, values: grown[index] ?? [] })),
			},
		};
	},
};
