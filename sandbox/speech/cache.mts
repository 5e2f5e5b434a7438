import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FileCache {
	/**
	 * The bytes for a key (letters and digits). Concurrent requests for one key share one
	 * generation.
	 */
	get(key: string, make: () => Promise<Buffer>): Promise<Buffer>;
	/** Removes all entries; the next `get` generates again. */
	clear(): void;
}

/**
 * A least-recently-used cache with a size limit, in a folder of its own. Hours of sound are too
 * large for memory, and a provider's file must return the same bytes every time.
 */
export function createFileCache(limitBytes: number): FileCache {
	const sizes = new Map<string, number>();
	const making = new Map<string, Promise<Buffer>>();
	let keptBytes = 0;
	let folder: string | undefined;

	const fileOf = (key: string) => join((folder ??= mkdtempSync(join(tmpdir(), 'narration-sound-'))), key);

	async function keep(key: string, bytes: Buffer): Promise<void> {
		await writeFile(fileOf(key), bytes);
		sizes.set(key, bytes.length);
		keptBytes += bytes.length;
		for (const [oldest, sizeBytes] of sizes) {
			if (keptBytes <= limitBytes || oldest === key) return;
			sizes.delete(oldest);
			keptBytes -= sizeBytes;
			await rm(fileOf(oldest));
		}
	}

	async function makeAndKeep(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
		const bytes = await make();
		await keep(key, bytes);
		return bytes;
	}

	function readAgain(key: string, sizeBytes: number): Promise<Buffer> {
		sizes.delete(key);
		sizes.set(key, sizeBytes);
		return readFile(fileOf(key));
	}

	function clear(): void {
		if (folder) rmSync(folder, { recursive: true, force: true });
		folder = undefined;
		sizes.clear();
		keptBytes = 0;
	}
	process.once('exit', clear);

	return {
		clear,
		async get(key, make) {
			const sizeBytes = sizes.get(key);
			if (sizeBytes !== undefined) return await readAgain(key, sizeBytes);
			const started = making.get(key) ?? makeAndKeep(key, make);
			making.set(key, started);
			return await started.finally(() => making.delete(key));
		},
	};
}
