import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1024;
/** Written to `clear_refs`, sets the peak back to what is resident now. https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
const RESET_PEAK = '5';

const INSPECTOR_SECONDS = 60;

/** How far a process's resident memory rises above where it is now; null where the system does not tell (any but Linux). */
export async function watchResidentMemory(
	pid: number | null,
): Promise<{ grownBytes(): Promise<number | null> }> {
	if (pid === null) return { grownBytes: async () => null };
	await writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK);
	const before = await statusBytes(pid, 'VmRSS');
	return { grownBytes: async () => (await statusBytes(pid, 'VmHWM')) - before };
}

async function statusBytes(pid: number, field: string): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]) * BYTES_PER_KIB;
}

interface InspectedProcess {
	webSocketDebuggerUrl: string;
}

/**
 * Has a process that was started with `--inspect` collect its garbage, of which starting leaves hundreds of megabytes, and waits until it
 * has. Throws when that takes longer than a minute. https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#method-collectGarbage
 */
export async function collectGarbage(inspectorPort: number): Promise<void> {
	const processes = await (await fetch(`http://127.0.0.1:${inspectorPort}/json/list`)).json();
	const [{ webSocketDebuggerUrl }] = processes as [InspectedProcess];
	const inspector = new WebSocket(webSocketDebuggerUrl);
	try {
		const signal = AbortSignal.timeout(INSPECTOR_SECONDS * 1000);
		await once(inspector, 'open', { signal });
		inspector.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
		await once(inspector, 'message', { signal });
	} finally {
		inspector.close();
	}
}
