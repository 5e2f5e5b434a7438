import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ffmpeg from '@ffmpeg-installer/ffmpeg';
import ffprobe from '@ffprobe-installer/ffprobe';

/** A file as programs see it that know nothing of this project. */
export interface AudioFile {
	path: string;
	/** Mono, at the file's own rate. */
	samples: Int16Array;
	/** Of the decoded samples. */
	durationSeconds: number;
	/** What ffmpeg has to complain about. */
	complaints: string;
}

export interface Caption {
	startSeconds: number;
	endSeconds: number;
	text: string;
}

/** A folder for files that outside programs read; `close` removes it. */
export function openScratch() {
	const folder = mkdtempSync(join(tmpdir(), 'narration-long-'));
	const write = (name: string, bytes: Buffer) => {
		const path = join(folder, name);
		writeFileSync(path, bytes);
		return path;
	};
	return {
		/** Decodes a whole file. Throws when it is none. */
		decode(name: string, bytes: Buffer, sampleRateHz: number): AudioFile {
			const path = write(name, bytes);
			const pcm = join(folder, 'pcm');
			const decoding = ['-v', 'error', '-y', '-i', path, '-f', 's16le', '-ac', '1', '-ar', `${sampleRateHz}`];
			const { status, stderr } = spawnSync(ffmpeg.path, [...decoding, pcm], { encoding: 'utf8' });
			if (status !== 0) throw new Error(`ffmpeg cannot decode ${name}: ${stderr}`);
			const decoded = readFileSync(pcm);
			const samples = new Int16Array(decoded.buffer, decoded.byteOffset, decoded.length >> 1);
			return { path, samples, durationSeconds: samples.length / sampleRateHz, complaints: stderr.trim() };
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

/** Programs that may be on the machine, and what they say about a file; undefined where they are not. */
export const OTHER_PROGRAMS = {
	/** Seconds; MP3 by libmad. */
	sox: (path: string) => seconds(/Length \(seconds\):\s*([\d.]+)/, ask('sox', [path, '-n', 'stat'])),
	/** Seconds, at the given rate; MP3 by libmpg123. */
	mpg123(path: string, sampleRateHz: number) {
		const found = spawnSync('mpg123', ['-q', '-m', '-e', 's16', '-s', path], { maxBuffer: 2 ** 31 });
		return found.error || found.status !== 0 ? undefined : found.stdout.length / 2 / sampleRateHz;
	},
	/** What is wrong with an MP3 file: empty when nothing is. That it has no title is not: a narration is given none. */
	mp3val: (path: string) =>
		ask('mp3val', [path])
			?.split('\n')
			.filter((line) => line.startsWith('WARNING') && !line.endsWith('No supported tags in the file')),
};

function ask(program: string, args: string[]): string | undefined {
	const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
	return error ? undefined : stdout + stderr;
}

function seconds(pattern: RegExp, said: string | undefined): number | undefined {
	const found = said === undefined ? undefined : pattern.exec(said)?.[1];
	return found === undefined ? undefined : Number(found);
}

/** The largest difference between neighbouring samples from `from` to `to` (sample numbers), full scale being 1. */
export function largestStep(samples: Int16Array, from: number, to: number): number {
	const first = Math.max(1, Math.floor(from));
	const last = Math.min(samples.length, to);
	// Nothing but local names within the loop: under jest a global costs more than all the rest.
	let largest = 0;
	for (let at = first; at < last; at += 1) {
		const step = (samples[at] as number) - (samples[at - 1] as number);
		if (step > largest) largest = step;
		if (-step > largest) largest = -step;
	}
	return largest / 32_768;
}
