import type { Benchmark, Extent } from './benchmark.mts';
import { AFRESH } from './stage.mts';
import { AS_FILE, finishedJob, narration, waiting, type Subject } from './subjects.mts';
import { grownMegabytes, inMegabytes, withSpread } from './statistics.mts';

const SIZES: Record<Extent, number[]> = { whole: [10e6, 100e6, 1e9], smoke: [1e6] };

/** Roughly the time for the largest file. */
const WAIT_SECONDS: Record<Extent, number> = { whole: 10, smoke: 0.2 };

const downloaders = ({ id, url }: { id: string; url: string }): Subject[] => [
	narration('pixazo', { resource: 'job', operation: 'get', jobId: id }),
	{
		label: 'HTTP Request',
		node: { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters: { url, options: AS_FILE } },
	},
];

/** One node with one file. */
interface Download {
	label: string;
	isOurs: boolean;
	subject: Subject;
	/** Warms up the node with the smallest file. */
	warmUp: Subject;
}

export const downloads: Benchmark = {
	name: 'downloads',
	title: 'Large files',
	async run(stage, runs, extent) {
		const compared: Download[] = [];
		const smallest: Subject[] = [];
		for (const audioSizeBytes of SIZES[extent]) {
			stage.sandbox.configure({ audioSizeBytes });
			const job = await finishedJob(stage);
			for (const [index, subject] of downloaders(job).entries()) {
				const label = `${subject.label}: ${inMegabytes(audioSizeBytes).toLocaleString('en')} MB`;
				smallest[index] ??= subject;
				compared.push({ label, isOurs: index === 0, subject, warmUp: smallest[index] });
			}
		}
		const waitSeconds = WAIT_SECONDS[extent];
		compared.push({
			label: `Wait: ${waitSeconds} s, no file`,
			isOurs: false,
			subject: waiting(waitSeconds),
			warmUp: compared[0]!.subject,
		});
		const found = await stage.inTurn(
			runs,
			compared.map(({ label, subject, warmUp }) => ({
				label,
				measure: async () => {
					await stage.startAfresh(() => stage.measure(warmUp));
					return { first: await stage.measure(subject), again: await stage.measure(subject) };
				},
			})),
		);
		const grownBy = (which: 'first' | 'again') =>
			found.map((all) => all.flatMap((one) => grownMegabytes(one[which])));
		const [grownFirst, grownAgain] = [grownBy('first'), grownBy('again')];
		return {
			method: `A file is downloaded into n8n's binary store in the file system. ${AFRESH} Here it is warmed up with the smallest file, and downloads the same file twice: at first Node gathers a stock of buffers, and then gets by with it; the seconds are those of the second time. The Wait node, which does nothing, shows by how much n8n grows by itself in such a time.`,
			columns: [
				'Node and file',
				'Growth of resident memory (MB)',
				'Growth when it is downloaded again (MB)',
				'Seconds',
			],
			rows: compared.map(({ label }, index) => [
				label,
				withSpread(grownFirst[index] ?? [], 0),
				withSpread(grownAgain[index] ?? [], 0),
				withSpread(
					(found[index] ?? []).map(({ again }) => again.nodeSeconds),
					1,
				),
			]),
			plot: {
				title: 'Growth of resident memory, in MB',
				bars: compared.map(({ label, isOurs }, index) => ({
					label,
					isOurs,
					values: grownFirst[index] ?? [],
				})),
			},
		};
	},
};
