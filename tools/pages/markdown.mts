/** A Markdown table in prettier's format: each column is as wide as its widest cell. */
export function markdownTable(headings: readonly string[], rows: readonly string[][]): string {
	const widths = headings.map((heading, column) =>
		Math.max(3, heading.length, ...rows.map((row) => (row[column] ?? '').length)),
	);
	const line = (cells: readonly string[]) =>
		`| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
	return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/**
 * Inserts generated content into a page: between the line `<!-- made by npm run <command> -->` and
 * the next `<!-- end -->`. The rest is written by hand and stays unchanged. Throws when the page
 * has no such lines.
 */
export function withMade(page: string, command: string, text: string): string {
	const begin = `<!-- made by npm run ${command} -->\n`;
	const start = page.indexOf(begin);
	const end = page.indexOf('<!-- end -->', start);
	if (start < 0 || end < 0) throw new Error(`The page has no place for what npm run ${command} makes.`);
	return `${page.slice(0, start + begin.length)}\n${text.trim()}\n\n${page.slice(end)}`;
}
