import { longArticle } from '../test/end-to-end/texts/assemble.mts';
import type { Benchmark, Extent } from './benchmark.mts';
import { AFRESH, type Measured, type Stage } from './stage.mts';
import { grownMegabytes, inMegabytes, withSpread } from './statistics.mts';
import { narration, type Subject } from './subjects.mts';

const CONCURRENCY = 5;
const LATENCY_MS = 3_000;
/** 16-bit mono at 24 kHz, the format that the sandbox streams. */
const BYTES_PER_SECOND = 48_000;
const CHARACTERS: Record<Extent, number> = { whole: 100_000, smoke: 5_000 };

const LENGTHS: Record<Extent, Array<{ label: string; audioSeconds: number }>> = {
	whole: [
		{ label: '12 minutes of WAV', audioSeconds: 720 },
		{ label: '2 hours of WAV', audioSeconds: 7_200 },
	],
	smoke: [{ label: '10 seconds of WAV', audioSeconds: 10 }],
};

interface Run {
	timesIdeal: number;
	grownBytes: number | null;
	sizeBytes: number;
}

const narrationOf = (text: string): Subject =>
	narration('convai', {
		resource: 'speech',
		operation: 'generate',
		...{ text, voice: { __rl: true, mode: 'id', value: 'WUMale 1' }, options: { concurrency: CONCURRENCY } },
	});

/** One second of audio for every part, without delay. */
async function warmUp(stage: Stage, text: string): Promise<Measured> {
	stage.sandbox.reset();
	stage.sandbox.configure({ audioSizeBytes: BYTES_PER_SECOND });
	return await stage.measure(narrationOf(text));
}

const recordOf = ({ items }: Measured) =>
	items[0]?.json as { parts: unknown[]; audio: { sizeBytes: number } };

/** @param partSizeBytes the size of the file for every part */
async function narrate(stage: Stage, text: string, partSizeBytes: number): Promise<Run> {
	await stage.startAfresh(() => warmUp(stage, text));
	stage.sandbox.configure({ latencyMs: LATENCY_MS, audioSizeBytes: partSizeBytes });
	const measured = await stage.measure(narrationOf(text));
	const { nodeSeconds, grownBytes } = measured;
	const { parts, audio } = recordOf(measured);
	const idealSeconds = (Math.ceil(parts.length / CONCURRENCY) * LATENCY_MS) / 1000;
	return {
		...{ grownBytes, sizeBytes: audio.sizeBytes },
		timesIdeal: nodeSeconds / idealSeconds,
	};
}

export const long: Benchmark = {
	name: 'long',
	title: 'A long text in one file',
	async run(stage, runs, extent) {
		const text = longArticle(CHARACTERS[extent]);
		const parts = recordOf(await warmUp(stage, text)).parts.length;
		const lengths = LENGTHS[extent];
		const found = await stage.inTurn(
			runs,
			lengths.map(({ label, audioSeconds }) => ({
				label,
				measure: () => narrate(stage, text, Math.ceil((audioSeconds * BYTES_PER_SECOND) / parts)),
			})),
		);
		const timesIdeal = found.map((all) => all.map((run) => run.timesIdeal));
		const grown = found.map((all) => all.flatMap(grownMegabytes));
		return {
			method: `One item of ${CHARACTERS[extent].toLocaleString('en')} characters through the Convai node, cut into ${parts} parts of at most 2,000; each request takes ${LATENCY_MS / 1000} s, ${CONCURRENCY} at a time. The ideal is what the requests alone take. n8n keeps binary data in its file system. ${AFRESH} Here it is warmed up with the same text and a second of audio for each part.`,
			columns: ['Audio', 'File (MB)', 'Time: times the ideal', 'Growth of resident memory (MB)'],
			rows: lengths.map(({ label }, index) => [
				label,
				inMegabytes(found[index]?.[0]?.sizeBytes ?? NaN).toFixed(0),
				withSpread(timesIdeal[index] ?? [], 2),
				withSpread(grown[index] ?? [], 0),
			]),
			plot: {
				title: 'Growth of resident memory, in MB',
				bars: lengths.map(({ label }, index) => ({ label, isOurs: true, values: grown[index] ?? [] })),
			},
		};
	},
};
