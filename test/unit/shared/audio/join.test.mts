import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	canJoin,
	joinAudio,
	type JoinPart,
	JoinRefusal,
	planJoin,
} from '../../../../nodes/shared/audio/join';
import { AUDIO_FORMATS, audioFormat } from '../../../../nodes/shared/audio/format';
import { lengthTag } from '../../../../nodes/shared/audio/id3';
import { readMpegHeader } from '../../../../nodes/shared/audio/mpeg';
import { measureAudio } from '../../../../nodes/shared/audio/measure';
import { chunk, fmtChunk, id3v2, joined, latin1, le16, mp3Frames, riff, samples } from './bytes.mts';
import { decode, probedSeconds, run, sound, tags } from './ffmpeg.mts';

jest.setTimeout(30_000);

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'narration-join-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const fresh = (extension: string) => join(folder, `${files++}.${extension}`);

async function encoded(seconds: number, rateHz: number, channels: number, extension: string, args: string[]) {
	const path = fresh(extension);
	const mix = ['-af', `aformat=channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`, '-ar', String(rateHz)];
	await run('ffmpeg', ['-v', 'error', ...sound(seconds, rateHz), ...mix, ...args, path]);
	return Uint8Array.from(await readFile(path));
}

async function* inChunks(file: Uint8Array, chunkBytes = 1000): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < file.length; at += chunkBytes) yield Buffer.from(file.subarray(at, at + chunkBytes));
}

const asParts = (parts: Uint8Array[], pauseAfterMs: number): JoinPart[] =>
	parts.map((file) => ({ facts: measureAudio(file), pauseAfterMs }));

async function joinFiles(parts: Uint8Array[], pauseAfterMs: number, chunkBytes?: number) {
	const plan = planJoin(asParts(parts, pauseAfterMs));
	const pieces: Uint8Array[] = [];
	for await (const piece of joinAudio(plan, (index) => inChunks(parts[index]!, chunkBytes)))
		pieces.push(piece.slice());
	return { facts: plan.joined, file: joined(...pieces) };
}

async function decodeFile(file: Uint8Array, extension: string) {
	const path = fresh(extension);
	await writeFile(path, file);
	const { sampleRateHz, channels } = measureAudio(file);
	return { ...(await decode(path, sampleRateHz!, channels!)), probedSeconds: await probedSeconds(path) };
}

const steepest = (left: Int16Array) =>
	left.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (left[at - 1] ?? sample))), 0);

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe('canJoin', () => {
	test('WAV and MP3, nothing else', () => {
		expect(AUDIO_FORMATS.filter(canJoin).map(({ name }) => name)).toEqual(['wav', 'mp3']);
		expect(canJoin(null)).toBe(false);
	});
});

describe('joining WAV', () => {
	test.each([
		['pcm_u8', 8000, 1],
		['pcm_s16le', 24000, 1],
		['pcm_s16le', 44100, 2],
		['pcm_s24le', 48000, 2],
		['pcm_s32le', 48000, 1],
		['pcm_f32le', 24000, 1],
		['pcm_f64le', 24000, 2],
		['pcm_alaw', 8000, 1],
		['pcm_mulaw', 8000, 1],
	])('%s, %i Hz, %i channels: parts and pauses to the sample', async (codec, rateHz, channels) => {
		const seconds = [0.5, 0.123, 0.7];
		const parts = await Promise.all(
			seconds.map((length) => encoded(length, rateHz, channels, 'wav', ['-c:a', codec])),
		);
		const { file, facts } = await joinFiles(parts, 250);
		const whole = await decodeFile(file, 'wav');
		const wanted = sum(parts.map((part) => measureAudio(part).durationSeconds!)) + 2 * 0.25;

		expect(whole.complaints).toBe('');
		expect(file.length).toBe(facts.sizeBytes);
		expect(whole.samples).toBe(Math.round(wanted * rateHz));
		expect(whole.probedSeconds).toBeCloseTo(wanted, 3);
		expect(facts.durationSeconds).toBeCloseTo(wanted, 3);
		expect(measureAudio(file)).toMatchObject({
			truncated: false,
			problem: null,
			sampleRateHz: rateHz,
			channels,
		});
	});

	test('the header is the plain one of 44 bytes, whatever the parts had', async () => {
		const odd = riff([
			chunk('JUNK', new Uint8Array(7)),
			fmtChunk(),
			chunk('LIST', latin1('INFOx')),
			chunk('data', samples(100), 0xffffffff),
		]);
		const plain = riff([fmtChunk(), chunk('data', samples(50)), chunk('LIST', latin1('INFOxx'))]);
		const { file } = await joinFiles([odd, plain], 0);
		expect(file).toEqual(
			riff([fmtChunk(), chunk('data', joined(samples(100), samples(50)))]).map((byte, at) =>
				at < 44 ? byte : file[at]!,
			),
		);
		expect(file.length).toBe(44 + 300);
	});

	test('an extensible header stays one', async () => {
		const part = riff([fmtChunk({ channels: 2, extensible: true }), chunk('data', samples(100))]);
		const { file } = await joinFiles([part, part], 0);
		expect(measureAudio(file).wav?.extensible).toEqual({ validBitsPerSample: 16, channelMask: 3 });
	});

	test('sound of an odd number of bytes is padded', async () => {
		const part = riff([fmtChunk({ bits: 8 }), chunk('data', new Uint8Array(101).fill(128))]);
		const { file, facts } = await joinFiles([part, part, part], 0);
		expect(file.length).toBe(facts.sizeBytes);
		expect(file.length % 2).toBe(0);
		expect(measureAudio(file)).toMatchObject({ truncated: false, wav: { dataBytes: 303 } });
	});

	const loudSine = (count: number) =>
		joined(...Array.from({ length: count }, (_, at) => le16(Math.round(20000 * Math.cos(at / 40)))));

	test.each([0, 100])('parts that begin and end loud do not click; pause %i ms', async (pauseMs) => {
		const parts = [4000, 4037, 3999].map((count) => riff([fmtChunk(), chunk('data', loudSine(count))]));
		const { file, facts } = await joinFiles(parts, pauseMs);
		const { left } = await decodeFile(file, 'wav');
		const inside = steepest((await decodeFile(parts[0]!, 'wav')).left);
		const seams = facts.parts
			.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])
			.slice(1, -1);
		for (const seconds of seams) {
			const at = Math.round(seconds * 8000);
			expect(steepest(left.subarray(at - 8, at + 8))).toBeLessThanOrEqual(inside);
		}
	});

	test('parts that begin and end quiet stay as they are', async () => {
		const quiet = joined(le16(0), le16(100), loudSine(4000), le16(100), le16(0));
		const part = riff([fmtChunk(), chunk('data', quiet)]);
		const { file } = await joinFiles([part, part], 10);
		expect(file.subarray(44)).toEqual(joined(quiet, new Uint8Array(160), quiet));
	});

	test.each([1, 3, 44, 100_000])('chunks of %i bytes make the same file', async (chunkBytes) => {
		const parts = [4000, 4037].map((count) => riff([fmtChunk(), chunk('data', loudSine(count))]));
		expect((await joinFiles(parts, 10, chunkBytes)).file).toEqual((await joinFiles(parts, 10)).file);
	});
});

describe('joining MP3', () => {
	const encodings: Array<[string, string[]]> = [
		['constant bitrate', ['-b:a', '64k']],
		['constant bitrate, no Info frame', ['-b:a', '48k', '-write_xing', '0', '-id3v2_version', '0']],
		['variable bitrate, ID3v1', ['-q:a', '5', '-write_id3v1', '1', '-metadata', 'title=A title']],
		['average bitrate', ['-b:a', '56k', '-abr', '1']],
	];
	const rates = [8000, 16000, 24000, 44100];
	const table = rates.flatMap((rate, at) =>
		encodings.map(([name, args], row) => [name, rate, ((at + row) % 2) + 1, 300, args] as const),
	);
	const secondsOfParts = [1.3, 0.4, 2.017, 0.9, 1.111];

	test.each(table)('%s, %i Hz, %i channels, pauses of %i ms', async (_, rateHz, channels, pauseMs, args) => {
		const parts: Uint8Array[] = [];
		for (const seconds of secondsOfParts)
			parts.push(await encoded(seconds, rateHz, channels, 'mp3', [...args]));
		const frameSeconds = (rateHz >= 32000 ? 1152 : 576) / rateHz;
		const { file, facts } = await joinFiles(parts, pauseMs);
		const whole = await decodeFile(file, 'mp3');
		const decodedParts = await Promise.all(parts.map((part) => decodeFile(part, 'mp3')));
		const wanted =
			sum(decodedParts.map((part) => part.samples / rateHz)) + ((parts.length - 1) * pauseMs) / 1000;

		expect(whole.complaints).toBe('');
		expect(file.length).toBe(facts.sizeBytes);
		expect(Math.abs(whole.samples / rateHz - wanted)).toBeLessThan(0.05);
		expect(Math.abs(facts.durationSeconds - whole.samples / rateHz)).toBeLessThan(0.03);
		expect(Math.abs(whole.probedSeconds - measureAudio(file).mp3!.frames * frameSeconds)).toBeLessThan(
			frameSeconds,
		);
		expect(measureAudio(file)).toMatchObject({
			truncated: false,
			problem: null,
			sampleRateHz: rateHz,
			channels,
		});

		for (const [index, part] of decodedParts.entries()) {
			const at = Math.round(facts.parts[index]!.startSeconds * rateHz);
			expect(difference(whole.left.subarray(at), part.left)).toBeLessThan(50);
		}
		expect(steepest(whole.left)).toBeLessThanOrEqual(
			Math.max(...decodedParts.map(({ left }) => steepest(left))) * 1.05,
		);
	});

	test('a part cut out of a longer file, whose first frames refer to what is not there, brings no noise', async () => {
		const bare = ['-b:a', '32k', '-write_xing', '0', '-id3v2_version', '0'];
		const whole = await encoded(2, 24000, 1, 'mp3', bare);
		const cut = whole.subarray(96 * 10);
		const { file } = await joinFiles([whole, cut, cut], 0);
		const decoded = await decodeFile(file, 'mp3');
		expect(decoded.complaints).toBe('');
		expect(steepest(decoded.left)).toBeLessThanOrEqual(
			steepest((await decodeFile(whole, 'mp3')).left) * 1.05,
		);
	});

	test('parts without encoder delay follow each other without a pause to the sample', async () => {
		const bare = ['-b:a', '48k', '-write_xing', '0'];
		const parts = [await encoded(1, 24000, 1, 'mp3', bare), await encoded(0.7, 24000, 1, 'mp3', bare)];
		const samplesOfParts = parts.map((part) => measureAudio(part).mp3!.frames * 576);
		const { file, facts } = await joinFiles(parts, 0);
		expect((await decodeFile(file, 'mp3')).samples).toBe(sum(samplesOfParts));
		expect(facts.parts[1]!.startSeconds).toBeCloseTo(samplesOfParts[0]! / 24000, 9);
	});

	test.each([24000, 44100])(
		'%i Hz: without room to take the encoder delay off, it stays, and the facts say where',
		async (rateHz) => {
			const parts: Uint8Array[] = [];
			for (const seconds of secondsOfParts)
				parts.push(await encoded(seconds, rateHz, 1, 'mp3', ['-b:a', '64k']));
			const { file, facts } = await joinFiles(parts, 0);
			const whole = await decodeFile(file, 'mp3');
			expect(whole.complaints).toBe('');
			expect(whole.samples / rateHz).toBeCloseTo(facts.durationSeconds, 3);

			for (const [index, part] of parts.entries()) {
				const { startSeconds, endSeconds } = facts.parts[index]!;
				const decoded = await decodeFile(part, 'mp3');
				expect(endSeconds - startSeconds).toBeCloseTo(decoded.samples / rateHz, 3);
				expect(difference(whole.left.subarray(Math.round(startSeconds * rateHz)), decoded.left)).toBeLessThan(
					50,
				);
				const gapSeconds = startSeconds - (facts.parts[index - 1]?.endSeconds ?? 0);
				expect(gapSeconds).toBeGreaterThanOrEqual(0);
				expect(gapSeconds).toBeLessThan(0.08);
			}
		},
	);

	test('pauses are rounded to frames so that their roundings do not add up', async () => {
		const part = await encoded(0.1, 24000, 1, 'mp3', ['-b:a', '48k', '-write_xing', '0']);
		const { facts } = await joinFiles(
			Array.from({ length: 101 }, () => part),
			110,
		);
		const wanted = 101 * measureAudio(part).durationSeconds! + 100 * 0.11;
		expect(Math.abs(facts.durationSeconds - wanted)).toBeLessThan(0.5 * (576 / 24000) + 1e-9);
	});

	test('the header frame lets players seek: its table names the byte at every hundredth of the time', async () => {
		const parts = [
			await encoded(3, 24000, 1, 'mp3', ['-q:a', '2']),
			await encoded(3, 24000, 1, 'mp3', ['-b:a', '16k']),
		];
		const { file, facts } = await joinFiles(parts, 500);
		const untagged = file.subarray(lengthTag(facts.durationSeconds).length);
		const table = untagged.subarray(4 + 9 + 16, 4 + 9 + 16 + 100);
		const offsets: number[] = [];
		for (let at = 0; at < untagged.length; at += readMpegHeader(untagged, at)!.lengthBytes) offsets.push(at);
		const frames = offsets.length - 1;
		for (const [entry, value] of table.entries()) {
			const offset = offsets[1 + Math.floor((entry * frames) / 100)]!;
			expect(Math.abs(value - (offset / untagged.length) * 256)).toBeLessThan(2);
		}
	});

	test('a tag says how long the sound is, in milliseconds', async () => {
		const part = await encoded(1, 24000, 1, 'mp3', []);
		const { file, facts } = await joinFiles([part, part], 500);
		expect(await tags(file)).toEqual({ TLEN: String(Math.round(facts.durationSeconds * 1000)) });
	});

	test.each([1, 7, 100_000])('chunks of %i bytes make the same file', async (chunkBytes) => {
		const parts = [await encoded(0.5, 24000, 1, 'mp3', []), await encoded(0.3, 24000, 1, 'mp3', [])];
		expect((await joinFiles(parts, 100, chunkBytes)).file).toEqual((await joinFiles(parts, 100)).file);
	});

	/** The largest one within a part, its first and last frames aside. */
	function difference(whole: Int16Array, part: Int16Array): number {
		let most = 0;
		for (let at = 1500; at < part.length - 1500; at++)
			most = Math.max(most, Math.abs(whole[at]! - part[at]!));
		return most;
	}
});

describe('refusals say what differs', () => {
	const wav = (fields: Parameters<typeof fmtChunk>[0]) =>
		riff([fmtChunk(fields), chunk('data', samples(100))]);
	const mp3 = (header: number[]) =>
		joined(...[1, 2, 3].map(() => mp3Frames(1).map((byte, at) => header[at] ?? byte)));
	const flac = joined(
		latin1('fLaC\x00\x00\x00\x22'),
		new Uint8Array(10),
		Uint8Array.of(0x0a, 0xc4, 0x42, 0xf0),
		new Uint8Array(20),
	);

	test.each<[string, Uint8Array, Uint8Array, string]>([
		[
			'rate',
			wav({}),
			wav({ rateHz: 16000 }),
			'Part 1 is 8000 Hz and part 2 is 16000 Hz: parts of one file need the same sample rate.',
		],
		[
			'channels',
			wav({}),
			wav({ channels: 2 }),
			'Part 1 is mono and part 2 is of 2 channels: parts of one file need the same number of channels.',
		],
		[
			'bits',
			wav({}),
			wav({ bits: 24 }),
			'Part 1 is 16 bit and part 2 is 24 bit: parts of one file need the same bit depth.',
		],
		[
			'encoding',
			wav({ bits: 32 }),
			wav({ bits: 32, tag: 3 }),
			'Part 1 is PCM and part 2 is floating point: parts of one file need the same encoding.',
		],
		[
			'MP3 channels',
			mp3([]),
			mp3([0xff, 0xfb, 0x90, 0x40]),
			'Part 1 is mono and part 2 is stereo: parts of one file need the same number of channels.',
		],
		['format', wav({}), mp3([]), 'Part 1 is WAV and part 2 is MP3: parts of one file need the same format.'],
		['unsupported', flac, flac, 'Only WAV and MP3 can be joined; the parts are FLAC.'],
		[
			'compressed',
			wav({ tag: 2 }),
			wav({ tag: 2 }),
			'Part 1 is compressed WAV, which cannot be joined; ask for PCM.',
		],
	])('%s', (_, first, second, sentence) => {
		expect(() => planJoin(asParts([first, second], 0))).toThrow(new JoinRefusal('different', sentence));
	});

	test('more than 4 GiB of WAV', () => {
		const facts = measureAudio(wav({}));
		const huge = { ...facts, wav: { ...facts.wav!, dataBytes: 3_000_000_000 } };
		const parts = [huge, huge].map((part) => ({ facts: part, pauseAfterMs: 0 }));
		expect(() => planJoin(parts)).toThrow('The joined WAV file would be larger than 4 GiB; ask for MP3.');
	});

	test('no parts', () => {
		expect(() => planJoin([])).toThrow('There is no part to join.');
	});

	test.each(['wav', 'mp3'] as const)('a %s part that is not the one that was measured', async (name) => {
		const part = name === 'wav' ? wav({}) : joined(id3v2(20), mp3Frames(5));
		const plan = planJoin(asParts([part, part], 0));
		expect(plan.joined.format).toBe(audioFormat(name));
		const drain = async () => {
			for await (const piece of joinAudio(plan, (index) =>
				inChunks(part.subarray(0, part.length - 50 * index)),
			))
				void piece;
		};
		await expect(drain()).rejects.toMatchObject({
			reason: 'changed',
			message: expect.stringContaining('Part 2'),
		});
	});
});
