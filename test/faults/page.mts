import { markdownTable } from '../../tools/pages/markdown.mts';
import { GROUPS, type Fault } from './faults.mts';
import { CELLS, EXCEPTIONS, RESENDS, type Cell, type Expected } from './matrix.mts';
import { OPERATIONS } from './operations.mts';

/** Faults that take more than one node and one sandbox to make, and the tests that make them. */
const ELSEWHERE: ReadonlyArray<readonly [fault: string, test: string]> = [
	[
		'A callback that comes early, late, twice, not at all, or from a stranger',
		'test/end-to-end/callbacks.test.mts',
	],
	['A long text of which one part fails', 'test/workflow/longText.test.mts'],
	['One of many items fails', 'test/workflow/failures.test.mts'],
];

/** The page of the docs: the same table that the tests run. */
export function faultsPage(): string {
	const faults = GROUPS.flatMap((group) => group.faults);
	return [
		'# What happens when something goes wrong',
		'',
		`Made from the table in \`test/faults\` by \`npm run docs:faults\`: ${faults.length} faults, ${OPERATIONS.length} operations, ${CELLS.length} cells. Every cell is run in n8n's own engine against the sandbox by \`npm run test:faults\`, which compares what came out, how many requests were sent, what was charged, and what the output or the error names; and which looks for the API key in all of it.`,
		'',
		`"Sent" counts requests with Max Retries set to ${RESENDS}. "Named" is what the output or the error says, so that nothing that was paid for is lost; "Had afterwards" is how the audio was fetched once the fault had passed. Where operations differ, the differing ones are in brackets.`,
		'',
		...GROUPS.flatMap(({ title, faults: rows }) => [
			`## ${title}`,
			'',
			markdownTable(HEADINGS, rows.map(rowOf)),
			'',
		]),
		'## With Retry On Fail',
		'',
		'Every cell of what is paid for is also run with Retry On Fail of n8n. What cannot have been accepted is sent again. What was accepted is taken up where it was left, and what may have been charged is not sent again; a job of which the provider says that it is not charged is made anew.',
		'',
		'## Exceptions to the rules',
		'',
		...EXCEPTIONS.map(({ about, because }) => `- ${about}: ${because}`),
		'',
		'## Tested elsewhere',
		'',
		...ELSEWHERE.map(([fault, test]) => `- ${fault}: \`${test}\``),
		'',
	].join('\n');
}

const HEADINGS = [
	'What happens',
	'What is paid for',
	'Sent',
	'Charged',
	'Named',
	'Had afterwards',
	'Questions',
	'Cells',
];

function rowOf(fault: Fault): string[] {
	const cells = CELLS.filter((cell) => cell.fault === fault);
	const once = cells.filter(({ mode }) => mode === 'continue');
	const paid = once.filter(({ operation }) => operation.traits.includes('paid'));
	const failed = paid.filter(({ expected }) => expected.outcome !== 'ok');
	// What works under every fault is said once, below.
	const free = once.filter(
		({ operation: { traits } }) => traits.includes('free') && !traits.includes('always'),
	);
	return [
		fault.title,
		differing(paid, endOf),
		differing(paid, ({ requests }) => String(requests)),
		differing(paid, ({ charges }) => String(charges)),
		differing(failed, ({ names }) => names.map((name) => (name === 'job' ? 'job' : 'address')).join(', ')),
		differing(paid, ({ collectedBy }) => collectedBy ?? ''),
		differing(free, endOf),
		String(cells.length),
	];
}

function endOf({ outcome, code }: Expected): string {
	return outcome === 'ok' ? 'works' : outcome === 'stopped' ? 'stopped' : `\`${code}\``;
}

/** The most frequent answer, then each other one with the operations that it is of. */
function differing(cells: readonly Cell[], read: (expected: Expected) => string): string {
	const byAnswer = new Map<string, string[]>();
	for (const { expected, operation } of cells) {
		const answer = read(expected);
		byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), operation.name]);
	}
	const [usual, ...others] = [...byAnswer].sort(([, a], [, b]) => b.length - a.length);
	if (!usual) return '';
	return [usual[0], ...others.map(([answer, names]) => `${answer || 'none'} (${names.join(', ')})`)]
		.map((text) => text || 'none')
		.join('; ')
		.replace(/^none$/, '');
}
