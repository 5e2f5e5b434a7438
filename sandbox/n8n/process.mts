import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { SetupFailure } from '../setup.mjs';

const READY_SECONDS = 120;
const STOP_SECONDS = 20;
const LOG_LINES = 400;

export interface ProcessOptions {
	/** The name for messages, such as `n8n`. */
	title: string;
	command: string;
	args: string[];
	env: NodeJS.ProcessEnv;
	/** The account to run as, when this process's account is not allowed. */
	account?: { uid: number; gid: number };
	onLog?: (line: string) => void;
	/** The signal for an orderly end; SIGTERM by default. */
	stopSignal?: NodeJS.Signals;
}

export type ServerProcess = ReturnType<typeof startProcess>;

/** Starts a server as a child process, which ends no later than this process. */
export function startProcess({ title, command, args, env, account, onLog, stopSignal }: ProcessOptions) {
	const log: string[] = [];
	const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...account });
	let exited = false;
	const ended = once(child, 'exit').then(
		() => void (exited = true),
		(error: unknown) => {
			exited = true;
			keep(error instanceof Error ? error.message : String(error));
		},
	);

	function keep(chunk: string): void {
		for (const line of chunk.split('\n').filter((text) => text.trim() !== '')) {
			log.push(line);
			onLog?.(line);
		}
		log.splice(0, log.length - LOG_LINES);
	}
	child.stdout.setEncoding('utf8').on('data', keep);
	child.stderr.setEncoding('utf8').on('data', keep);
	// A crashed test runner or demo must not leave its servers behind.
	const killChild = () => child.kill('SIGKILL');
	process.once('exit', killChild);

	async function stop(): Promise<void> {
		process.off('exit', killChild);
		if (exited) return;
		child.kill(stopSignal ?? 'SIGTERM');
		const timer = setTimeout(killChild, STOP_SECONDS * 1000);
		await ended;
		clearTimeout(timer);
	}

	return {
		/** Null when the process could not be started. */
		pid: child.pid ?? null,
		/** The last lines of its output. */
		logs: () => [...log],
		/** Resolves when the process has ended for any reason. */
		ended,
		/**
		 * Waits until the server answers. If it ends early or is not ready in time, it is stopped,
		 * and a `SetupFailure` with the end of its log is thrown.
		 */
		async untilReady(isReady: () => Promise<boolean>): Promise<void> {
			const deadline = Date.now() + READY_SECONDS * 1000;
			while (!exited && Date.now() < deadline) {
				if (await isReady().catch(() => false)) return;
				await sleep(250);
			}
			const what = exited ? 'ended before it was ready.' : `was not ready after ${READY_SECONDS} seconds.`;
			await stop();
			throw new SetupFailure(`${title} ${what}`, log.slice(-25));
		},
		/** Ends the process in an orderly way and waits for its end. */
		stop,
		/** Kills the process at once, as a crash or a lack of memory does. */
		async kill(): Promise<void> {
			process.off('exit', killChild);
			killChild();
			await ended;
		},
	};
}
