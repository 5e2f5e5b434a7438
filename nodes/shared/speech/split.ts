import { balance, type Piece } from './balance';
import { countSpan, sourceOf, stretchesOf, wholeText, type Level, type Source, type Stretch } from './cuts';
import { Failure } from './failure';
import { countCharacters } from './job';
import { formatTurn, type Script, type Turn } from './script';

export interface SplitOptions {
	/** BCP 47 tag of the text's language; where words and sentences end depends on it. */
	locale?: string;
}

/** A part of a text, as the source has it from `start` to `end` (UTF-16 offsets), without white space around it. */
export interface TextPart {
	text: string;
	start: number;
	end: number;
	/** What ends with it, which tells how long a pause follows. The last part ends a paragraph. */
	endOf: Level;
}

/** A part of a script that can be sent by itself: its speakers are numbered from 0 again. */
export interface ScriptPart extends Script {
	/** As it is sent: one `Speaker N: ` line per turn. */
	text: string;
	/** `speakers[i]` is the number that the whole script gives to this part's speaker `i`: the voices to send, in order. */
	speakers: number[];
	/** What ends with it: a paragraph when its last turn is complete. */
	endOf: Level;
}

/**
 * Cuts a text into parts of at most `maxCharacters` ({@link countCharacters}), as even as the limit and the text allow.
 *
 * Cuts lie between paragraphs and sentences; within a sentence only when it is longer than the limit, then between clauses,
 * and so on down to words and graphemes. A number or a URL is cut only when it does not fit by itself, a grapheme never.
 * Nothing but the white space at the cuts is lost; a text of nothing but white space has no parts.
 *
 * @throws {Failure} `invalid_input` when a single grapheme is over the limit
 * @throws {RangeError} when `maxCharacters` is not above 0
 */
export function splitText(text: string, maxCharacters: number, options: SplitOptions = {}): TextPart[] {
	assertLimit(maxCharacters);
	const source = sourceOf(text, countCharacters, options.locale);
	const whole = wholeText(text);
	if (whole.start === whole.end) return [];
	const stretches = stretchesOf(source, whole, maxCharacters);
	return balance(measure(source, stretches), maxCharacters).map(({ first, last }) => {
		const start = stretches[first]?.start ?? 0;
		const { end, level } = stretches[last] ?? { ...whole, level: 'paragraph' };
		return { text: text.slice(start, end), start, end, endOf: level };
	});
}

/**
 * Cuts a script into parts whose `text` has at most `maxCharacters`, each `Speaker N: ` included. Parts end between turns;
 * a turn is cut, in the way of {@link splitText}, only when it is too long for a part of its own.
 *
 * @throws {Failure} `invalid_input` when the limit leaves no room for a single grapheme
 * @throws {RangeError} when `maxCharacters` is not above 0
 */
export function splitScript(script: Script, maxCharacters: number, options: SplitOptions = {}): ScriptPart[] {
	assertLimit(maxCharacters);
	const lines = script.turns.map(formatTurn);
	const source = sourceOf(lines.join('\n'), countCharacters, options.locale);
	const pieces: TurnPiece[] = [];
	let start = 0;
	for (const [index, turn] of script.turns.entries()) {
		const end = start + (lines[index] ?? '').length;
		pieces.push(...piecesOfTurn(source, { start, end, level: 'paragraph' }, turn, maxCharacters));
		start = end + 1;
	}
	return balance(measure(source, pieces), maxCharacters).map(({ first, last }) =>
		scriptPart(source.text, pieces.slice(first, last + 1)),
	);
}

/** See {@link balance} for the unit. */
const CUT_COST: Record<Level, number> = {
	paragraph: 0,
	sentence: 0.04,
	clause: 0.15,
	word: 0.4,
	grapheme: 2,
};

function measure(source: Source, stretches: ReadonlyArray<Stretch & { overhead?: number }>): Piece[] {
	let count = 0;
	let end = stretches[0]?.start ?? 0;
	return stretches.map((stretch) => {
		const countStart = count + countSpan(source, { start: end, end: stretch.start });
		count = countStart + countSpan(source, stretch);
		end = stretch.end;
		return { countStart, countEnd: count, cutCost: CUT_COST[stretch.level], overhead: stretch.overhead };
	});
}

/** A stretch of a script's line. `spokenFrom` is where what is spoken begins, `overhead` the count of a prefix put before it. */
type TurnPiece = Stretch & { turn: Turn; spokenFrom: number; overhead: number };

function piecesOfTurn(source: Source, line: Stretch, turn: Turn, limit: number): TurnPiece[] {
	const spokenFrom = line.end - turn.text.length;
	if (countSpan(source, line) <= limit) return [{ ...line, turn, spokenFrom, overhead: 0 }];
	const prefix = countSpan(source, { start: line.start, end: spokenFrom });
	const room = limit - prefix;
	if (room < 1) {
		throw new Failure(
			'invalid_input',
			`${limit} characters do not suffice for one line of the script in 'Text'. Choose a model that takes longer texts.`,
			{ field: 'Text' },
		);
	}
	return stretchesOf(source, { start: spokenFrom, end: line.end }, room).map((stretch, index) => ({
		...stretch,
		start: index === 0 ? line.start : stretch.start,
		turn,
		spokenFrom: stretch.start,
		overhead: index === 0 ? 0 : prefix,
	}));
}

function scriptPart(text: string, pieces: readonly TurnPiece[]): ScriptPart {
	const speakers = [...new Set(pieces.map((piece) => piece.turn.speaker))].sort((a, b) => a - b);
	const spans: TurnPiece[] = [];
	for (const piece of pieces) {
		const open = spans.at(-1);
		if (open?.turn === piece.turn) spans.splice(-1, 1, { ...open, end: piece.end, level: piece.level });
		else spans.push(piece);
	}
	const turns = spans.map(({ turn, spokenFrom, end }) => ({
		speaker: speakers.indexOf(turn.speaker),
		text: text.slice(spokenFrom, end),
	}));
	return {
		turns,
		speakerCount: speakers.length,
		speakers,
		text: turns.map(formatTurn).join('\n'),
		endOf: spans.at(-1)?.level ?? 'paragraph',
	};
}

function assertLimit(maxCharacters: number): void {
	if (!(maxCharacters > 0)) throw new RangeError(`maxCharacters must be above 0, not ${maxCharacters}`);
}
