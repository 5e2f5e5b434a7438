import { balance } from './balance';
import {
	countSpan,
	isBetweenUnspacedWords,
	sourceOf,
	stretchesOf,
	wholeText,
	type Source,
	type Span,
} from './cuts';
import type { Turn } from './script';

/** One caption: shown from `startSeconds` until `endSeconds` of the audio, in one or two lines. */
export interface Cue {
	startSeconds: number;
	endSeconds: number;
	lines: string[];
	/** Who speaks, counted from 0 as in {@link Turn}. */
	speaker?: number;
}

/** What was said in one stretch of the audio whose start and end are known. */
export interface SpokenPart {
	text: string;
	startSeconds: number;
	endSeconds: number;
	/** For a part of a script: what was said instead of `text`, with the speakers' numbers in the whole script. */
	turns?: readonly Turn[];
}

export type CaptionFormat = 'srt' | 'vtt';

const MAX_LINES = 2;

/** Columns of a line. A wide character (Chinese, Japanese, Korean, emoji) takes two of them, as it does on the screen. */
const MAX_COLUMNS = 42;

/** Captions of one speaker that would be gone sooner are shown together with the next, as far as both fit. */
const MIN_SECONDS = 1;

/**
 * Captions for parts whose times are known: exact where a part starts and ends, and in between estimated from how long
 * each sentence takes to say. A sentence that needs more than two lines of 42 columns goes on in the next caption.
 *
 * The captions are in order, lie within their parts and do not overlap. Parts without text or duration have none.
 */
export function cuesFromParts(parts: readonly SpokenPart[], locale?: string): Cue[] {
	return parts.flatMap((part) => {
		const duration = part.endSeconds - part.startSeconds;
		const blocks = joinBrief(blocksOf(part, locale), duration);
		const total = blocks.reduce((sum, block) => sum + block.weight, 0);
		if (!(duration > 0) || total === 0) return [];
		let spoken = 0;
		const timeAt = (weight: number) =>
			weight >= total ? part.endSeconds : part.startSeconds + (duration * weight) / total;
		return blocks.map(({ lines, weight, speaker }) => {
			const startSeconds = timeAt(spoken);
			spoken += weight;
			return { startSeconds, endSeconds: timeAt(spoken), lines, ...(speaker !== undefined && { speaker }) };
		});
	});
}

/**
 * The captions as a file: SubRip (`srt`) or WebVTT (`vtt`, https://www.w3.org/TR/webvtt1/), which also names the speakers.
 * Times are rounded down to milliseconds; a caption that would then be shown for no time at all is left out.
 */
export function renderCaptions(cues: readonly Cue[], format: CaptionFormat): string {
	const visible = cues.filter((cue) => milliseconds(cue.startSeconds) < milliseconds(cue.endSeconds));
	if (format === 'vtt') return ['WEBVTT\n', ...visible.map(vttCue)].join('\n');
	return visible.map((cue, index) => `${index + 1}\n${srtCue(cue)}`).join('\n');
}

/** Lines that are shown together, and how long they take to say in units of a letter. */
type Block = { lines: string[]; weight: number; speaker: number | undefined };

function blocksOf(part: SpokenPart, locale: string | undefined): Block[] {
	const turns = part.turns ?? [{ speaker: undefined, text: part.text }];
	return turns.flatMap(({ speaker, text }) =>
		sentencesOf(text, locale).flatMap((sentence) =>
			screenfuls(linesOf(sentence, locale)).map((lines) => ({
				lines,
				weight: weightOf(lines.join(' ')),
				speaker,
			})),
		),
	);
}

/** The sentences, each on one line. */
function sentencesOf(text: string, locale: string | undefined): string[] {
	const whole = wholeText(text);
	if (whole.start === whole.end) return [];
	return stretchesOf(sourceOf(text, columnsOf, locale), whole, Infinity).map(({ start, end }) =>
		text.slice(start, end).replace(/[^\S\u00a0\u2007\u202f]+/g, ' '),
	);
}

/** The sentence in lines of even length. */
function linesOf(sentence: string, locale: string | undefined): string[] {
	const source = sourceOf(sentence, columnsOf, locale);
	const words = unbreakables(source);
	let columns = 0;
	let end = 0;
	const pieces = words.map((word) => {
		const countStart = columns + countSpan(source, { start: end, end: word.start });
		columns = countStart + countSpan(source, word);
		end = word.end;
		const isPause = /[\p{Po}\p{Pd}\p{Pe}]$/u.test(sentence.slice(word.start, word.end));
		return { countStart, countEnd: columns, cutCost: isPause ? 0 : 0.04 };
	});
	return balance(pieces, MAX_COLUMNS).map(({ first, last }) =>
		sentence.slice(words[first]?.start, words[last]?.end),
	);
}

/** What a line has to keep together: words with their punctuation; of what is longer than a line, pieces that fit. */
function unbreakables(source: Source): Span[] {
	const { text } = source;
	const words: Span[] = [];
	let start = 0;
	for (const { segment, index } of source.segmenter('word').segment(text)) {
		const isSpace = segment === ' ';
		const canBreak = isSpace || (isBetweenUnspacedWords(text, index) && !source.isInsideToken(index));
		if (!canBreak) continue;
		if (index > start) words.push({ start, end: index });
		start = isSpace ? index + 1 : index;
	}
	if (start < text.length) words.push({ start, end: text.length });
	return words.flatMap((word) =>
		countSpan(source, word) > MAX_COLUMNS ? stretchesOf(source, word, MAX_COLUMNS) : [word],
	);
}

function screenfuls(lines: readonly string[]): string[][] {
	const screens: string[][] = [];
	for (let at = 0; at < lines.length; at += MAX_LINES) screens.push(lines.slice(at, at + MAX_LINES));
	return screens;
}

/** Puts a caption that is too brief to read together with its neighbour, each on a line of its own. */
function joinBrief(blocks: readonly Block[], durationSeconds: number): Block[] {
	const total = blocks.reduce((sum, block) => sum + block.weight, 0);
	const isBrief = (block: Block) => (durationSeconds * block.weight) / total < MIN_SECONDS;
	const joined: Block[] = [];
	for (const block of blocks) {
		const previous = joined.at(-1);
		if (!previous || previous.speaker !== block.speaker || !(isBrief(previous) || isBrief(block))) {
			joined.push(block);
			continue;
		}
		const lines = stacked(previous.lines, block.lines);
		if (lines) joined.splice(-1, 1, { ...block, lines, weight: previous.weight + block.weight });
		else joined.push(block);
	}
	return joined;
}

/** Both on one screen: on one line if they fit, else one below the other, or undefined. */
function stacked(above: readonly string[], below: readonly string[]): string[] | undefined {
	const [last, first] = [above.at(-1) ?? '', below[0] ?? ''];
	const line = columnsOf(last) > 0 ? `${last} ${first}` : first;
	const oneLine =
		columnsOf(line) <= MAX_COLUMNS ? [...above.slice(0, -1), line, ...below.slice(1)] : undefined;
	if (oneLine && oneLine.length <= MAX_LINES) return oneLine;
	return above.length + below.length <= MAX_LINES ? [...above, ...below] : undefined;
}

const WIDE =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** Terminal columns by grapheme: two for what is wide, one for anything else. */
export function columnsOf(text: string): number {
	if (/^[ -~]*$/.test(text)) return text.length;
	let columns = 0;
	for (const { segment } of GRAPHEMES.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
	return columns;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How long characters take to say, the letter of an alphabet being 1. The first row that matches counts. */
const WEIGHTS: Array<[characters: RegExp, weight: number]> = [
	[/[\p{Script=Han}\p{Script=Hangul}]/u, 2.5],
	[/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 2],
	[/\p{Nd}/u, 4],
	[/\p{L}/u, 1],
	[/\p{Sentence_Terminal}/u, 4],
	[/[,;:،؛、，；：—–…]/u, 2],
	[/\s/u, 0.5],
];

const knownWeights = new Map<string, number>();

function weightOf(text: string): number {
	let weight = 0.1;
	for (const character of text) {
		weight += knownWeights.get(character) ?? weightOfCharacter(character);
	}
	return weight;
}

function weightOfCharacter(character: string): number {
	const weight = WEIGHTS.find(([characters]) => characters.test(character))?.[1] ?? 0;
	knownWeights.set(character, weight);
	return weight;
}

function srtCue(cue: Cue): string {
	const text = cue.lines.join('\n').replaceAll('-->', '->');
	return `${timestamp(cue.startSeconds, ',')} --> ${timestamp(cue.endSeconds, ',')}\n${text}\n`;
}

function vttCue(cue: Cue): string {
	const text = cue.lines.join('\n').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
	const voice = cue.speaker === undefined ? '' : `<v Speaker ${cue.speaker + 1}>`;
	return `${timestamp(cue.startSeconds, '.')} --> ${timestamp(cue.endSeconds, '.')}\n${voice}${text}\n`;
}

function timestamp(seconds: number, decimalMark: ',' | '.'): string {
	const ms = milliseconds(seconds);
	const pad = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0');
	const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60]
		.map((value) => pad(value, 2))
		.join(':');
	return `${clock}${decimalMark}${pad(ms % 1_000, 3)}`;
}

/** Rounded down, so that no caption outlasts its audio; 4.35 s is 4350 ms although its product is a little less. */
function milliseconds(seconds: number): number {
	return Math.floor(seconds * 1_000 + 1e-6);
}
