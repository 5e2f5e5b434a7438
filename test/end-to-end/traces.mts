import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Every file that n8n has written below its user folder, without the installed packages. */
export async function filesOf(userFolder: string): Promise<Array<{ path: string; bytes: Buffer }>> {
	const entries = await readdir(userFolder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name))
		.filter((path) => !path.includes(`${sep}node_modules${sep}`));
	// A database journal may have been deleted by now.
	const files = await Promise.all(
		paths.map(async (path) => ({ path, bytes: await readFile(path).catch(() => Buffer.alloc(0)) })),
	);
	return files;
}

/**
 * Every row of every table of n8n's database as text, because the file itself stores long values in
 * fragments.
 */
export async function databaseTexts(userFolder: string): Promise<Array<{ table: string; text: string }>> {
	const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
	const database = new DatabaseSync(join(userFolder, '.n8n', 'database.sqlite'), { readOnly: true });
	try {
		const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
		return tables.flatMap(({ name }) =>
			database
				.prepare(`SELECT * FROM "${String(name)}"`)
				.all()
				.map((row) => ({ table: String(name), text: textOf(row) })),
		);
	} finally {
		database.close();
	}
}

const textOf = (row: Record<string, unknown>): string =>
	Object.values(row)
		.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
		.join('\n');

/** Whether the data contains the words, as plain text or in base64 at any offset. */
export function holds(haystack: string | Buffer, words: string): boolean {
	return [words, ...inBase64(words)].some((form) => haystack.includes(form));
}

/** The base64 characters of the words that do not depend on neighbouring bytes, for any offset. */
function inBase64(words: string): string[] {
	return [0, 1, 2].map((offset) => {
		const encoded = Buffer.from(' '.repeat(offset) + words).toString('base64');
		const last = Math.floor(((offset + words.length) * 8) / 6);
		return encoded.slice(Math.ceil((offset * 8) / 6), last);
	});
}
