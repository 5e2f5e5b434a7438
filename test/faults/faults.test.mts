import { readFileSync } from 'node:fs';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { cleanUp } from '../workflow/harness.mts';
import { CELLS, type Cell } from './matrix.mts';
import { OPERATIONS } from './operations.mts';
import { faultsPage } from './page.mts';
import { runCell, titleOf, type Outcome } from './run.mts';
import { createSummary } from './summary.mts';

/** Cells that run at the same time, each with a sandbox of its own: most of a cell's time is waiting. */
const AT_ONCE = 16;

/** With FAULTS, a regular expression, the cells whose title or fault it fits. */
const chosen = CELLS.filter((cell) =>
	new RegExp(process.env.FAULTS ?? '').test(`${titleOf(cell)} | ${cell.fault.name}`),
);
const summary = createSummary();
const outcomes = new Map<Cell, Promise<Outcome>>();
let sandboxes: Sandbox[] = [];

/**
 * Starts all cells in order, as fast as sandboxes become free; each test then waits for its own
 * cell.
 */
beforeAll(async () => {
	sandboxes = await Promise.all(
		Array.from({ length: Math.min(AT_ONCE, chosen.length) }, () => startSandbox()),
	);
	const free = [...sandboxes];
	const waiting: Array<(sandbox: Sandbox) => void> = [];
	const take = async () => free.pop() ?? (await new Promise<Sandbox>((resolve) => waiting.push(resolve)));
	const giveBack = (sandbox: Sandbox) => {
		const next = waiting.shift();
		if (next) next(sandbox);
		else free.push(sandbox);
	};
	for (const cell of chosen) {
		const outcome = take().then((sandbox) => runCell(cell, sandbox).finally(() => giveBack(sandbox)));
		// Its test will tell.
		outcome.catch(() => undefined);
		outcomes.set(cell, outcome);
	}
});

afterAll(async () => {
	process.stdout.write(summary.text());
	await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
	cleanUp();
});

test.each(chosen.map((cell) => ({ title: titleOf(cell), cell })))('$title', async ({ cell }) => {
	const { leaks, keyFoundIn, audioBytes, message, elapsedMs, ...came } = await outcomes.get(cell)!;
	summary.count(cell, came);

	expect({ ...came, message }).toEqual({ ...cell.expected, message });
	expect({ leaks, keyFoundIn }).toEqual({ leaks: 0, keyFoundIn: [] });
	if (hasAudio(cell)) expect(audioBytes).toBeGreaterThan(1_000);
	else expect(audioBytes).toBeNull();
});

function hasAudio({ expected, operation: { traits } }: Cell): boolean {
	return expected.outcome === 'ok' && (traits.includes('bytes') || traits.includes('media'));
}

describe('Over the whole matrix', () => {
	test('there are at least 35 faults, and every operation that asks a provider', () => {
		expect(new Set(CELLS.map(({ fault }) => fault)).size).toBeGreaterThanOrEqual(35);
		expect(new Set(CELLS.map(({ operation }) => operation))).toEqual(new Set(OPERATIONS));
	});

	test('no piece is paid for twice', () => {
		expect(summary.paidPerPiece()).toBe(1);
	});

	test('docs/faults.md is what the table says (npm run docs:faults)', () => {
		expect(readFileSync('docs/faults.md', 'utf8')).toBe(faultsPage());
	});
});
