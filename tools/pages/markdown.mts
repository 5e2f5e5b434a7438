/** A Markdown table, its columns as wide as their widest cell, as prettier would have it. */
export function markdownTable(headings: readonly string[], rows: readonly string[][]): string {
	const widths = headings.map((heading, column) =>
		Math.max(3, heading.length, ...rows.map((row) => (row[column] ?? '').length)),
	);
	const line = (cells: readonly string[]) =>
		`| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
	return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/**
 * A page with what a command makes in its place: between the line `<!-- made by npm run <command> -->` and the next `<!-- end -->`.
 * All else is written by hand and stays. Throws when the page has no such place.
 */
export function withMade(page: string, command: string, text: string): string {
	const begin = `<!-- made by npm run ${command} -->\n`;
	const start = page.indexOf(begin);
	const end = page.indexOf('<!-- end -->', start);
	if (start < 0 || end < 0) throw new Error(`The page has no place for what npm run ${command} makes.`);
	return `${page.slice(0, start + begin.length)}\n${text.trim()}\n\n${page.slice(end)}`;
}
