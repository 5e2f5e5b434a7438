import type { HttpRequest } from '../http/service';
import { Failure } from '../speech/failure';
import { countCharacters } from '../speech/job';
import { assignSpeakers, formatScript, formatTurn, hasSpeakers, parseScript } from '../speech/script';
import { speakable } from '../speech/speakable';
import { splitScript, splitText } from '../speech/split';
import type { ScriptPart, SplitOptions } from '../speech/split';
import { singlePiece } from './audioRequest';
import type { Piece } from './audioRequest';
import type { Item } from './operation';
import { requiredText } from './parameters';
import { readSpeakers } from './speakers';
import type { Speaker } from './speakers';

/** How much text one request takes. */
export interface TextLimit {
	characters: number;
	/** Whether the provider says so; otherwise it is a size of ours that is known to work, and no reason to refuse. */
	isPublished: boolean;
}

/**
 * What is to be said of the item's text, in whatever format it was written.
 *
 * @throws {Failure} `invalid_input` when nothing is
 */
export function spokenText(item: Item): string {
	const written = requiredText(item, 'text', 'Text');
	const spoken = speakable(written, item.options.textFormat ?? 'plain').trim();
	if (spoken !== '') return spoken;
	throw new Failure(
		'invalid_input',
		"'Text' has nothing to say but markup. Check the text, and 'Text Format' in Options.",
		{ field: 'Text' },
	);
}

/**
 * A text in pieces that the provider takes.
 *
 * @throws {Failure} `invalid_input` when it is too long and not to be split
 */
export function textPieces(
	item: Item,
	text: string,
	limit: TextLimit | null,
	submit: (text: string) => HttpRequest,
): Piece[] {
	if (!isSplit(item, countCharacters(text), limit)) return singlePiece(text, submit(text));
	return splitText(text, limit.characters, { locale: item.options.language }).map((part) => ({
		text: part.text,
		endOf: part.endOf,
		submit: submit(part.text),
	}));
}

/** What a VibeVoice model is sent. */
export interface ScriptBody {
	script: string;
	/** One per speaker of the script, in the order of their numbers. */
	speakers: Speaker[];
}

/**
 * A script, or plain text as a script of one speaker, in pieces that the model takes; in each of them every speaker keeps the
 * voice. Checked before anything is sent.
 *
 * @param presets the provider's voices, for speakers that the user did not set
 * @throws {Failure} `invalid_input`
 */
export function scriptPieces(
	item: Item,
	text: string,
	presets: readonly string[],
	limit: TextLimit | null,
	submit: (body: ScriptBody) => HttpRequest,
): Piece[] {
	const script = parseScript(text);
	const speakers = assignSpeakers<Speaker>(script, readSpeakers(item), presets);
	const whole = formatScript(script);
	if (!isSplit(item, countCharacters(whole), limit)) {
		return [
			{ text: whole, turns: script.turns, endOf: 'paragraph', submit: submit({ script: whole, speakers }) },
		];
	}
	const locale = { locale: item.options.language };
	const parts = hasSpeakers(text)
		? splitScript(script, limit.characters, locale)
		: splitMonologue(text, limit.characters, locale);
	return parts.map((part) => ({
		text: part.text,
		turns: part.turns.map((turn) => ({ ...turn, speaker: part.speakers[turn.speaker] as number })),
		endOf: part.endOf,
		submit: submit({
			script: part.text,
			speakers: part.speakers.map((speaker) => speakers[speaker] as Speaker),
		}),
	}));
}

/** Cut where the text has its paragraphs, which within a turn are no more to be seen. */
function splitMonologue(text: string, maxCharacters: number, options: SplitOptions): ScriptPart[] {
	const prefix = formatTurn({ speaker: 0, text: '' });
	return splitText(text, maxCharacters - countCharacters(prefix), options).map(({ text: part, endOf }) => {
		const script = parseScript(part);
		return { ...script, text: formatScript(script), speakers: [0], endOf };
	});
}

/** @throws {Failure} `invalid_input` when it would have to be split and the user does not want that */
function isSplit(item: Item, characters: number, limit: TextLimit | null): limit is TextLimit {
	if (!limit || characters <= limit.characters) return false;
	if (item.options.longText !== 'refuse') return true;
	if (!limit.isPublished) return false;
	throw new Failure(
		'invalid_input',
		`'Text' has ${characters} characters, and one request takes ${limit.characters}. Shorten it, or choose 'Split' as 'Long Text' in Options.`,
		{ field: 'Text' },
	);
}
