import type { INodeListSearchResult } from 'n8n-workflow';

/** One entry of a drop-down. */
export interface Choice {
	id: string;
	name: string;
	description?: string;
}

const PAGE_SIZE = 100;

/** A page of the choices that hold every word typed, in their order; `page` is what the page before put out. */
export function pageOf(choices: readonly Choice[], typed = '', page = '0'): INodeListSearchResult {
	const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
	const matches = choices.filter(({ id, name, description = '' }) => {
		const searched = `${id} ${name} ${description}`.toLowerCase();
		return words.every((word) => searched.includes(word));
	});
	const start = Number(page);
	const end = start + PAGE_SIZE;
	return {
		results: matches.slice(start, end).map(({ id, name, description }) => ({ name, value: id, description })),
		paginationToken: end < matches.length ? String(end) : undefined,
	};
}
