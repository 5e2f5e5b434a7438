import type { Cell, Expected } from './matrix.mts';

export interface Summary {
	/** Takes in how a cell ended, as it should or not. */
	count(cell: Cell, came: Expected): void;
	/** What the provider charged, by what it was charged for; each cell needs one piece at most. NaN when nothing was. */
	paidPerPiece(): number;
	text(): string;
}

/** Counts how the cells ended, for a few lines at the end of the run. */
export function createSummary(): Summary {
	const ends = new Map<string, number>();
	const faults = new Set<string>();
	let cells = 0;
	let requests = 0;
	let charges = 0;
	let pieces = 0;
	const paidPerPiece = () => charges / pieces;
	return {
		count({ fault, operation }, came) {
			const end = came.code ?? 'works';
			ends.set(end, (ends.get(end) ?? 0) + 1);
			faults.add(fault.name);
			cells += 1;
			if (!operation.traits.includes('paid')) return;
			requests += came.requests;
			charges += came.charges;
			pieces += Math.min(1, came.charges);
		},
		paidPerPiece,
		text() {
			const rows = [...ends]
				.sort(([, a], [, b]) => b - a)
				.map(([end, count]) => `  ${String(count).padStart(5)}  ${end}\n`);
			const ratio = pieces > 0 ? ` (${paidPerPiece().toFixed(2)} per piece)` : '';
			return `\n${faults.size} faults, ${cells} cells ended as:\n${rows.join('')}${requests} requests that cost, ${charges} charged for ${pieces} pieces${ratio}\n`;
		},
	};
}
