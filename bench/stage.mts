import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { accountsAt, demoCredentials } from '../sandbox/demo/workflows.mts';
import { importCredentials } from '../sandbox/n8n/cli.mts';
import { freePort } from '../sandbox/n8n/environment.mts';
import { startN8n } from '../sandbox/n8n/instance.mts';
import { installPackage } from '../sandbox/n8n/package.mts';
import type { Item, Workflow } from '../sandbox/n8n/types.mts';
import { chain, eachOf } from '../sandbox/n8n/workflow.mts';
import { startSandbox } from '../sandbox/sandbox.mts';
import { together } from '../sandbox/together.mts';
import { buildProject, createProgress, installN8n, workDirectory } from '../sandbox/setup.mjs';
import { collectGarbage, watchResidentMemory } from './memory.mts';
import type { Subject } from './subjects.mts';

/** The measurements of one workflow run. */
export interface Measured {
	/** The output of the node under test. */
	items: Item[];
	/** The time that n8n reports for that node. */
	nodeSeconds: number;
	/**
	 * The increase of n8n's resident memory from before the run until the execution was saved; null
	 * where the system does not report it.
	 */
	grownBytes: number | null;
}

/** The sandbox and one real n8n with the package installed, and a credential for each provider. */
export type Stage = Awaited<ReturnType<typeof openStage>>;

/** The description of `startAfresh` for readers of a table. */
export const AFRESH =
	'Every measurement of memory has an n8n of its own, freshly started and warmed up; what its resident memory then grows by is read at its peak, once the execution has been saved.';

/** The name of the node under test in a benchmark's workflow. */
const SUBJECT = 'Subject';

export const openStage = async () =>
	await together(async (start) => {
		const progress = createProgress();
		await buildProject(progress);
		await installN8n(progress);
		const sandbox = await start(startSandbox());
		const userFolder = join(workDirectory, 'bench');
		const clear = async () => await rm(userFolder, { recursive: true, force: true });
		await clear();
		await start({ stop: clear });
		await installPackage(userFolder);
		await importCredentials(userFolder, demoCredentials(accountsAt(sandbox.urls)));
		const inspectorPort = await freePort();
		const startAgain = () => startN8n({ userFolder, nodeOptions: [`--inspect=127.0.0.1:${inspectorPort}`] });
		let n8n = await progress.step('Starting n8n', startAgain);
		await start({ stop: async () => await n8n.stop() });

		/**
		 * Runs a node on this many items. Throws when the workflow fails, because timings of
		 * failures are meaningless.
		 */
		async function measure({ label, node }: Subject, count = 1): Promise<Measured> {
			const numbers = Array.from({ length: count }, (_, index) => index + 1);
			return await run(chain(`Benchmark: ${label}`, [...eachOf(numbers), { ...node, name: SUBJECT }]));
		}

		async function run(workflow: Workflow): Promise<Measured> {
			const { id } = await n8n.createWorkflow(workflow);
			const memory = await watchResidentMemory(process.platform === 'linux' ? n8n.pid : null);
			const executionId = await n8n.startWorkflow(id);
			await n8n.untilEnded(id);
			const grownBytes = await memory.grownBytes();
			const { status, runData, error } = await n8n.execution(executionId);
			if (status !== 'success') throw new Error(`The workflow failed: ${error?.message ?? status}`);
			const [subject] = runData[SUBJECT] as unknown as Array<{
				executionTime: number;
				data: { main: Item[][] };
			}>;
			return {
				items: subject?.data.main[0] ?? [],
				nodeSeconds: (subject?.executionTime ?? NaN) / 1000,
				grownBytes,
			};
		}

		/**
		 * Starts a new n8n instead of the current one and warms it up, so that the measured work
		 * does not reuse memory that earlier runs have freed.
		 */
		async function startAfresh(warmUp: () => Promise<unknown>): Promise<void> {
			await n8n.stop();
			n8n = await startAgain();
			await warmUp();
		}

		/**
		 * Runs several functions in turn, as often as requested, and reverses the order every
		 * second time. Other load and effects between neighbours therefore affect all of them
		 * equally. Returns the results of each, in the given order.
		 */
		async function inTurn<Found>(
			runs: number,
			things: ReadonlyArray<{ label: string; measure: () => Promise<Found> }>,
		): Promise<Found[][]> {
			const found = things.map((): Found[] => []);
			for (let run = 1; run <= runs; run += 1) {
				const entries = [...things.entries()];
				for (const [index, thing] of run % 2 === 0 ? entries.reverse() : entries) {
					const title = `${thing.label}, run ${run} of ${runs}`;
					found[index]?.push(await progress.step(title, () => thing.measure()));
				}
			}
			return found;
		}

		return {
			sandbox,
			currentN8n: () => n8n,
			startAfresh,
			collectGarbage: async () => await collectGarbage(inspectorPort),
			measure,
			inTurn,
		};
	});
