import type { INodeListSearchResult } from 'n8n-workflow';

/** One entry of a drop-down. */
export interface Choice {
	id: string;
	name: string;
	description?: string;
	/** Address of a page or a recording about it, which the editor links. */
	url?: string;
}

const PAGE_SIZE = 100;

/**
 * A page of the choices that hold everything typed, each word of it where a word begins: `male` does not find `female`, and `voice`
 * finds `VibeVoice`.
 *
 * @param page what the page before put out
 */
export function pageOf(choices: readonly Choice[], typed = '', page = '0'): INodeListSearchResult {
	const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
	const matches = choices.filter(({ id, name, description = '' }) => {
		const text = `${id} ${name} ${description}`;
		return wanted.every((beginning) => hasWordBeginningWith(text, beginning));
	});
	const start = Number(page);
	const end = start + PAGE_SIZE;
	return {
		results: matches.slice(start, end).map(({ id, ...shown }) => ({ ...shown, value: id })),
		paginationToken: end < matches.length ? String(end) : undefined,
	};
}

function hasWordBeginningWith(text: string, beginning: string): boolean {
	const lower = text.toLowerCase();
	for (let at = lower.indexOf(beginning); at >= 0; at = lower.indexOf(beginning, at + 1)) {
		if (isWordBeginning(text, at)) return true;
	}
	return false;
}

/** Also at a capital letter within a word. */
function isWordBeginning(text: string, at: number): boolean {
	const before = text.charAt(at - 1);
	return !/[\p{L}\p{N}]/u.test(before) || (/\p{Lu}/u.test(text.charAt(at)) && !/\p{Lu}/u.test(before));
}
