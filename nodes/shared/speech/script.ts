import { Failure } from './failure';

/** What one speaker says in one go: a single line, never empty. Speakers count from 0 without gaps. */
export type Turn = { speaker: number; text: string };

/** A dialogue in the order in which it is spoken: at least one turn, 1 to {@link MAX_SPEAKERS} speakers. */
export type Script = { turns: Turn[]; speakerCount: number };

/** VibeVoice keeps up to four voices apart. */
export const MAX_SPEAKERS = 4;

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;
const PREFIX = /^\s*Speaker\s*(\d{1,6})\s*[:\uFF1A](.*)$/i;

/** A backslash and an n where a shell or a form did not turn them into a line break. */
const ESCAPED_LINE_BREAK = /(?:(?:\\r)?\\n[ \t]*){1,3}(?=Speaker\s*\d{1,6}\s*[:\uFF1A])/gi;

/**
 * Reads a script for VibeVoice models, with or without `Speaker N:` lines.
 *
 * Numbers may start at 0 or 1 and may leave gaps: speakers are renumbered from 0 in the order of their numbers, so that
 * `Speaker 1` and `Speaker 3` become 0 and 1. Text before the first `Speaker N:` belongs to the speaker with the lowest
 * number; text without any is one turn of speaker 0. Line breaks within a turn become spaces, turns without text are dropped.
 *
 * @throws {Failure} `invalid_input` when nothing is left to say, or when more than {@link MAX_SPEAKERS} speak
 */
export function parseScript(text: string): Script {
	const turns = turnsAsNumbered(text);
	if (turns.length === 0) {
		throw new Failure(
			'invalid_input',
			"There is nothing to say in 'Text'. Enter a text, or check that the expression yields one.",
			{ field: 'Text' },
		);
	}
	const numbers = turns.flatMap((turn) => turn.number ?? []);
	const order = [...new Set(numbers)].sort((a, b) => a - b);
	const speakerCount = Math.max(1, order.length);
	if (speakerCount > MAX_SPEAKERS) {
		throw new Failure(
			'invalid_input',
			`The script in 'Text' has ${speakerCount} speakers, but the model takes at most ${MAX_SPEAKERS}. Give some of the turns to the same speaker.`,
			{ field: 'Text' },
		);
	}
	return {
		speakerCount,
		turns: turns.map(({ number, text: spoken }) => ({
			speaker: number === undefined ? 0 : order.indexOf(number),
			text: spoken,
		})),
	};
}

/** Whether a text says who speaks. */
export function hasSpeakers(text: string): boolean {
	return turnsAsNumbered(text).some(({ number }) => number !== undefined);
}

/** The script as VibeVoice reads it: `Speaker 0: ...`, one line per turn. */
export function formatScript(script: Pick<Script, 'turns'>): string {
	return script.turns.map(formatTurn).join('\n');
}

/** One line of {@link formatScript}. */
export function formatTurn(turn: Turn): string {
	return `Speaker ${turn.speaker}: ${turn.text}`;
}

/**
 * The voices to send for a script, one per speaker, voice `i` speaking as `Speaker i`.
 *
 * Of more speakers than the script needs, the first ones are taken. When none are set, each speaker gets a preset of its
 * own in the order of `presets`, the provider's list.
 *
 * @throws {Failure} `invalid_input` when some are set but fewer than the script has, or when the presets do not suffice
 */
export function assignSpeakers<T>(
	script: Script,
	speakers: readonly T[],
	presets: readonly string[],
): Array<T | { preset: string }> {
	const needed = script.speakerCount;
	const available = speakers.length > 0 ? speakers : presets.map((preset) => ({ preset }));
	if (available.length < needed) {
		throw new Failure(
			'invalid_input',
			`The script in 'Text' has ${needed} speakers, but 'Speakers' has ${speakers.length}. Add a voice to 'Speakers' for each speaker of the script.`,
			{ field: 'Speakers' },
		);
	}
	return available.slice(0, needed);
}

type NumberedTurn = { number: number | undefined; text: string };

function turnsAsNumbered(text: string): NumberedTurn[] {
	const turns: Array<{ number: number | undefined; lines: string[] }> = [];
	for (const line of text.replace(ESCAPED_LINE_BREAK, '\n').split(LINE_BREAK)) {
		const prefixed = PREFIX.exec(line);
		const spoken = (prefixed?.[2] ?? line).trim();
		const current = turns.at(-1);
		if (prefixed) turns.push({ number: Number(prefixed[1]), lines: [spoken] });
		else if (current) current.lines.push(spoken);
		else turns.push({ number: undefined, lines: [spoken] });
	}
	return turns
		.map(({ number, lines }) => ({ number, text: lines.filter((line) => line !== '').join(' ') }))
		.filter((turn) => turn.text !== '');
}
