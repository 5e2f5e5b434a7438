import { readFile, writeFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1024;
/** Written to `clear_refs`, sets the peak back to what is resident now. https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
const RESET_PEAK = '5';

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
