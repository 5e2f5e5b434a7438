import type { Plot } from './benchmark.mts';
import { median } from './statistics.mts';

const WIDTH = 820;
const LABEL_WIDTH = 330;
const VALUE_WIDTH = 70;
const BAR_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 44;
const OURS = '#ea4b71';
const OTHERS = '#8a8f9c';

const escaped = (text: string) =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Three significant digits. */
const short = (value: number) => String(Number(value.toPrecision(3)));

/** A bar chart on white, so that it is readable on a dark page as well. */
export function svgOf({ title, bars, mark }: Plot): string {
	const largest = Math.max(...bars.flatMap(({ values }) => values), mark?.value ?? 0, Number.MIN_VALUE);
	const x = (value: number) => LABEL_WIDTH + (Math.max(0, value) / largest) * BAR_WIDTH;
	const height = HEAD_HEIGHT + bars.length * ROW_HEIGHT + 12;
	const rows = bars.flatMap(({ label, isOurs, values }, index) => {
		const middle = HEAD_HEIGHT + index * ROW_HEIGHT + ROW_HEIGHT / 2;
		const name = `<text x="${LABEL_WIDTH - 12}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>`;
		if (values.length === 0) return [name];
		const [least, most, value] = [Math.min(...values), Math.max(...values), median(values)];
		return [
			name,
			`<rect x="${LABEL_WIDTH}" y="${middle - 9}" width="${(x(value) - LABEL_WIDTH).toFixed(1)}" height="18" fill="${isOurs ? OURS : OTHERS}"/>`,
			`<path d="M${x(least).toFixed(1)} ${middle}H${x(most).toFixed(1)}" stroke="#1c1e24" stroke-width="1.5"/>`,
			`<text x="${(x(Math.max(most, value)) + 8).toFixed(1)}" y="${middle + 4}">${short(value)}</text>`,
		];
	});
	const line = mark
		? [
				`<path d="M${x(mark.value).toFixed(1)} ${HEAD_HEIGHT - 6}V${height - 10}" stroke="#1c1e24" stroke-dasharray="3 3"/>`,
				`<text x="${x(mark.value).toFixed(1)}" y="${HEAD_HEIGHT - 10}" text-anchor="middle">${escaped(mark.label)}</text>`,
			]
		: [];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1c1e24">`,
		`<rect width="${WIDTH}" height="${height}" rx="6" fill="#ffffff"/>`,
		`<text x="16" y="22" font-weight="600">${escaped(title)}</text>`,
		...rows,
		...line,
		'</svg>',
		'',
	].join('\n');
}
