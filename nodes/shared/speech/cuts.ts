import { Failure } from './failure';

/** What ends at a cut, from the most natural to the last resort. */
export type Level = 'paragraph' | 'sentence' | 'clause' | 'word' | 'grapheme';

/** UTF-16 offsets into a text; no white space at either end. */
export interface Span {
	start: number;
	end: number;
}

/** A stretch of text that is spoken in one go, and what ends behind it. */
export interface Stretch extends Span {
	level: Level;
}

/** A text together with the rules that depend on its language and its provider. */
export interface Source {
	text: string;
	/** How many characters the provider counts; adds up over graphemes. */
	count: (text: string) => number;
	segmenter: (granularity: 'sentence' | 'word' | 'grapheme') => Intl.Segmenter;
	/** Whether a cut at this offset would go through a number, a URL or an e-mail address. */
	isInsideToken: (offset: number) => boolean;
	/** Whether a grapheme begins at this offset. */
	isGraphemeStart: (offset: number) => boolean;
}

/** Where one stretch ends and, behind white space or at once, the next one starts. */
type Gap = { end: number; start: number };
type Cut = Gap & { level: Level };
type CutFinder = (source: Source, span: Span) => Iterable<Cut>;

export function sourceOf(text: string, count: (text: string) => number, locale?: string): Source {
	const tag = knownLocale(locale);
	const segmenter: Source['segmenter'] = (granularity) => segmenterOf(granularity, tag);
	const graphemes = segmenter('grapheme').segment(text);
	return {
		text,
		count,
		segmenter,
		isInsideToken: tokensOf(text),
		isGraphemeStart: (offset) =>
			offset <= 0 ||
			offset >= text.length ||
			(isSimple(text.charCodeAt(offset - 1)) && isSimple(text.charCodeAt(offset))) ||
			graphemes.containing(offset)?.index === offset,
	};
}

/** The text without the white space around it. */
export function wholeText(text: string): Span {
	const end = text.trimEnd().length;
	return { start: Math.min(end, text.length - text.trimStart().length), end };
}

/** The provider's count of what a span holds. */
export function countSpan(source: Source, span: Span): number {
	return source.count(source.text.slice(span.start, span.end));
}

/**
 * Divides a span into sentences, and each sentence that is over the limit into clauses, each such clause into words, and
 * so on, until every stretch fits. In order, and with nothing but white space between them; the last one counts as the end
 * of a paragraph.
 *
 * @throws {Failure} `invalid_input` when a single grapheme is over the limit
 */
export function stretchesOf(source: Source, span: Span, limit: number): Stretch[] {
	return divide(source, { ...span, level: 'paragraph' }, limit, 0);
}

/** From coarse to fine: a finder is asked only about what its forerunners left over the limit. */
const FINDERS: CutFinder[] = [sentenceCuts, clauseCuts, wordCuts, graphemeCuts, everyGraphemeCut];

function divide(source: Source, stretch: Stretch, limit: number, rank: number): Stretch[] {
	if (rank > 0 && countSpan(source, stretch) <= limit) return [stretch];
	const find = FINDERS[rank];
	if (!find) {
		throw new Failure(
			'invalid_input',
			`'Text' has a character that counts more than the ${limit} characters that fit into one request. Remove it, or choose a model that takes longer texts.`,
			{ field: 'Text' },
		);
	}
	const parts: Stretch[] = [];
	let start = stretch.start;
	for (const cut of find(source, stretch)) {
		parts.push({ start, end: cut.end, level: cut.level });
		start = cut.start;
	}
	parts.push({ ...stretch, start });
	return parts.flatMap((part) => divide(source, part, limit, rank + 1));
}

/** Paragraphs and sentences. A lone line break ends a paragraph only after a full stop: else the text may be hard-wrapped. */
function* sentenceCuts(source: Source, span: Span): Iterable<Cut> {
	const { text } = source;
	for (const gap of gapsAt(source, span, sentenceStarts(source, span))) {
		const space = text.slice(gap.end, gap.start);
		const lineBreaks = space.match(LINE_BREAK)?.length ?? 0;
		const before = text.slice(Math.max(span.start, gap.end - 16), gap.end);
		if (lineBreaks > 1 || space.includes('\u2029')) yield { ...gap, level: 'paragraph' };
		else if (lineBreaks === 1 && SENTENCE_END.test(before)) yield { ...gap, level: 'paragraph' };
		else if (lineBreaks === 0 && !endsInAbbreviation(before)) yield { ...gap, level: 'sentence' };
	}
}

/** An opening bracket belongs to what follows; the segmenter leaves it with the sentence before when no space separates them. */
function* sentenceStarts(source: Source, span: Span): Iterable<number> {
	for (const offset of segmentStarts(source, span, 'sentence')) {
		let start = offset;
		while (start > span.start && /[\p{Ps}\p{Pi}]/u.test(source.text.charAt(start - 1))) start--;
		yield start;
	}
}

const LINE_BREAK = /\r\n|[\n\r\u0085\u2028]/g;
const SENTENCE_END = /[\p{Sentence_Terminal}…:][\p{Pe}\p{Pf}\p{Pi}"'*]*$/u;

/** Where a speaker would take a breath; in Thai, Lao, Khmer and Burmese that is where a space is. */
function* clauseCuts(source: Source, span: Span): Iterable<Cut> {
	const matches = source.text.slice(span.start, span.end).matchAll(CLAUSE_END);
	const offsets = Array.from(matches, (match) => span.start + match.index + match[0].length);
	for (const gap of gapsAt(source, span, offsets)) yield { ...gap, level: 'clause' };
}

const CLAUSE_END = new RegExp(
	[
		'[,;:،؛፣,)\\]…—–-][\\p{Pe}\\p{Pf}"\']{0,4}(?=\\s)',
		'[、，；：。！？…—][\\p{Pe}\\p{Pf}]{0,4}',
		'[\\n\\r\\u0085\\u2028]',
		'(?<=[\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]) ',
	].join('|'),
	'gu',
);

/** Words: at white space that may break, and between the words of scripts that are written without spaces. */
function* wordCuts(source: Source, span: Span): Iterable<Cut> {
	const { text } = source;
	for (const gap of gapsAt(source, span, segmentStarts(source, span, 'word'))) {
		const isSpace = gap.start > gap.end;
		if (
			isSpace ? BREAKING_SPACE.test(text.slice(gap.end, gap.start)) : isBetweenUnspacedWords(text, gap.start)
		) {
			yield { ...gap, level: 'word' };
		}
	}
}

const BREAKING_SPACE = /[^\S\u00a0\u2007\u202f\ufeff]/;
const UNSPACED =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;
const STAYS_BEFORE = /^[\p{Ps}\p{Pi}]/u;
const STAYS_BEHIND = /^[^\p{L}\p{N}\p{Ps}\p{Pi}\p{Emoji_Presentation}]/u;

/** Whether a line could break here although nothing separates the words; closing punctuation stays with what it closes. */
export function isBetweenUnspacedWords(text: string, offset: number): boolean {
	const before = characterBefore(text, offset);
	const after = String.fromCodePoint(text.codePointAt(offset) ?? 0);
	if (STAYS_BEFORE.test(before) || STAYS_BEHIND.test(after)) return false;
	return UNSPACED.test(before) || UNSPACED.test(after);
}

function* graphemeCuts(source: Source, span: Span): Iterable<Cut> {
	for (const cut of everyGraphemeCut(source, span)) {
		if (!source.isInsideToken(cut.start) && !source.isInsideToken(cut.end)) yield cut;
	}
}

function* everyGraphemeCut(source: Source, span: Span): Iterable<Cut> {
	const offsets = segmentStarts(source, span, 'grapheme');
	for (const gap of gapsAt({ ...source, isInsideToken: () => false }, span, offsets)) {
		yield { ...gap, level: 'grapheme' };
	}
}

function* segmentStarts(
	source: Source,
	span: Span,
	granularity: 'sentence' | 'word' | 'grapheme',
): Iterable<number> {
	const inside = source.text.slice(span.start, span.end);
	for (const segment of source.segmenter(granularity).segment(inside)) yield span.start + segment.index;
}

/** The white space around each offset, each gap once, without those that are no place for a cut. */
function* gapsAt(source: Source, span: Span, offsets: Iterable<number>): Iterable<Gap> {
	let last = span.start;
	for (const offset of offsets) {
		if (offset <= last) continue;
		const end = spaceBegins(source.text, offset);
		const start = spaceEnds(source.text, offset);
		if (start >= span.end) return;
		const isWhole = !source.isInsideToken(end) && !source.isInsideToken(start);
		if (end > last && isWhole && source.isGraphemeStart(end) && source.isGraphemeStart(start)) {
			yield { start, end };
		}
		last = start;
	}
}

function spaceBegins(text: string, offset: number): number {
	let at = offset;
	while (at > 0 && isSpace(text.charCodeAt(at - 1))) at--;
	return at;
}

function spaceEnds(text: string, offset: number): number {
	let at = offset;
	while (at < text.length && isSpace(text.charCodeAt(at))) at++;
	return at;
}

/** What `\s` matches and `trim` removes: all of it lies in the basic multilingual plane. */
function isSpace(code: number): boolean {
	if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
	return code === 0xa0 || (code >= 0x1680 && /\s/.test(String.fromCharCode(code)));
}

/** Latin without combining marks: no two such characters form a grapheme, except CR and LF. */
function isSimple(code: number): boolean {
	return code >= 0x20 && code < 0x300;
}

function characterBefore(text: string, offset: number): string {
	const low = text.charCodeAt(offset - 1);
	const isPair = offset > 1 && (low & 0xfc00) === 0xdc00;
	return isPair ? text.slice(offset - 2, offset) : text.slice(offset - 1, offset);
}

/** What loses its meaning when it is cut: URLs, e-mail addresses, and numbers with their separators, signs and units of money. */
const TOKEN = new RegExp(
	[
		"(?:[a-z][a-z0-9+.-]{1,20}:\\/\\/|www\\.)[\\p{L}\\p{N}\\p{M}\\-._~:/?#[\\]@!$&'()*+,;=%]+",
		'(?<![\\w.+-])[\\w.+-]{1,64}@[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+',
		"[+\\-−]?\\p{Sc}?\\p{Nd}+(?:[.,:'’٫٬\\u00a0\\u2007\\u202f]\\p{Nd}+)*[%‰°]?\\p{Sc}?",
	].join('|'),
	'giu',
);

/** Tells of an offset whether it lies inside one of the {@link TOKEN}s of the text. */
function tokensOf(text: string): (offset: number) => boolean {
	const starts: number[] = [];
	const ends: number[] = [];
	for (const match of text.matchAll(TOKEN)) {
		starts.push(match.index);
		ends.push(match.index + match[0].length);
	}
	return (offset) => {
		let low = 0;
		let high = starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((starts[middle] ?? 0) < offset) low = middle + 1;
			else high = middle;
		}
		return low > 0 && offset < (ends[low - 1] ?? 0);
	};
}

/** Abbreviations that are followed by a name or a number more often than by a new sentence. */
const ABBREVIATIONS = new Set(
	(
		'mr mrs ms dr prof st sr jr rev gen col capt lt sgt hon vs no nos vol fig figs eq ch sec pp ed eds approx e.g i.e cf al ' +
		'inc ltd co corp dept est bzw z.b d.h u.a hr fr nr abb bd mme mlle mm sra srta dña ud uds núm pág dott sig т.е г ул им'
	).split(' '),
);

function endsInAbbreviation(before: string): boolean {
	const word = /(?:^|[\s("'«„“])([\p{L}.]{1,9})\.$/u.exec(before)?.[1];
	if (word === undefined) return false;
	return /^\p{Lu}$/u.test(word) || ABBREVIATIONS.has(word.toLowerCase());
}

/** Making one takes longer than most sentences take to divide. */
const segmenters = new Map<string, Intl.Segmenter>();

function segmenterOf(
	granularity: 'sentence' | 'word' | 'grapheme',
	locale: string | undefined,
): Intl.Segmenter {
	const key = `${granularity} ${locale}`;
	const known = segmenters.get(key) ?? new Intl.Segmenter(locale, { granularity });
	segmenters.set(key, known);
	return known;
}

/** The locale when it is a well-formed BCP 47 tag, else the rules that hold for all languages. */
function knownLocale(locale: string | undefined): string | undefined {
	try {
		return Intl.getCanonicalLocales(locale)[0];
	} catch {
		return undefined;
	}
}
