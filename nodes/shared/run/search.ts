import type { INodeListSearchResult } from 'n8n-workflow';

/** One entry of a drop-down. */
export interface Choice {
	id: string;
	name: string;
	description?: string;
}

const PAGE_SIZE = 100;

/**
 * A page of the choices that have a word beginning with every word typed, in their order: `male` does not find `female`, and `voice` finds
 * `VibeVoice`.
 *
 * @param page what the page before put out
 */
export function pageOf(choices: readonly Choice[], typed = '', page = '0'): INodeListSearchResult {
	const wanted = wordsOf(typed);
	const matches = choices.filter(({ id, name, description = '' }) => {
		const words = wordsOf(`${id} ${name} ${description}`);
		return wanted.every((beginning) => words.some((word) => word.startsWith(beginning)));
	});
	const start = Number(page);
	const end = start + PAGE_SIZE;
	return {
		results: matches.slice(start, end).map(({ id, name, description }) => ({ name, value: id, description })),
		paginationToken: end < matches.length ? String(end) : undefined,
	};
}

/** Words, and the words within a word that begin with a capital letter. */
function wordsOf(text: string): string[] {
	const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
	const inner = words.flatMap((word) => word.match(/\p{Lu}[^\p{Lu}]+/gu) ?? []);
	return [...words, ...inner].map((word) => word.toLowerCase());
}
