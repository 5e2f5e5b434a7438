import { readFileSync } from 'node:fs';

import { CHECKS } from '../../../sandbox/compatibility/check.mts';
import { NEWEST, OLDER } from '../../../sandbox/compatibility/versions.mts';

const [, table = ''] = readFileSync('README.md', 'utf8').split('<!-- made by npm run compatibility -->');
const rows = table
	.split('<!-- end -->')[0]!
	.split('\n')
	.filter((line) => /^\| \d/.test(line))
	.map((line) => line.split('|').map((cell) => cell.trim()));

test('the README has a line for each n8n that npm run compatibility tries', () => {
	expect(rows.map(([, version]) => version)).toEqual([...OLDER, NEWEST]);
});

test.each(rows)('%s n8n %s: all checks were made and passed', (...cells) => {
	expect(cells.slice(2, -1)).toEqual(CHECKS.map(() => 'yes'));
});
