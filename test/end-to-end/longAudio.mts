import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ffmpeg from '@ffmpeg-installer/ffmpeg';
import ffprobe from '@ffprobe-installer/ffprobe';

/** A file as measured by programs that are independent of this project. */
export interface AudioFile {
	path: string;
	/** Of the decoded samples. */
	durationSeconds: number;
	/** The largest difference between neighbouring samples; full scale is 1. */
	largestStep: number;
	/** The same within each of the requested windows. */
	windowSteps: number[];
	/** Errors that ffmpeg reports. */
	complaints: string;
}

/** In seconds of the decoded audio. */
export interface Window {
	from: number;
	to: number;
}

export interface Caption {
	startSeconds: number;
	endSeconds: number;
	text: string;
}

/** A folder for files that external programs read; `close` deletes it. */
export function openScratch() {
	const folder = mkdtempSync(join(tmpdir(), 'narration-long-'));
	const write = (name: string, bytes: Buffer) => {
		const path = join(folder, name);
		writeFileSync(path, bytes);
		return path;
	};
	return {
		/**
		 * Decodes a whole file as mono at its own rate. Keeps only measurements, because hours of
		 * samples take gigabytes. Throws when the file is not audio.
		 */
		async decode(
			name: string,
			bytes: Buffer,
			sampleRateHz: number,
			windows: readonly Window[] = [],
		): Promise<AudioFile> {
			const path = write(name, bytes);
			const output = ['-f', 's16le', '-ac', '1', '-ar', `${sampleRateHz}`, 'pipe:1'];
			const meter = createMeter(sampleRateHz, windows);
			const { status, complaints } = await pour(
				ffmpeg.path,
				['-v', 'error', '-i', path, ...output],
				meter.add,
			);
			if (status !== 0) throw new Error(`ffmpeg cannot decode ${name}: ${complaints}`);
			return { path, complaints, ...meter.result() };
		},
		/** The captions of an SRT or VTT file, as ffmpeg's demuxers read it. */
		readCaptions(name: string, bytes: Buffer): Caption[] {
			const probing = ['-v', 'error', '-show_packets', '-show_data', '-of', 'json', write(name, bytes)];
			const answer = execFileSync(ffprobe.path, probing, { maxBuffer: 2 ** 30, encoding: 'utf8' });
			const { packets } = JSON.parse(answer) as { packets: Array<Record<string, string>> };
			return packets.map(({ pts_time: start, duration_time: duration, data = '' }) => ({
				startSeconds: Number(start),
				endSeconds: Math.round((Number(start) + Number(duration)) * 1000) / 1000,
				text: textOfDump(data),
			}));
		},
		close: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/**
 * Runs a program, passes on its output in chunks, and resolves when it has ended. Rejects when the
 * program is missing.
 */
async function pour(
	program: string,
	args: string[],
	onOutput: (chunk: Buffer) => void,
): Promise<{ status: number | null; complaints: string }> {
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
	let complaints = '';
	child.stdout.on('data', onOutput);
	child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
	const [status] = (await once(child, 'close')) as [number | null];
	return { status, complaints: complaints.trim() };
}

/** Processes mono 16-bit samples as they arrive. */
function createMeter(sampleRateHz: number, windows: readonly Window[]) {
	const spans = windows.map(({ from, to }) => ({ from: from * sampleRateHz, to: to * sampleRateHz }));
	const windowSteps = windows.map(() => 0);
	let largest = 0;
	let count = 0;
	let last: number | undefined;
	let rest: Uint8Array = Buffer.alloc(0);
	return {
		add(chunk: Buffer): void {
			const bytes: Uint8Array = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
			const whole = bytes.length >> 1;
			rest = bytes.subarray(whole * 2);
			const samples = new Int16Array(whole + 1);
			Buffer.from(samples.buffer).set(bytes.subarray(0, whole * 2), 2);
			samples[0] = last ?? (samples[1] as number);
			const first = count - 1;
			largest = Math.max(largest, largestStep(samples, 0, samples.length));
			for (const [index, { from, to }] of spans.entries()) {
				const step = largestStep(samples, from - first, to - first);
				windowSteps[index] = Math.max(windowSteps[index] as number, step);
			}
			count += whole;
			last = samples[whole];
		},
		result: () => ({ durationSeconds: count / sampleRateHz, largestStep: largest, windowSteps }),
	};
}

/** ffprobe shows data as a hex dump: an offset, up to 16 bytes in groups of two, and the same as characters. */
function textOfDump(dump: string): string {
	const lines = dump.split('\n').filter((line) => line !== '');
	const hex = lines.map((line) => line.slice(10, 50).replaceAll(' ', '')).join('');
	return Buffer.from(hex, 'hex').toString('utf8');
}

/** The duration in seconds that the file's header claims, as players built on FFmpeg's library show it. */
export function claimedSeconds(path: string): number {
	const probing = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'json', path];
	const answer = JSON.parse(execFileSync(ffprobe.path, probing).toString()) as {
		format: { duration: string };
	};
	return Number(answer.format.duration);
}

/** Results of programs that may be installed; undefined where a program is missing. */
export const OTHER_PROGRAMS = {
	/** Seconds; MP3 by libmad. */
	sox: async (path: string) =>
		seconds(/Length \(seconds\):\s*([\d.]+)/, await ask('sox', [path, '-n', 'stat'])),
	/** Seconds, at the given rate; MP3 by libmpg123. */
	async mpg123(path: string, sampleRateHz: number) {
		let bytes = 0;
		const decoding = ['-q', '-m', '-e', 's16', '-s', path];
		const ended = await pour('mpg123', decoding, (chunk) => (bytes += chunk.length)).catch(() => undefined);
		return ended?.status === 0 ? bytes / 2 / sampleRateHz : undefined;
	},
	/** Errors in an MP3 file; empty when there are none. */
	mp3val: async (path: string) =>
		(await ask('mp3val', [path]))?.split('\n').filter((line) => /^(WARNING|ERROR)/.test(line)),
};

async function ask(program: string, args: string[]): Promise<string | undefined> {
	const said: Buffer[] = [];
	const ended = await pour(program, args, (chunk) => said.push(chunk)).catch(() => undefined);
	return ended && Buffer.concat(said).toString('utf8') + ended.complaints;
}

function seconds(pattern: RegExp, said: string | undefined): number | undefined {
	const found = said === undefined ? undefined : pattern.exec(said)?.[1];
	return found === undefined ? undefined : Number(found);
}

/** The largest difference between neighbouring samples from `from` to `to` (sample numbers), full scale being 1. */
function largestStep(samples: Int16Array, from: number, to: number): number {
	const first = Math.max(1, Math.floor(from));
	const last = Math.min(samples.length, to);
	// Only local variables within the loop: under jest, access to a global costs more than all the
	// rest.
	let largest = 0;
	for (let at = first; at < last; at += 1) {
		const step = (samples[at] as number) - (samples[at - 1] as number);
		if (step > largest) largest = step;
		if (-step > largest) largest = -step;
	}
	return largest / 32_768;
}
