import type { SpokenTurn } from './types.mts';

/** Whom a script lets speak. */
export interface ScriptTurn {
	/** Counted from 0, whether the script counts from 0 or 1. */
	speaker: number;
	text: string;
}

/**
 * Reads a script as VibeVoice's reference processor does (`vibevoice_processor.py`, `_parse_script`): one turn per line that matches
 * `Speaker N: ...`; when the smallest number is above 0, one is taken off all; any other line is dropped. An empty list: no line matched.
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

/** How many speakers a script needs: one more than its highest number. */
export function speakersNeeded(turns: ScriptTurn[]): number {
	return turns.length === 0 ? 0 : Math.max(...turns.map(({ speaker }) => speaker)) + 1;
}

/** Gives every turn its voice. */
export function castTurns(turns: ScriptTurn[], voices: string[]): SpokenTurn[] {
	return turns.map(({ speaker, text }) => ({ voice: voices[speaker] ?? 'unknown', text }));
}
