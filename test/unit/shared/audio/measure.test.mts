import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAudio } from '../../../../nodes/shared/audio/measure';
import { decode, run, sound } from './ffmpeg.mts';

jest.setTimeout(30_000);

const SECONDS = 2.345;

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'narration-measure-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function encoded(fileName: string, rateHz: number, channels: number, args: string[]): Promise<string> {
	const path = join(folder, fileName);
	const mix = channels === 1 ? 'mono' : 'stereo';
	const shape = ['-af', `aformat=channel_layouts=${mix}`, '-ar', String(rateHz)];
	await run('ffmpeg', ['-v', 'error', '-y', ...sound(SECONDS, rateHz), ...shape, ...args, path]);
	return path;
}

describe('WAV as ffmpeg writes it: exact', () => {
	test.each([
		[8000, 1, 'pcm_u8'],
		[8000, 1, 'pcm_mulaw'],
		[8000, 1, 'pcm_alaw'],
		[16000, 1, 'pcm_s16le'],
		[24000, 1, 'pcm_s16le'],
		[44100, 2, 'pcm_s24le'],
		[48000, 2, 'pcm_s32le'],
		[48000, 2, 'pcm_f32le'],
		[96000, 2, 'pcm_f64le'],
	])('%i Hz, %i channels, %s', async (rateHz, channels, codec) => {
		const path = await encoded(`${codec}-${rateHz}.wav`, rateHz, channels, ['-c:a', codec]);
		const facts = measureAudio(await readFile(path));
		const { samples } = await decode(path, rateHz, channels);
		expect(facts).toMatchObject({ sampleRateHz: rateHz, channels, truncated: false, problem: null });
		expect(facts.format?.name).toBe('wav');
		expect(facts.durationSeconds).toBeCloseTo(samples / rateHz, 4);
	});

	test.each(['adpcm_ms', 'adpcm_ima_wav'])('compressed in WAV: %s', async (codec) => {
		const path = await encoded(`${codec}.wav`, 22050, 1, ['-c:a', codec]);
		const facts = measureAudio(await readFile(path));
		expect(Math.abs(facts.durationSeconds! - SECONDS)).toBeLessThan(0.1);
	});

	test('written to a pipe, its length unknown', async () => {
		const path = await encoded('whole.wav', 24000, 1, []);
		const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'wav', '-']);
		const facts = measureAudio(stdout);
		expect(facts).toMatchObject({ truncated: false, problem: null });
		expect(facts.durationSeconds).toBeCloseTo(SECONDS, 3);
	});

	test('RF64', async () => {
		const path = await encoded('rf64.wav', 24000, 1, ['-rf64', 'always']);
		expect(measureAudio(await readFile(path)).durationSeconds).toBeCloseTo(SECONDS, 3);
	});
});

describe('MP3 as LAME writes it: within a frame of what ffmpeg decodes', () => {
	const rates = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];
	const modes: Array<[string, string[]]> = [
		['constant', ['-b:a', '64k']],
		['variable', ['-q:a', '4']],
		['average', ['-b:a', '56k', '-abr', '1']],
		['constant without Info frame', ['-b:a', '32k', '-write_xing', '0']],
		['without any tag', ['-b:a', '48k', '-write_xing', '0', '-id3v2_version', '0']],
		['with ID3v1', ['-b:a', '64k', '-write_id3v1', '1', '-metadata', 'title=A title']],
	];
	const table = rates.flatMap((rate, at) =>
		modes.map(([mode, args]) => [rate, (at % 2) + 1, mode, args] as const),
	);

	test.each(table)('%i Hz, %i channels, %s', async (rateHz, channels, mode, args) => {
		const path = await encoded(`${rateHz}-${mode}.mp3`, rateHz, channels, ['-c:a', 'libmp3lame', ...args]);
		const facts = measureAudio(await readFile(path));
		const { samples } = await decode(path, rateHz, channels);
		const frameSeconds = (rateHz >= 32000 ? 1152 : 576) / rateHz;
		expect(facts).toMatchObject({ sampleRateHz: rateHz, channels, truncated: false, problem: null });
		expect(facts.format?.name).toBe('mp3');
		expect(Math.abs(facts.durationSeconds! - samples / rateHz)).toBeLessThan(frameSeconds);
	});
});

describe('the other formats that are measured', () => {
	test.each([
		['flac', 44100, 2, 'flac', ['-c:a', 'flac']],
		['opus', 48000, 1, 'opus', ['-c:a', 'libopus']],
		['ogg', 48000, 1, 'opus', ['-c:a', 'libopus']],
		['ogg', 44100, 2, 'ogg', ['-c:a', 'libvorbis']],
		['aac', 44100, 2, 'aac', ['-c:a', 'aac']],
	])('%s, %i Hz, %i channels: %s', async (extension, rateHz, channels, name, args) => {
		const path = await encoded(`${name}-${rateHz}.${extension}`, rateHz, channels, args);
		const facts = measureAudio(await readFile(path));
		const { samples } = await decode(path, rateHz, channels);
		expect(facts).toMatchObject({ sampleRateHz: rateHz, channels, truncated: false, problem: null });
		expect(facts.format?.name).toBe(name);
		expect(Math.abs(facts.durationSeconds! - samples / rateHz)).toBeLessThan(0.03);
	});

	test.each([
		['m4a', ['-c:a', 'aac']],
		['webm', ['-c:a', 'libopus']],
		['mka', ['-c:a', 'flac']],
		['aiff', []],
	])('%s is recognised', async (extension, args) => {
		const facts = measureAudio(await readFile(await encoded(`x.${extension}`, 48000, 1, args)));
		expect(facts).toMatchObject({ truncated: false, problem: null, durationSeconds: null });
		expect(facts.format?.name).toBe(extension);
	});
});
