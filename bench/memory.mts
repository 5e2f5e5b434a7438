import { readdir, readFile, writeFile } from 'node:fs/promises';

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

/** The child of this process whose command line holds these words; null where the system does not tell. */
export async function childProcess(words: string): Promise<number | null> {
	const entries = await readdir('/proc').catch(() => []);
	for (const entry of entries.filter((name) => /^\d+$/.test(name))) {
		const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
		const parent = Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
		if (parent !== process.pid) continue;
		const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
		if (command.includes(words)) return Number(entry);
	}
	return null;
}
