import { readFileSync } from 'node:fs';

import { sentencesOfTheCode, type Sentence } from './sentences.mts';

/** What sections without a failure code are about. */
const OTHERS: Record<string, string> = {
	'Hints above the output': 'hint',
	'Testing a credential': 'credential',
};

/** The page's rows: the beginning of a sentence, and the code of the section that it is in. */
const ROWS: Sentence[] = readFileSync('docs/troubleshooting.md', 'utf8')
	.split(/^## /m)
	.slice(1)
	.flatMap((section) => {
		const title = section.split('\n')[0]!;
		const code = /^Code `(\w+)`/m.exec(section)?.[1] ?? OTHERS[title] ?? title;
		const rows = section.split('\n').filter((line) => line.startsWith('| '));
		return rows.slice(2).map((line) => ({ code, text: line.split('|')[1]!.trim() }));
	});

const SENTENCES = sentencesOfTheCode();

/** The longest beginning on the page is the one that a reader would take. */
function rowOf({ code, text }: Sentence): Sentence | undefined {
	return ROWS.filter((row) => row.code === code && beginningOf(row).test(text)).sort(
		(a, b) => b.text.length - a.text.length,
	)[0];
}

/** `…` stands for anything, a provider's name for one. */
function beginningOf({ text }: Sentence): RegExp {
	const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${parts.join('.+?')}`);
}

test('the code shows more than 60 sentences', () => {
	expect(SENTENCES.length).toBeGreaterThan(60);
});

test.each(SENTENCES)('$code: "$text" is on the page, in the section of its code', (sentence) => {
	expect(rowOf(sentence)).toBeDefined();
});

test.each(ROWS)('$code: "$text" is what the code says', (row) => {
	expect(SENTENCES.filter((sentence) => rowOf(sentence) === row)).not.toEqual([]);
});

test('every failure code of the taxonomy has its section', () => {
	const source = readFileSync('nodes/shared/speech/failure.ts', 'utf8');
	const [, union = ''] = /export type FailureCode =(.*?)\n\n/s.exec(source) ?? [];
	const codes = Array.from(union.matchAll(/^\s*\| '(\w+)'/gm), ([, code]) => code);

	expect(codes).toHaveLength(12);
	expect([...new Set(ROWS.map(({ code }) => code))].sort()).toEqual(
		[...codes, ...Object.values(OTHERS)].sort(),
	);
});
