import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ServerName } from '../../sandbox/sandbox.mts';
import type { BinaryReference, Item } from '../../sandbox/n8n/types.mts';
import { nodeBinary, projectDirectory, run } from '../../sandbox/setup.mjs';

const FOLDER = join(projectDirectory, 'test', 'end-to-end', 'expected');
const fileOf = (name: string) => join(FOLDER, `${name}.json`);

/** What of n8n's reference to a file is the same in every run. */
const STABLE_OF_BINARY = ['fileName', 'fileExtension', 'mimeType'] as const;

/** What differs from run to run, by the key it is under: put in its place when it is of the right kind, and only then. */
const VOLATILE: Record<string, { placeholder: string; isKind: (value: unknown) => boolean }> = {
	sizeBytes: { placeholder: '<bytes>', isKind: (value) => Number.isInteger(value) && Number(value) > 0 },
	durationSeconds: {
		placeholder: '<seconds>',
		isKind: (value) => Number.isFinite(value) && Number(value) > 0,
	},
	createdAt: { placeholder: '<iso time>', isKind: isIsoTime },
	completedAt: { placeholder: '<iso time>', isKind: isIsoTime },
};

function isIsoTime(value: unknown): boolean {
	return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
}

/** What the sandbox and n8n make up: UUIDs, and names that nobody guesses. */
const RANDOM = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32}/g;

/**
 * Puts names in the place of what is random within a text: the addresses of the sandbox, and what was made up. The same ID gets
 * the same number wherever it is.
 */
function createNaming(urls: Record<ServerName, string>): (text: string) => string {
	const known: string[] = [];
	const numberOf = (random: string) => {
		if (!known.includes(random)) known.push(random);
		return known.indexOf(random) + 1;
	};
	return (text) =>
		Object.entries(urls)
			.reduce((rest, [name, url]) => rest.replaceAll(url, `<${name}>`), text)
			.replace(RANDOM, (random) => `<random ${numberOf(random)}>`);
}

function withPlaceholders(value: unknown, nameIn: (text: string) => string, key = ''): unknown {
	const volatile = VOLATILE[key];
	if (volatile?.isKind(value)) return volatile.placeholder;
	if (typeof value === 'string') return nameIn(value);
	if (Array.isArray(value)) return value.map((member) => withPlaceholders(member, nameIn));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [name, withPlaceholders(member, nameIn, name)]),
	);
}

const stablePartOf = (file: BinaryReference) =>
	Object.fromEntries(STABLE_OF_BINARY.map((name) => [name, file[name]]));

/**
 * Items as an expectation holds them: as they are, except that what differs from run to run has a placeholder's name, such as
 * `<iso time>` or `<seconds>`, and that of a file only its name and types are left.
 */
export function comparable(items: Item[], urls: Record<ServerName, string>): unknown[] {
	const nameIn = createNaming(urls);
	return items.map(({ json, binary, pairedItem }) => ({
		json: withPlaceholders(json, nameIn),
		...(binary && {
			binary: Object.fromEntries(Object.entries(binary).map(([field, file]) => [field, stablePartOf(file)])),
		}),
		pairedItem,
	}));
}

/** With `UPDATE_EXPECTED=1` in the environment expectations are rewritten by what came out, to be read before they are committed. */
const isUpdating = process.env.UPDATE_EXPECTED === '1';

/** The items that `expected/<name>.json` holds. Throws when there is no such file. */
export async function expectation(name: string, actual: unknown[]): Promise<unknown> {
	const file = fileOf(name);
	if (isUpdating) {
		await mkdir(FOLDER, { recursive: true });
		await writeFile(file, JSON.stringify(actual));
		const prettier = join(projectDirectory, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
		await run(nodeBinary(), [prettier, '--write', file]);
	}
	return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}

/** Names of all expectations that are there. */
export const expectationNames = () =>
	readdirSync(FOLDER)
		.map((file) => file.replace(/\.json$/, ''))
		.sort();
