import { measureAudio } from '../../../../nodes/shared/audio/measure';
import { id3v2, joined, latin1, le32, mp3Frames } from './bytes.mts';

const FRAME_SECONDS = 1152 / 44100;
const TEN_FRAMES = mp3Frames(10);
const id3v1 = joined(latin1('TAG'), new Uint8Array(125));
const ape = (items: number) => {
	const block = (flags: number) =>
		joined(latin1('APETAGEX'), le32(2000), le32(items + 32), le32(1), le32(flags), new Uint8Array(8));
	return joined(block(0xa0000000), new Uint8Array(items), block(0x80000000));
};

describe('what stands around the frames does not count', () => {
	test.each<[string, Uint8Array]>([
		['nothing', TEN_FRAMES],
		['ID3v2', joined(id3v2(500), TEN_FRAMES)],
		['several ID3v2', joined(id3v2(500), id3v2(20), id3v2(0), TEN_FRAMES)],
		['ID3v2 with a footer', joined(id3v2(500, true), TEN_FRAMES)],
		['zeros', joined(new Uint8Array(1000), TEN_FRAMES)],
		['ID3v2 and zeros', joined(id3v2(500), new Uint8Array(1000), TEN_FRAMES)],
		['ID3v1', joined(TEN_FRAMES, id3v1)],
		['APE', joined(TEN_FRAMES, ape(300))],
		['APE and ID3v1', joined(TEN_FRAMES, ape(300), id3v1)],
		['garbage between frames', joined(mp3Frames(4), new Uint8Array(333).fill(0x5a), mp3Frames(6))],
		[
			'syncs that are none between frames',
			joined(mp3Frames(4), new Uint8Array(333).fill(0xff), mp3Frames(6)),
		],
		['ID3v2 between frames', joined(mp3Frames(4), id3v2(60), mp3Frames(6))],
		['a last frame that is cut', joined(TEN_FRAMES, mp3Frames(1).subarray(0, 200))],
	])('%s', (_, file) => {
		const facts = measureAudio(file);
		expect(facts).toMatchObject({ sampleRateHz: 44100, channels: 1, truncated: false, problem: null });
		expect(facts.format?.name).toBe('mp3');
		expect(facts.mp3?.frames).toBe(10);
		expect(facts.durationSeconds).toBeCloseTo(10 * FRAME_SECONDS, 9);
	});
});

describe('the header frame', () => {
	const be32 = (value: number) => le32(value).reverse();
	const infoFrame = (frames: number, bytes: number) => {
		const frame = mp3Frames(1);
		frame.set(joined(latin1('Xing'), be32(3), be32(frames), be32(bytes)), 4 + 17);
		return frame;
	};
	const vbriFrame = (frames: number, bytes: number) => {
		const frame = mp3Frames(1);
		frame.set(joined(latin1('VBRI'), new Uint8Array(6), be32(bytes), be32(frames)), 36);
		return frame;
	};

	test.each([
		['Xing', infoFrame(10, 11 * 417)],
		['VBRI', vbriFrame(10, 11 * 417)],
	])('%s is no sound', (_, header) => {
		expect(measureAudio(joined(header, TEN_FRAMES))).toMatchObject({ truncated: false, mp3: { frames: 10 } });
	});
	test.each([
		['Xing', infoFrame(20, 21 * 417)],
		['VBRI', vbriFrame(20, 21 * 417)],
	])('%s that declares more than came: truncated', (_, header) => {
		const facts = measureAudio(joined(header, TEN_FRAMES));
		expect(facts).toMatchObject({ truncated: true, mp3: { frames: 10 } });
		expect(facts.durationSeconds).toBeCloseTo(10 * FRAME_SECONDS, 9);
	});
});

test('a tag without frames holds no sound', () => {
	expect(measureAudio(id3v2(500))).toMatchObject({ problem: 'The file holds a tag and no sound.' });
	expect(measureAudio(id3v2(500).subarray(0, 100))).toMatchObject({ truncated: true });
});

test.each<[string, string]>([
	['', 'The file is empty.'],
	['<!DOCTYPE html><html><body>502 Bad Gateway', 'The file is an HTML page, not audio.'],
	['<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', 'The file is an XML document, not audio.'],
	['{"error":"not found"}', 'The file is JSON, not audio.'],
	['Service unavailable', 'The file is text, not audio.'],
	['\x00\x01\x02\x03\x04\x05\x06\x07', 'The file is not audio of a known format.'],
])('%j: %s', (text, problem) => {
	expect(measureAudio(latin1(text))).toMatchObject({ format: null, problem });
});
