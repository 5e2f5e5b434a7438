import { join } from 'node:path';

import { accountsAt, demoCredentials } from '../sandbox/demo/workflows.mts';
import { startQueue, type Worker } from '../sandbox/queue/queue.mts';
import { startSandbox } from '../sandbox/sandbox.mts';
import { together } from '../sandbox/together.mts';
import { buildProject, createProgress, installN8n, workDirectory } from '../sandbox/setup.mjs';

const WORKERS = 2;
/** n8n's default for a worker. */
export const WORKER_CONCURRENCY = 10;
/**
 * The delay between the acceptance of a request and its answer. A worker that dies in this time
 * never receives the job ID.
 */
export const LATENCY_MS = 200;
export const JOB_SECONDS = 3;

/** The sandbox, and n8n in queue mode with two workers and a credential for Pixazo. */
export type QueueStage = Awaited<ReturnType<typeof openQueueStage>>;

export const openQueueStage = async () =>
	await together(async (start) => {
		const progress = createProgress();
		await buildProject(progress);
		await installN8n(progress);
		const sandbox = await start(startSandbox());
		const workerLog: string[] = [];
		const queue = await start(
			progress.step('Starting Redis, PostgreSQL, n8n and two workers', () =>
				startQueue({
					folder: join(workDirectory, 'bench-queue'),
					workers: WORKERS,
					concurrency: WORKER_CONCURRENCY,
					onLog: (who, line) => void (who !== 'main' && workerLog.push(line)),
				}),
			),
		);
		const { main } = queue;
		const account = demoCredentials(accountsAt(sandbox.urls)).find(({ type }) => type === 'pixazoApi')!;
		const credential = await main.createCredential(account);
		let victims = 0;

		return {
			sandbox,
			progress,
			main,
			credentials: { pixazoApi: { id: credential.id, name: credential.name } },
			/** The log output of all workers, including dead ones. */
			workerLog: () => workerLog.join('\n'),
			/** Returns the next worker to kill, and starts a replacement for the last one. */
			async victim(): Promise<Worker> {
				if (victims > 0)
					await progress.step('Starting a worker in the place of the dead one', queue.addWorker);
				victims += 1;
				return queue.workers.at(-1)!;
			},
		};
	});
