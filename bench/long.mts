import { longArticle } from '../test/end-to-end/texts/assemble.mts';
import type { Benchmark } from './benchmark.mts';
import { workflowOf, type Measured, type Stage } from './stage.mts';
import { withSpread } from './statistics.mts';

const CONCURRENCY = 5;
const LATENCY_MS = 3_000;
/** 16 bit mono at 24 kHz, as the sandbox streams it. */
const BYTES_PER_SECOND = 48_000;
const CHARACTERS = 96_000;
/** What the node cuts that text into; the sandbox gives each of them the same size. */
const PARTS = 50;

const SIZES: Array<{ label: string; audioSeconds: number }> = [
	{ label: '12 minutes', audioSeconds: 720 },
	{ label: '2 hours', audioSeconds: 7_200 },
];

interface Run {
	timesIdeal: number;
	grownBytes: number | null;
	sizeBytes: number;
}

async function narrate(stage: Stage, text: string, audioSeconds: number): Promise<Run> {
	stage.sandbox.reset();
	const audioSizeBytes = Math.ceil((audioSeconds * BYTES_PER_SECOND) / PARTS);
	stage.sandbox.configure({ latencyMs: LATENCY_MS, audioSizeBytes });
	const voice = { __rl: true, mode: 'id', value: 'WUMale 1' };
	const options = { concurrency: CONCURRENCY, timeout: 3_600 };
	return comparedWithIdeal(
		await stage.measure(
			workflowOf('convai', { resource: 'speech', operation: 'generate', text, voice, options }),
		),
	);
}

function comparedWithIdeal({ items, nodeSeconds, grownBytes }: Measured): Run {
	const { parts, audio } = items[0]?.json as { parts: unknown[]; audio: { sizeBytes: number } };
	const idealSeconds = (Math.ceil(parts.length / CONCURRENCY) * LATENCY_MS) / 1000;
	return { timesIdeal: nodeSeconds / idealSeconds, grownBytes, sizeBytes: audio.sizeBytes };
}

const inMegabytes = (bytes: number) => bytes / 1e6;

export const long: Benchmark = {
	name: 'long',
	title: 'A long text in one file',
	async run(stage, runs) {
		const text = longArticle(CHARACTERS);
		await narrate(stage, text, 60);
		const rows: string[][] = [];
		for (const { label, audioSeconds } of SIZES) {
			const found: Run[] = [];
			for (let run = 1; run <= runs; run += 1) {
				found.push(
					await stage.progress.step(`${label} of WAV, run ${run} of ${runs}`, () =>
						narrate(stage, text, audioSeconds),
					),
				);
			}
			const grown = found.flatMap(({ grownBytes }) => (grownBytes === null ? [] : inMegabytes(grownBytes)));
			rows.push([
				label,
				inMegabytes(found[0]?.sizeBytes ?? NaN).toFixed(0),
				withSpread(
					found.map(({ timesIdeal }) => timesIdeal),
					2,
				),
				withSpread(grown, 0),
			]);
		}
		return {
			method: `One item of ${CHARACTERS.toLocaleString('en')} characters through the Convai node, cut into parts of at most 2,000; each request takes ${LATENCY_MS / 1000} s, ${CONCURRENCY} at a time. The ideal is what the requests alone take. n8n keeps binary data in its file system; its resident memory is compared with what it was before the run, after a first run that is not counted.`,
			columns: [
				'Audio',
				'File (MB)',
				'Time: times the ideal',
				"Growth of n8n's resident memory at its peak (MB)",
			],
			rows,
		};
	},
};
