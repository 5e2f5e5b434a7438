import { spawn } from 'node:child_process';

import ffmpeg from '@ffmpeg-installer/ffmpeg';

import { samplesToBytes, wavFile } from './wav.mts';

export type Codec = 'wav' | 'pcm' | 'mp3' | 'opus' | 'ogg' | 'aac' | 'flac' | 'm4a' | 'mulaw' | 'alaw';

/** Mono. An absent property takes the codec's default. */
export interface AudioFormat {
	codec: Codec;
	sampleRateHz?: number;
	bitrateKbps?: number;
}

interface CodecFacts {
	mimeType: string;
	extension: string;
	/** ffmpeg's output arguments; absent for formats that need no ffmpeg. */
	arguments?: (format: AudioFormat) => string[];
	sampleRateHz: number;
}

const bitrate = (kbps: number | undefined, usual: number) => ['-b:a', `${kbps ?? usual}k`];

/** Media types and extensions that providers use. */
export const CODECS: Record<Codec, CodecFacts> = {
	wav: { mimeType: 'audio/wav', extension: 'wav', sampleRateHz: 24_000 },
	pcm: { mimeType: 'audio/pcm', extension: 'pcm', sampleRateHz: 24_000 },
	mp3: {
		mimeType: 'audio/mpeg',
		extension: 'mp3',
		sampleRateHz: 24_000,
		arguments: ({ bitrateKbps }) => [
			...['-c:a', 'libmp3lame', '-compression_level', '9'],
			...[...bitrate(bitrateKbps, 64), '-f', 'mp3'],
		],
	},
	opus: {
		mimeType: 'audio/ogg',
		extension: 'opus',
		sampleRateHz: 48_000,
		arguments: ({ bitrateKbps }) => ['-c:a', 'libopus', ...bitrate(bitrateKbps, 48), '-f', 'ogg'],
	},
	ogg: {
		mimeType: 'audio/ogg',
		extension: 'ogg',
		sampleRateHz: 48_000,
		arguments: ({ bitrateKbps }) => ['-c:a', 'libopus', ...bitrate(bitrateKbps, 48), '-f', 'ogg'],
	},
	aac: {
		mimeType: 'audio/aac',
		extension: 'aac',
		sampleRateHz: 24_000,
		arguments: ({ bitrateKbps }) => ['-c:a', 'aac', ...bitrate(bitrateKbps, 64), '-f', 'adts'],
	},
	m4a: {
		mimeType: 'audio/mp4',
		extension: 'm4a',
		sampleRateHz: 24_000,
		arguments: ({ bitrateKbps }) => [
			...['-c:a', 'aac', ...bitrate(bitrateKbps, 64)],
			...['-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4'],
		],
	},
	flac: {
		mimeType: 'audio/flac',
		extension: 'flac',
		sampleRateHz: 24_000,
		arguments: () => ['-c:a', 'flac', '-f', 'flac'],
	},
	mulaw: {
		mimeType: 'audio/basic',
		extension: 'ulaw',
		sampleRateHz: 8_000,
		arguments: () => ['-c:a', 'pcm_mulaw', '-f', 'mulaw'],
	},
	alaw: {
		mimeType: 'audio/x-alaw-basic',
		extension: 'alaw',
		sampleRateHz: 8_000,
		arguments: () => ['-c:a', 'pcm_alaw', '-f', 'alaw'],
	},
};

/**
 * Encodes mono samples as a file. WAV and PCM are written here, all other formats by ffmpeg.
 * Rejects with ffmpeg's error message.
 */
export async function encode(samples: Int16Array, fromHz: number, format: AudioFormat): Promise<Buffer> {
	const facts = CODECS[format.codec];
	const sampleRateHz = format.sampleRateHz ?? facts.sampleRateHz;
	const resampled = resample(samples, fromHz, sampleRateHz);
	if (format.codec === 'wav') return wavFile(resampled, sampleRateHz);
	if (!facts.arguments) return samplesToBytes(resampled);
	return runFfmpeg(samplesToBytes(resampled), sampleRateHz, facts.arguments(format));
}

/** Linear interpolation: simple, and good enough for speech. */
function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
	if (fromHz === toHz) return samples;
	const step = fromHz / toHz;
	const resampled = new Int16Array(Math.floor(samples.length / step));
	for (let index = 0; index < resampled.length; index += 1) {
		const position = index * step;
		const before = Math.floor(position);
		const here = samples[before] ?? 0;
		resampled[index] = here + ((samples[before + 1] ?? here) - here) * (position - before);
	}
	return resampled;
}

function runFfmpeg(pcm: Buffer, sampleRateHz: number, output: string[]): Promise<Buffer> {
	const input = ['-f', 's16le', '-ar', String(sampleRateHz), '-ac', '1', '-i', 'pipe:0'];
	const process = spawn(ffmpeg.path, ['-hide_banner', '-loglevel', 'error', ...input, ...output, 'pipe:1']);
	return new Promise((resolve, reject) => {
		const out: Buffer[] = [];
		const complaints: Buffer[] = [];
		process.stdout.on('data', (chunk: Buffer) => out.push(chunk));
		process.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
		process.stdin.on('error', () => {});
		process.on('error', reject);
		process.on('close', (code) => {
			if (code === 0) resolve(Buffer.concat(out));
			else reject(new Error(`ffmpeg: ${Buffer.concat(complaints).toString().trim() || `exit code ${code}`}`));
		});
		process.stdin.end(pcm);
	});
}
