import type { SpokenTurn } from './types.mts';

/** One speaker's turn in a script. */
export interface ScriptTurn {
	/** Counted from 0, even when the script counts from 1. */
	speaker: number;
	text: string;
}

/**
 * Parses a script like VibeVoice's reference processor (`vibevoice_processor.py`, `_parse_script`).
 * Each line that matches `Speaker N: ...` is one turn. When the lowest number is above 0, all
 * numbers are reduced by one. Other lines are dropped. Returns an empty list when no line matches.
 */
export function readScript(script: string): ScriptTurn[] {
	const turns = script
		.split('\n')
		.map((line) => /^Speaker\s+(\d+)\s*:\s*(.*)$/i.exec(line.trim()))
		.filter((match) => match !== null)
		.map(([, speaker, text]) => ({ speaker: Number(speaker), text: (text ?? '').trim() }));
	const isFromOne = turns.length > 0 && Math.min(...turns.map(({ speaker }) => speaker)) > 0;
	return turns.map((turn) => ({ ...turn, speaker: turn.speaker - (isFromOne ? 1 : 0) }));
}

/** The number of speakers that a script needs: its highest number plus one. */
export function speakersNeeded(turns: ScriptTurn[]): number {
	return turns.length === 0 ? 0 : Math.max(...turns.map(({ speaker }) => speaker)) + 1;
}

/** Assigns a voice to every turn. */
export function castTurns(turns: ScriptTurn[], voices: string[]): SpokenTurn[] {
	return turns.map(({ speaker, text }) => ({ voice: voices[speaker] ?? 'unknown', text }));
}
