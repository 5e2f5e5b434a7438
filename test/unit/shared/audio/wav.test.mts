import { measureAudio } from '../../../../nodes/shared/audio/measure';
import { chunk, fmtChunk, joined, latin1, le32, le64, riff, samples } from './bytes.mts';

const RATE_HZ = 8000;
const DATA = samples(4000);
const HALF_A_SECOND = {
	durationSeconds: 0.5,
	sampleRateHz: RATE_HZ,
	channels: 1,
	truncated: false,
	problem: null,
};

describe('chunks around the sound', () => {
	test.each<[string, Uint8Array[]]>([
		['none', [fmtChunk(), chunk('data', DATA)]],
		['JUNK first', [chunk('JUNK', new Uint8Array(28)), fmtChunk(), chunk('data', DATA)]],
		[
			'LIST and fact between',
			[fmtChunk(), chunk('LIST', latin1('INFOxxxx')), chunk('fact', le32(4000)), chunk('data', DATA)],
		],
		['an odd one, padded', [fmtChunk(), chunk('LIST', latin1('INFOx')), chunk('data', DATA)]],
		[
			'an odd one, its padding forgotten',
			[fmtChunk(), chunk('LIST', latin1('INFOx')).subarray(0, 13), chunk('data', DATA)],
		],
		['an empty one', [chunk('PAD ', new Uint8Array(0)), fmtChunk(), chunk('data', DATA)]],
		['LIST behind', [fmtChunk(), chunk('data', DATA), chunk('LIST', latin1('INFOxxxx'))]],
		['WAVE_FORMAT_EXTENSIBLE', [fmtChunk({ extensible: true }), chunk('data', DATA)]],
	])('%s', (_, chunks) => {
		expect(measureAudio(riff(chunks))).toMatchObject(HALF_A_SECOND);
	});
});

describe('a streaming writer leaves the length open', () => {
	test.each<[string, number, number]>([
		['0 and 0', 0, 0],
		['header only and 0', 36, 0],
		['all ones', 0xffffffff, 0xffffffff],
		['all ones less the header', 0xffffffff, 0xffffffff - 44],
		['signed maximum', 0x7fffffff, 0x7fffffff],
		['signed maximum less the header', 0x7fffffff, 0x7fffffff - 36],
		['signed maximum as whole blocks', 0x7ffff024, 0x7ffff000],
		['sign bit', 0x80000024, 0x80000000],
	])('%s', (_, riffBytes, dataBytes) => {
		const file = riff([fmtChunk(), chunk('data', DATA, dataBytes)], { sizeBytes: riffBytes });
		expect(measureAudio(file)).toMatchObject(HALF_A_SECOND);
	});
});

describe('RF64', () => {
	const ds64 = (dataBytes: number) => chunk('ds64', joined(le64(0), le64(dataBytes), le64(0), le32(0)));
	const rf64 = (declared: number, id = 'RF64') =>
		riff([ds64(declared), fmtChunk(), chunk('data', DATA, 0xffffffff)], { id, sizeBytes: 0xffffffff });

	test.each(['RF64', 'BW64'])('%s takes the length from ds64', (id) => {
		expect(measureAudio(rf64(DATA.length, id))).toMatchObject(HALF_A_SECOND);
	});
	test('a length beyond 4 GiB that did not come is truncated', () => {
		expect(measureAudio(rf64(5_000_000_000))).toMatchObject({ ...HALF_A_SECOND, truncated: true });
	});
});

describe('what is missing is said', () => {
	const whole = riff([fmtChunk(), chunk('data', DATA)]);

	test('half of the sound: truncated, and the duration of what came', () => {
		expect(measureAudio(whole.subarray(0, 44 + 4000))).toMatchObject({
			durationSeconds: 0.25,
			truncated: true,
			problem: null,
		});
	});
	test.each([12, 20, 36, 40])('only %i bytes of header', (length) => {
		expect(measureAudio(whole.subarray(0, length))).toMatchObject({
			durationSeconds: null,
			truncated: true,
			problem: 'The WAV file ends before its sound begins.',
		});
	});
	test('no sound behind a whole header', () => {
		expect(measureAudio(riff([fmtChunk(), chunk('data', new Uint8Array(0))]))).toMatchObject({
			durationSeconds: 0,
			truncated: false,
			problem: 'The WAV file holds no sound.',
		});
	});
	test('an empty data chunk before others stays empty', () => {
		const file = riff([fmtChunk(), chunk('data', new Uint8Array(0)), chunk('LIST', new Uint8Array(400))]);
		expect(measureAudio(file)).toMatchObject({ durationSeconds: 0, problem: 'The WAV file holds no sound.' });
	});
	test.each<[string, Uint8Array]>([
		['no channels', fmtChunk({ channels: 0 })],
		['no rate', fmtChunk({ rateHz: 0 })],
		['data before fmt', new Uint8Array(0)],
	])('%s', (_, fmt) => {
		expect(measureAudio(riff([fmt, chunk('data', DATA)]))).toMatchObject({
			truncated: false,
			problem: 'The WAV file does not say what its sound is.',
		});
	});
});
