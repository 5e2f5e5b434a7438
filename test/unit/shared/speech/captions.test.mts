import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ffprobe from '@ffprobe-installer/ffprobe';
import fc from 'fast-check';

import {
	columnsOf,
	cuesFromParts,
	renderCaptions,
	type Cue,
	type SpokenPart,
} from '../../../../nodes/shared/speech/captions';
import { sampleText } from './texts.mts';

const part = (text: string, startSeconds: number, endSeconds: number): SpokenPart => ({
	text,
	startSeconds,
	endSeconds,
});
const shown = (cues: Cue[]) => cues.map((cue) => cue.lines);

describe('cuesFromParts', () => {
	it('is exact where a part starts and ends', () => {
		const cues = cuesFromParts([part('One is here. Two is there.', 0, 4), part('Three.', 4.5, 6.25)]);
		expect(cues.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
			[0, expect.any(Number)],
			[cues[0]?.endSeconds, 4],
			[4.5, 6.25],
		]);
	});

	it('gives each sentence the time it takes to say', () => {
		const [short, long] = cuesFromParts([
			part('A few words. A sentence of about twice as many words.', 0, 9),
		]);
		expect(short?.endSeconds).toBeGreaterThan(2);
		expect(short?.endSeconds).toBeLessThan(4);
		expect(long?.startSeconds).toBe(short?.endSeconds);
	});

	it('breaks lines at words, evenly', () => {
		const text = 'The rain had stopped before the first of the guests arrived.';
		expect(shown(cuesFromParts([part(text, 0, 5)]))).toEqual([
			['The rain had stopped before the', 'first of the guests arrived.'],
		]);
	});

	it('goes on in the next caption after two lines', () => {
		const text = `${'Again and again the waves came in, '.repeat(4)}until they did not.`;
		const cues = cuesFromParts([part(text, 0, 12)]);
		expect(cues.length).toBeGreaterThan(1);
		expect(shown(cues).flat().join(' ')).toBe(text);
	});

	const unspaced: Record<string, string> = {
		Chinese: '早上下着大雨，街上没有人，只有一只猫坐在窗台上看着外面的雨，等着太阳出来，等了很久很久。',
		Japanese:
			'朝から雨が降っていて、通りには誰もいなかったので、猫だけが窓辺に座って、太陽が出るのを待っていた。',
		Thai: 'เช้านี้ฝนตกหนักมากไม่มีใครอยู่บนถนนมีแต่แมวตัวหนึ่งนั่งอยู่ริมหน้าต่างรอให้พระอาทิตย์ออกมา',
	};

	it.each(Object.entries(unspaced))(
		'breaks lines of %s between words, never before a comma',
		(_script, text) => {
			const lines = shown(cuesFromParts([part(text, 0, 20)])).flat();
			expect(lines.length).toBeGreaterThan(1);
			expect(lines.join('')).toBe(text);
			const boundaries = wordStarts(text);
			let offset = 0;
			for (const line of lines) {
				expect(boundaries).toContain(offset);
				expect(line).not.toMatch(/^[、，。]/);
				offset += line.length;
			}
		},
	);

	it('counts wide characters twice', () => {
		expect(columnsOf('abc')).toBe(3);
		expect(columnsOf('雨rain👨‍👩‍👧')).toBe(8);
		expect(columnsOf('한글')).toBe(4);
	});

	it('shows what would be gone within a second together with its neighbour', () => {
		expect(shown(cuesFromParts([part('Yes. No. Of course, she said.', 0, 2.2)]))).toEqual([
			['Yes. No. Of course, she said.'],
		]);
	});

	it('keeps speakers apart, however brief they are', () => {
		const turns = [
			{ speaker: 0, text: 'Yes?' },
			{ speaker: 1, text: 'No.' },
		];
		const cues = cuesFromParts([{ ...part('', 0, 1), turns }]);
		expect(cues.map((cue) => [cue.speaker, cue.lines])).toEqual([
			[0, ['Yes?']],
			[1, ['No.']],
		]);
	});

	it.each([part('', 0, 1), part(' \n', 0, 1), part('Text.', 1, 1), part('Text.', 2, 1)])(
		'has none for %j',
		(empty) => {
			expect(cuesFromParts([empty])).toEqual([]);
		},
	);

	it('captions a heading apart from the paragraph below it', () => {
		expect(shown(cuesFromParts([part('A heading\n\nA paragraph of some length.', 0, 8)]))).toEqual([
			['A heading'],
			['A paragraph of some length.'],
		]);
	});

	it('shows every word once, in two lines of 42 columns at most, without overlap, inside the audio', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(sampleText, fc.double({ min: 0.01, max: 60, noNaN: true }))),
				(samples) => {
					let clock = 0;
					const parts = samples.map(([{ text }, seconds]) => part(text, clock, (clock += seconds)));
					const cues = cuesFromParts(parts);
					expect(blackOf(shown(cues).flat().join(''))).toBe(
						blackOf(samples.map(([{ text }]) => text).join('')),
					);
					let end = 0;
					for (const cue of cues) {
						expect(cue.lines.length).toBeLessThanOrEqual(2);
						for (const line of cue.lines) expect(columnsOf(line)).toBeLessThanOrEqual(42);
						expect(cue.startSeconds).toBeGreaterThanOrEqual(end);
						expect(cue.endSeconds).toBeGreaterThan(cue.startSeconds);
						end = cue.endSeconds;
					}
					expect(end).toBeLessThanOrEqual(clock);
				},
			),
			{ numRuns: 1_000 },
		);
	}, 60_000);
});

describe('renderCaptions', () => {
	const cues: Cue[] = [
		{ startSeconds: 0, endSeconds: 4.35, lines: ['One & two', 'a < b --> c'], speaker: 0 },
		{ startSeconds: 3_661.0019, endSeconds: 3_662.9999, lines: ['Three.'] },
	];

	it('writes SubRip', () => {
		expect(renderCaptions(cues, 'srt')).toBe(
			[
				'1\n00:00:00,000 --> 00:00:04,350\nOne & two\na < b -> c\n',
				'2\n01:01:01,001 --> 01:01:02,999\nThree.\n',
			].join('\n'),
		);
	});

	it('writes WebVTT with escapes and voices', () => {
		expect(renderCaptions(cues, 'vtt')).toBe(
			[
				'WEBVTT\n',
				'00:00:00.000 --> 00:00:04.350\n<v Speaker 1>One &amp; two\na &lt; b --&gt; c\n',
				'01:01:01.001 --> 01:01:02.999\nThree.\n',
			].join('\n'),
		);
	});

	it.each(['srt', 'vtt'] as const)('is read by ffmpeg as it was meant (%s)', (format) => {
		const turns = ['Well <i>then</i> & so on --> there?', 'A much longer answer, '.repeat(12)].map(
			(text, speaker) => ({ speaker, text }),
		);
		const meant = cuesFromParts([
			part('早上下着大雨。街上没有人。', 0, 3.5),
			{ ...part('', 4, 3_725.25), turns },
		]);
		const read = readByFfmpeg(renderCaptions(meant, format), format);
		expect(read).toEqual(
			meant.map(({ startSeconds, endSeconds }) => [inMilliseconds(startSeconds), inMilliseconds(endSeconds)]),
		);
	});

	it('leaves out what would be shown for less than a millisecond', () => {
		expect(renderCaptions([{ startSeconds: 1, endSeconds: 1.0004, lines: ['Gone.'] }], 'srt')).toBe('');
	});

	it('is a valid file without captions', () => {
		expect(renderCaptions([], 'vtt')).toBe('WEBVTT\n');
	});
});

/** Start and end of each caption in milliseconds. */
function readByFfmpeg(captions: string, format: 'srt' | 'vtt'): number[][] {
	const folder = mkdtempSync(join(tmpdir(), 'captions-'));
	try {
		const file = join(folder, `captions.${format}`);
		writeFileSync(file, captions);
		const asked = ['-v', 'error', '-show_packets', '-of', 'json', file];
		const { packets } = JSON.parse(execFileSync(ffprobe.path, asked, { encoding: 'utf8' })) as {
			packets: Array<{ pts: number; duration: number }>;
		};
		return packets.map(({ pts, duration }) => [pts, pts + duration]);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function inMilliseconds(seconds: number): number {
	return Math.floor(seconds * 1_000);
}

function wordStarts(text: string): Set<number> {
	return new Set(
		Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text), (word) => word.index),
	);
}

function blackOf(text: string): string {
	return text.replace(/\s/g, '');
}
