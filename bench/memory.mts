import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1024;
/**
 * Written to `clear_refs`, resets the peak to the current resident memory.
 * https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
 */
const RESET_PEAK = '5';

const INSPECTOR_SECONDS = 60;

/**
 * The increase of a process's resident memory above its current value; null where the system does
 * not report it (all but Linux).
 */
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
 * Triggers a garbage collection in a process started with `--inspect`, because startup leaves
 * hundreds of megabytes of garbage, and waits for its end. Throws after a minute.
 * https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#method-collectGarbage
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
