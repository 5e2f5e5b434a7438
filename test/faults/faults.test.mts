import { appendFileSync } from 'node:fs';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.mts';
import { cleanUp } from '../workflow/harness.mts';
import { CELLS, type Cell } from './matrix.mts';
import { runCell, titleOf, type Outcome } from './run.mts';

/** Cells that run at the same time, each with a sandbox of its own: most of a cell's time is waiting. */
const AT_ONCE = 16;

const chosen = CELLS.filter((cell) =>
	new RegExp(process.env.FAULTS ?? '').test(`${titleOf(cell)} | ${cell.fault.name}`),
);
const outcomes = new Map<Cell, Promise<Outcome>>();
let sandboxes: Sandbox[] = [];

/** All cells are begun at once, in order, as fast as sandboxes get free; each test then waits for its own. */
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
	await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
	cleanUp();
});

test.each(chosen.map((cell) => ({ title: titleOf(cell), cell })))('$title', async ({ cell }) => {
	const outcome = await outcomes.get(cell)!;

	const { leaks, keyFoundIn, audioBytes, message, elapsedMs, ...came } = outcome;
	if (process.env.FAULTS_FILE) {
		const diff = Object.entries({ ...came, leaks, keys: keyFoundIn.length }).filter(
			([k, v]) => JSON.stringify(v) !== JSON.stringify(({ ...cell.expected, leaks: 0, keys: 0 } as any)[k]),
		);
		appendFileSync(
			process.env.FAULTS_FILE,
			JSON.stringify({
				cell: titleOf(cell),
				name: cell.fault.name,
				ms: Math.round(elapsedMs),
				diff: Object.fromEntries(
					diff.map(([k, v]) => [k, `${JSON.stringify(v)} not ${JSON.stringify((cell.expected as any)[k])}`]),
				),
				message: diff.length ? message : undefined,
			}) + '\n',
		);
	}
	expect({ ...came, message }).toEqual({ ...cell.expected, message });
	expect({ leaks, keyFoundIn }).toEqual({ leaks: 0, keyFoundIn: [] });
});
