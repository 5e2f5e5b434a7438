import { join } from 'node:path';

import { accountsAt, demoCredentials } from '../sandbox/demo/workflows.mts';
import { startQueue, type Worker } from '../sandbox/queue/queue.mts';
import { startSandbox } from '../sandbox/sandbox.mts';
import { together } from '../sandbox/together.mts';
import { buildProject, createProgress, installN8n, workDirectory } from '../sandbox/setup.mjs';

const WORKERS = 2;
/** What n8n gives a worker when one does not say. */
export const WORKER_CONCURRENCY = 10;
/** Between a provider's accepting a request and its answer's arrival; when a worker dies then, it never learns of the job. */
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
			/** Everything that the workers have logged, the dead ones too. */
			workerLog: () => workerLog.join('\n'),
			/** The worker that is to die next, and a fresh one in the place of the last. */
			async victim(): Promise<Worker> {
				if (victims > 0)
					await progress.step('Starting a worker in the place of the dead one', queue.addWorker);
				victims += 1;
				return queue.workers.at(-1)!;
			},
		};
	});
