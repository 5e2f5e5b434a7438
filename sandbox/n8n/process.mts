import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { SetupFailure } from '../setup.mjs';

const READY_SECONDS = 120;
const STOP_SECONDS = 20;
const LOG_LINES = 400;

export interface ProcessOptions {
	/** What it is called in sentences, such as `n8n`. */
	title: string;
	command: string;
	args: string[];
	env: NodeJS.ProcessEnv;
	/** The account to run as, where it may not be the one of this process. */
	account?: { uid: number; gid: number };
	onLog?: (line: string) => void;
	/** Ends it in an orderly way; SIGTERM when absent. */
	stopSignal?: NodeJS.Signals;
}

export type ServerProcess = ReturnType<typeof startProcess>;

/** Starts a server as a child process, which ends with this one at the latest. */
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
	// A test runner or a demo that dies must not leave its servers behind.
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
		/** Null when it could not be started at all. */
		pid: child.pid ?? null,
		/** The last lines that it wrote. */
		logs: () => [...log],
		/** Resolves when the process has ended, by itself or from here. */
		ended,
		/** Waits until it answers. When it ends early or takes too long, it is stopped, and a `SetupFailure` has the end of its log. */
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
		/** Lets it end what it is doing, and waits until it has. */
		stop,
		/** Ends it at once, as a crash or a lack of memory does. */
		async kill(): Promise<void> {
			process.off('exit', killChild);
			killChild();
			await ended;
		},
	};
}
