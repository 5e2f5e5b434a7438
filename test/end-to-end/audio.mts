import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ffmpeg from '@ffmpeg-installer/ffmpeg';
import ffprobe from '@ffprobe-installer/ffprobe';

/** Facts that decoding yields about a file, independent of its name and MIME type. */
export interface DecodedAudio {
	/** ffmpeg's name of the container, such as `wav` or `mp3`. */
	container: string;
	durationSeconds: number;
	/** Root mean square of each 20 ms; full scale is 32,768. */
	loudness: number[];
	/** Share of sign changes between neighbouring samples of each 20 ms: low for vowels, high for hissing sounds. */
	crossings: number[];
}

const SAMPLE_RATE_HZ = 16_000;
const FRAME_SAMPLES = SAMPLE_RATE_HZ / 50;

/** Decodes a whole audio file. Throws when it isn't one. */
export function decode(bytes: Buffer): DecodedAudio {
	const scratch = mkdtempSync(join(tmpdir(), 'narration-audio-'));
	try {
		const file = join(scratch, 'audio');
		writeFileSync(file, bytes);
		return { container: containerOf(file), ...measure(samplesOf(file)) };
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

function containerOf(file: string): string {
	const probing = ['-v', 'error', '-show_entries', 'format=format_name', '-of', 'json', file];
	const answer = JSON.parse(execFileSync(ffprobe.path, probing).toString()) as {
		format: { format_name: string };
	};
	return answer.format.format_name;
}

function samplesOf(file: string): Int16Array {
	const decoding = ['-v', 'error', '-i', file, '-f', 's16le', '-ac', '1', '-ar', String(SAMPLE_RATE_HZ), '-'];
	const pcm = execFileSync(ffmpeg.path, decoding, { maxBuffer: 2 ** 30 });
	return new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length - (pcm.length % 2)));
}

function measure(samples: Int16Array): Omit<DecodedAudio, 'container'> {
	const frames = Array.from({ length: Math.floor(samples.length / FRAME_SAMPLES) }, (_, index) =>
		samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES),
	);
	return {
		durationSeconds: samples.length / SAMPLE_RATE_HZ,
		loudness: frames.map((frame) =>
			Math.sqrt(frame.reduce((sum, value) => sum + value * value, 0) / frame.length),
		),
		crossings: frames.map((frame) => countCrossings(frame) / frame.length),
	};
}

const countCrossings = (frame: Int16Array) =>
	frame.reduce(
		(count, value, index) => count + Number(index > 0 && value < 0 !== (frame[index - 1] ?? 0) < 0),
		0,
	);

/** Standard deviation relative to the mean: 0 for constant values. */
function variation(values: number[]): number {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
	return Math.sqrt(variance) / mean;
}

/**
 * How much the sound varies in loudness and, where it is loud enough, in pitch and hiss. For speech
 * both are above 0.4; for a tone, noise and silence at least one of them is not.
 */
export function liveliness({ loudness, crossings }: DecodedAudio): { loudness: number; timbre: number } {
	const loudest = loudness.reduce((most, value) => Math.max(most, value), 0);
	const audible = crossings.filter((_, index) => (loudness[index] ?? 0) > Math.max(100, loudest / 20));
	return { loudness: variation(loudness), timbre: variation(audible) };
}
