import { createFeed } from '../../../../nodes/shared/audio/feed';
import type { ByteReader, Reading } from '../../../../nodes/shared/audio/feed';
import { skipLeadingTags } from '../../../../nodes/shared/audio/frames';
import { JoinRefusal, planJoin } from '../../../../nodes/shared/audio/join';
import { measureAudio } from '../../../../nodes/shared/audio/measure';
import { measureMp3 } from '../../../../nodes/shared/audio/mp3';
import { measureOgg } from '../../../../nodes/shared/audio/ogg';
import { chunk, fmtChunk, id3v2, joined, latin1, le16, le32, le64, mp3Frames, riff } from './bytes.mts';
import { run, sound } from './ffmpeg.mts';

jest.setTimeout(30_000);

/** An Ogg page with one packet. */
const page = (flags: number, granule: number, packet: Uint8Array): Uint8Array =>
	joined(
		...[latin1('OggS'), Uint8Array.of(0, flags), le64(granule), new Uint8Array(12)],
		Uint8Array.of(1, packet.length),
		packet,
	);
const opusHead = joined(latin1('OpusHead\x01\x01'), le16(0), le32(48_000), new Uint8Array(3));
const opusFile = (granule: number) =>
	joined(page(2, 0, opusHead), page(4, granule, new Uint8Array(20)), new Uint8Array(0));

describe('a duration that no file has is not known', () => {
	test.each([
		['an hour', 3600, 3600],
		['1,000 hours', 3_600_000, 3_600_000],
		['a second more', 3_600_001, null],
		['100,000,000,000 s', 1e11, null],
	])('Ogg granule of %s', (_, seconds, duration) => {
		expect(measureAudio(opusFile(seconds * 48_000))).toMatchObject({
			durationSeconds: duration,
			sampleRateHz: 48_000,
			truncated: false,
		});
	});
});

describe('a FLAC file that was cut', () => {
	const flacFile = async (args: string[]) =>
		(await run('ffmpeg', ['-v', 'error', ...sound(3, 16_000), '-c:a', 'flac', ...args, '-f', 'flac', '-']))
			.stdout;
	// A pipe cannot be rewound, so ffmpeg leaves the number of samples open; the test fills it in.
	const whole = async () => {
		const file = Uint8Array.from(await flacFile([]));
		new DataView(file.buffer).setUint32(22, 48_000);
		return file;
	};

	test('whole: not truncated', async () => {
		expect(measureAudio(await whole())).toMatchObject({ durationSeconds: 3, truncated: false });
	});
	test.each([0.25, 0.5, 0.9])(
		'cut at %d of its bytes: truncated, and the duration of what came',
		async (share) => {
			const file = await whole();
			const facts = measureAudio(file.subarray(0, Math.floor(file.length * share)));
			expect(facts).toMatchObject({ truncated: true, problem: null, sampleRateHz: 16_000 });
			expect(Math.abs(facts.durationSeconds! - 3 * share)).toBeLessThan(0.6);
		},
	);
	test('cut within its metadata: truncated', async () => {
		expect(measureAudio((await whole()).subarray(0, 60))).toMatchObject({ truncated: true });
	});
	test('of unknown length: neither truncated nor measured', async () => {
		const file = await flacFile([]);
		expect(measureAudio(file.subarray(0, file.length / 2))).toMatchObject({
			durationSeconds: null,
			truncated: false,
		});
	});
});

test('WAV with 0 bits per sample is not joined', () => {
	const file = riff([fmtChunk({ bits: 0 }), chunk('data', new Uint8Array(400))]);
	const part = { facts: measureAudio(file), pauseAfterMs: 0 };
	const plan = () => planJoin([part, part]);
	expect(plan).toThrow(JoinRefusal);
	expect(plan).toThrow('Part 1 is WAV with 0 bits per sample, which cannot be joined.');
});

describe('the steps of a parser grow with the chunks, not with the pages or tags in them', () => {
	const CHUNK_BYTES = 64 * 1024;

	/** How often a parser asks for bytes. */
	function countPeeks(file: Uint8Array, parse: (bytes: ByteReader) => Reading<unknown>): number {
		let peeks = 0;
		const feed = createFeed(function* (bytes) {
			yield* parse({
				get position() {
					return bytes.position;
				},
				peek(count) {
					peeks += 1;
					return bytes.peek(count);
				},
				skip: (count) => bytes.skip(count),
				take: (count, sink) => bytes.take(count, sink),
			});
		});
		for (let at = 0; at < file.length; at += CHUNK_BYTES) feed.push(file.subarray(at, at + CHUNK_BYTES));
		feed.end();
		return peeks;
	}
	const repeated = (unit: Uint8Array) => Uint8Array.from(Buffer.alloc(unit.length * 50_000, unit));
	const emptyPage = joined(latin1('OggS'), new Uint8Array(23));

	test.each<[string, Uint8Array, (bytes: ByteReader) => Reading<unknown>]>([
		['empty Ogg pages', repeated(emptyPage), measureOgg],
		['beginnings of Ogg pages', joined(emptyPage, repeated(latin1('O'))), measureOgg],
		['ID3 tags before the sound', repeated(id3v2(0)), skipLeadingTags],
		['ID3 tags behind the sound', joined(mp3Frames(2), repeated(id3v2(0))), measureMp3],
	])('%s', (_, file, parse) => {
		const chunks = Math.ceil(file.length / CHUNK_BYTES);
		expect(countPeeks(file, parse)).toBeLessThan(20 + 8 * chunks);
	});
});
