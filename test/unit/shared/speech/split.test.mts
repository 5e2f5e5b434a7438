import fc from 'fast-check';
import { Failure } from '../../../../nodes/shared/speech/failure';
import { countCharacters } from '../../../../nodes/shared/speech/job';
import { parseScript } from '../../../../nodes/shared/speech/script';
import { splitScript, splitText } from '../../../../nodes/shared/speech/split';
import { URLS, sampleText } from './texts.mts';

const CASES = 10_000;

/** Each row: a text, a limit, and the parts. */
const cuts: Record<string, [text: string, limit: number, parts: string[]]> = {
	'a text that fits stays whole': ['One. Two.\n\nThree.', 100, ['One. Two.\n\nThree.']],
	'white space around the text is no part of it': [' \n One. \n', 100, ['One.']],
	'paragraphs before sentences': ['Aa aa. Bb bb.\n\nCc cc. Dd dd.', 15, ['Aa aa. Bb bb.', 'Cc cc. Dd dd.']],
	'sentences before clauses': ['Aa, aa aa. Bb, bb bb.', 12, ['Aa, aa aa.', 'Bb, bb bb.']],
	'clauses before words': ['Aaaa aaaa aa, bbbb bbbb bb', 15, ['Aaaa aaaa aa,', 'bbbb bbbb bb']],
	'words before graphemes': ['aaaa bbbb cccc dddd', 10, ['aaaa bbbb', 'cccc dddd']],
	'graphemes at last': ['👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 10, ['👨‍👩‍👧👨‍👩‍👧', '👨‍👩‍👧👨‍👩‍👧']],
	'Chinese sentences': [
		'早上下雨。中午晴天。晚上下雪。夜里刮风。',
		12,
		['早上下雨。中午晴天。', '晚上下雪。夜里刮风。'],
	],
	'Japanese quotations stay closed': ['「行こう。」「待って。」', 7, ['「行こう。」', '「待って。」']],
	'Thai at spaces': ['เช้านี้ฝนตก บ่ายแดดออก', 12, ['เช้านี้ฝนตก', 'บ่ายแดดออก']],
	'Thai words': ['เช้านี้ฝนตกหนัก', 10, ['เช้านี้', 'ฝนตกหนัก']],
	'Arabic sentences': ['كان الصباح باردا. من هناك؟', 18, ['كان الصباح باردا.', 'من هناك؟']],
	'Hindi sentences': ['वह आई। वह गई।', 8, ['वह आई।', 'वह गई।']],
	'no sentence ends behind an abbreviation': [
		'We met Dr. Lee at noon. He left.',
		24,
		['We met Dr. Lee at noon.', 'He left.'],
	],
	'no word ends at a space that does not break': ['aaaa bb\u00a0cc dddd', 9, ['aaaa', 'bb\u00a0cc', 'dddd']],
	'an accent stays on the space that carries it': ['aaaa \u0301bbbb', 6, ['aaaa \u0301', 'bbbb']],
	'a hard-wrapped line ends no sentence': [
		'One two\nthree four. Five six.',
		20,
		['One two\nthree four.', 'Five six.'],
	],
};

describe('splitText', () => {
	it.each(Object.entries(cuts))('%s', (_rule, [text, limit, parts]) => {
		expect(splitText(text, limit).map((part) => part.text)).toEqual(parts);
	});

	it.each(['', ' ', '\n\t\u3000'])('has no parts for %j', (text) => {
		expect(splitText(text, 10)).toEqual([]);
	});

	it('tells where a sentence goes on', () => {
		const parts = splitText('One two, three four five six. Seven.', 13);
		expect(parts.map((part) => part.endOf)).toEqual(['clause', 'word', 'sentence', 'paragraph']);
	});

	it('tells where a paragraph ends', () => {
		const parts = splitText('Aa aa. Bb bb.\n\nCc cc. Dd dd.\nEe ee.', 7);
		expect(parts.map((part) => [part.text, part.endOf])).toEqual([
			['Aa aa.', 'sentence'],
			['Bb bb.', 'paragraph'],
			['Cc cc.', 'sentence'],
			['Dd dd.', 'paragraph'],
			['Ee ee.', 'paragraph'],
		]);
	});

	it('gives offsets into the source', () => {
		const text = '  One.\n\n Two. ';
		expect(splitText(text, 5).map(({ start, end }) => text.slice(start, end))).toEqual(['One.', 'Two.']);
	});

	it('counts code points', () => {
		expect(splitText('😀😀😀😀', 4)).toHaveLength(1);
		expect(splitText('😀😀😀😀😀', 4)).toHaveLength(2);
	});

	it('leaves no crumbs at the end', () => {
		const sentences = Array.from({ length: 101 }, (_, n) => `This is sentence number ${n + 1000}.`);
		const sizes = splitText(sentences.join(' '), 1000).map((part) => part.text.length);
		expect(Math.min(...sizes) / Math.max(...sizes)).toBeGreaterThan(0.9);
	});

	it('takes as few parts as filling each up to the limit would', () => {
		const sentences = Array.from(
			{ length: 2_000 },
			(_, n) => `So${' and so'.repeat((n * 7) % 19)} it went on.`,
		);
		expect(splitText(sentences.join(' '), 500)).toHaveLength(linesWhenFilled(sentences, 500));
	});

	it('prefers the end of a paragraph that is close to the even cut', () => {
		const sentence = 'Ten words make a sentence that is not too long. ';
		const text = `${sentence.repeat(9)}\n\n${sentence.repeat(11)}`;
		expect(splitText(text, 600).map((part) => part.endOf)).toEqual(['paragraph', 'paragraph']);
	});

	it.each([895, 897, 899, 901, 903])('finds the end of a paragraph among sentences of one word (%d)', (n) => {
		const text = `${'Yes. '.repeat(n)}\n\n${'Oh. '.repeat(2_000 - n)}`;
		expect(splitText(text, 6_000).map((part) => part.endOf)).toEqual(['paragraph', 'paragraph']);
	});

	it.each(URLS)('keeps %s whole when it is long but fits', (url) => {
		const parts = splitText(`See ${url}, then ${url}. And ${url}!`, url.length + 1);
		expect(parts.filter((part) => part.text.includes(url))).toHaveLength(3);
	});

	it('cuts a URL that fits nowhere', () => {
		const url = `https://example.com/${'a'.repeat(100)}`;
		expect(
			splitText(url, 50)
				.map((part) => part.text)
				.join(''),
		).toBe(url);
	});

	it('refuses a grapheme that is over the limit', () => {
		expect(() => splitText('a👨‍👩‍👧‍👦b', 5)).toThrow(Failure);
	});

	it.each([0, -1, Number.NaN])('refuses a limit of %p', (limit) => {
		expect(() => splitText('text', limit)).toThrow(RangeError);
	});

	it('takes any locale, known or not', () => {
		for (const locale of ['th', 'zh-Hans-CN', 'en_US', '', '!']) {
			expect(splitText('One. Two.', 5, { locale })).toHaveLength(2);
		}
	});

	describe(`of ${CASES} texts in ten scripts`, () => {
		it('loses nothing but white space at the cuts, keeps to the limit, and cuts no grapheme, number or URL', () => {
			fc.assert(
				fc.property(sampleText, fc.integer({ min: 40, max: 400 }), ({ text, tokens }, limit) => {
					const parts = splitText(text, limit);
					expect(whatIsLost(text, parts)).toMatch(/^\s*$/);
					for (const part of parts) {
						expect(part.text).toBe(text.slice(part.start, part.end));
						expect(part.text).toBe(part.text.trim());
						expect(countCharacters(part.text)).toBeLessThanOrEqual(limit);
					}
					const starts = graphemeStarts(text);
					for (const cut of parts.flatMap(({ start, end }) => [start, end]).slice(1, -1)) {
						expect(starts).toContain(cut);
						expect(tokens.filter(({ start, end }) => start < cut && cut < end)).toEqual([]);
					}
				}),
				{ numRuns: CASES },
			);
		}, 60_000);

		it('keeps to a limit of a few characters, too', () => {
			fc.assert(
				fc.property(sampleText, fc.integer({ min: 20, max: 40 }), ({ text }, limit) => {
					const parts = splitText(text, limit);
					expect(whatIsLost(text, parts)).toMatch(/^\s*$/);
					for (const part of parts) expect([...part.text].length).toBeLessThanOrEqual(limit);
				}),
				{ numRuns: 2_000 },
			);
		}, 60_000);
	});

	const hostile: Record<string, string> = {
		'English prose':
			'The quick brown fox, who was 3.14 years old, jumped over Dr. Smith. "Really?" he asked!\n\n',
		'Chinese prose': '今天天气很好，我们去公园散步吧。',
		'Thai without spaces': 'วันนี้อากาศดีมากเราไปเดินเล่นที่สวนสาธารณะ',
		'one endless word': 'a',
		'white space only between two letters': ' \n',
		'a number without end': '1,234.',
		'sentences of one letter': 'A! ',
		flags: '🇺🇦',
		'commas and line breaks': ',\n',
		brackets: '(([[',
		'an endless address': 'a.b-c',
	};

	it.each(Object.keys(hostile))('splits 250,000 characters of %s within five seconds', (kind) => {
		const unit = hostile[kind] ?? '';
		const text = `x${unit.repeat(Math.ceil(250_000 / unit.length))}x`;
		expect(millisecondsFor(() => splitText(text, 4_096))).toBeLessThan(5_000);
	});

	it('splits a million characters of prose in about a second, on a machine with nothing else to do', () => {
		const prose = Object.values(hostile).slice(0, 2).join('');
		const text = prose.repeat(Math.ceil(1_000_000 / prose.length));
		expect(millisecondsFor(() => splitText(text, 4_096))).toBeLessThan(4_000);
	});
});

describe('splitScript', () => {
	const dialogue = parseScript(
		Array.from(
			{ length: 60 },
			(_, n) => `Speaker ${(n * 7) % 4}: Turn ${n} says this. And then it says that.`,
		).join('\n'),
	);

	it('keeps a script that fits', () => {
		const script = parseScript('Speaker 1: Hi.\nSpeaker 2: Hello.');
		expect(splitScript(script, 100)).toEqual([
			{ ...script, speakers: [0, 1], text: 'Speaker 0: Hi.\nSpeaker 1: Hello.', endOf: 'paragraph' },
		]);
	});

	it('cuts between turns, and numbers the speakers of each part from 0', () => {
		const script = parseScript('Speaker 0: Aa.\nSpeaker 1: Bb.\nSpeaker 2: Cc.\nSpeaker 1: Dd.');
		expect(splitScript(script, 30).map(({ text, speakers }) => [text, speakers])).toEqual([
			['Speaker 0: Aa.\nSpeaker 1: Bb.', [0, 1]],
			['Speaker 1: Cc.\nSpeaker 0: Dd.', [1, 2]],
		]);
	});

	it('cuts a turn only when it is too long for a part, and names its speaker again', () => {
		const script = parseScript('Speaker 0: Short.\nSpeaker 1: One two. Three four. Five six.');
		const parts = splitScript(script, 32);
		expect(parts.map(({ text, speakers }) => [text, speakers])).toEqual([
			['Speaker 0: Short.', [0]],
			['Speaker 0: One two. Three four.', [1]],
			['Speaker 0: Five six.', [1]],
		]);
		expect(parts.map((part) => part.endOf)).toEqual(['paragraph', 'sentence', 'paragraph']);
	});

	it('gives every turn the voice it has in the whole script', () => {
		const spoken = splitScript(dialogue, 500).flatMap(({ turns, speakers }) =>
			turns.map((turn) => ({ speaker: speakers[turn.speaker], text: turn.text })),
		);
		expect(spoken).toEqual(dialogue.turns);
	});

	it('refuses a limit without room for a word behind the prefix', () => {
		expect(() => splitScript(dialogue, 11)).toThrow(Failure);
	});

	it(`keeps ${CASES} scripts within the limit and loses no word of any speaker`, () => {
		const turn = fc.tuple(
			fc.nat({ max: 3 }),
			sampleText.map(({ text }) => text),
		);
		const scripts = fc.array(turn, { minLength: 1, maxLength: 5 }).map((turns) => {
			const lines = turns.map(([speaker, text]) => `Speaker ${speaker}: ${text.replace(/\s+/g, ' ')}`);
			return parseScript(['Speaker 0: Begin.', ...lines].join('\n'));
		});
		fc.assert(
			fc.property(scripts, fc.integer({ min: 50, max: 500 }), (script, limit) => {
				const parts = splitScript(script, limit);
				for (const part of parts) {
					expect(countCharacters(part.text)).toBeLessThanOrEqual(limit);
					expect(parseScript(part.text)).toEqual({ turns: part.turns, speakerCount: part.speakerCount });
				}
				const said = script.turns.map((_, speaker) => wordsOf(script.turns, speaker));
				const saidInParts = script.turns.map((_, speaker) =>
					wordsOf(
						parts.flatMap((part) =>
							part.turns.map((t) => ({ ...t, speaker: part.speakers[t.speaker] ?? -1 })),
						),
						speaker,
					),
				);
				expect(saidInParts).toEqual(said);
			}),
			{ numRuns: CASES },
		);
	}, 60_000);
});

function millisecondsFor(act: () => unknown): number {
	const before = performance.now();
	act();
	return performance.now() - before;
}

function whatIsLost(text: string, parts: Array<{ start: number; end: number }>): string {
	const ends = [0, ...parts.map((part) => part.end)];
	const starts = [...parts.map((part) => part.start), text.length];
	return ends.map((end, index) => text.slice(end, starts[index])).join('');
}

/** The number of lines that it takes to write the sentences one after the other, each line filled up to the limit. */
function linesWhenFilled(sentences: string[], limit: number): number {
	let lines = 1;
	let size = -1;
	for (const sentence of sentences) {
		if (size + 1 + sentence.length > limit) {
			lines++;
			size = -1;
		}
		size += 1 + sentence.length;
	}
	return lines;
}

function graphemeStarts(text: string): Set<number> {
	const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
	return new Set([...Array.from(segments, (segment) => segment.index), text.length]);
}

function wordsOf(turns: Array<{ speaker: number; text: string }>, speaker: number): string {
	const own = turns.filter((turn) => turn.speaker === speaker);
	return own.map((turn) => turn.text.replace(/\s/g, '')).join('');
}
