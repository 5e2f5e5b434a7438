import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { freePort, n8nCommand, n8nEnvironment } from '../n8n/environment.mts';
import { startN8n } from '../n8n/instance.mts';
import { installPackage } from '../n8n/package.mts';
import { startProcess } from '../n8n/process.mts';
import { together } from '../together.mts';
import { DATABASE, DATABASE_USER, startPostgres, startRedis } from './servers.mts';

export interface QueueOptions {
	/**
	 * Contains a user folder for the main process and for each worker, as on separate machines.
	 * Emptied first.
	 */
	folder: string;
	workers: number;
	/** The number of concurrent executions of a worker. */
	concurrency: number;
	/** Environment variables that are added to the main process and all workers. */
	env?: Record<string, string>;
	onLog?: (who: string, line: string) => void;
}

export type Queue = Awaited<ReturnType<typeof startQueue>>;
export type Worker = Awaited<ReturnType<typeof startWorker>>;

/**
 * Starts n8n in queue mode as on several machines: Redis, PostgreSQL, a main process and workers,
 * all on free loopback ports. Each n8n has its own user folder with the package. If anything fails,
 * all started processes are stopped.
 */
export async function startQueue({ folder, workers: count, concurrency, env = {}, onLog }: QueueOptions) {
	const clear = async () => await rm(folder, { recursive: true, force: true });
	await clear();
	return await together(async (start) => {
		await start({ stop: clear });
		const redis = await start(startRedis());
		const postgres = await start(startPostgres());
		const shared = { ...queueEnvironment(redis.port, postgres.port), ...env };
		const logOf = (who: string) => (line: string) => onLog?.(who, line);
		const mainFolder = join(folder, 'main');
		await installPackage(mainFolder);
		const main = await start(startN8n({ userFolder: mainFolder, env: shared, onLog: logOf('main') }));
		const workers: Worker[] = [];

		/** Starts another worker. */
		async function addWorker(): Promise<Worker> {
			const name = `worker-${workers.length + 1}`;
			const userFolder = join(folder, name);
			await installPackage(userFolder);
			const worker = await start(
				startWorker({ name, userFolder, concurrency, env: shared, onLog: logOf(name) }),
			);
			workers.push(worker);
			return worker;
		}
		for (let index = 0; index < count; index += 1) await addWorker();
		return { main, workers, addWorker };
	});
}

/**
 * Settings that the main process and all workers must share. Binary data goes to the database,
 * which is n8n's default in queue mode.
 */
function queueEnvironment(redisPort: number, postgresPort: number): Record<string, string> {
	return {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		N8N_ENCRYPTION_KEY: 'sandbox-encryption-key',
		N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgresPort),
		DB_POSTGRESDB_DATABASE: DATABASE,
		DB_POSTGRESDB_USER: DATABASE_USER,
	};
}

interface WorkerOptions {
	name: string;
	userFolder: string;
	concurrency: number;
	env: Record<string, string>;
	onLog: (line: string) => void;
}

async function startWorker({ name, userFolder, concurrency, env, onLog }: WorkerOptions) {
	const healthPort = await freePort();
	const server = startProcess({
		title: name,
		command: n8nCommand.node,
		args: [n8nCommand.script, 'worker', `--concurrency=${concurrency}`],
		env: {
			...(await n8nEnvironment(userFolder)),
			...env,
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(healthPort),
		},
		onLog,
	});
	const { pid, logs, ended, stop, kill } = server;
	await server.untilReady(async () => (await fetch(`http://127.0.0.1:${healthPort}/healthz/readiness`)).ok);
	return { name, pid, logs, ended, stop, kill };
}
