import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ServerName } from '../../sandbox/sandbox.mts';
import type { BinaryReference, Item } from '../../sandbox/n8n/types.mts';
import { nodeBinary, projectDirectory, run } from '../../sandbox/setup.mjs';

const FOLDER = join(projectDirectory, 'test', 'end-to-end', 'expected');
const fileOf = (name: string) => join(FOLDER, `${name}.json`);

/** The parts of n8n's file reference that are the same in every run. */
const STABLE_OF_BINARY = ['fileName', 'fileExtension', 'mimeType'] as const;

/**
 * Values that differ between runs, by key. Each is replaced by its placeholder only when it has the
 * expected type.
 */
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

/** Random values of the sandbox and n8n: UUIDs and unguessable names. */
const RANDOM = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32}/g;

/**
 * Replaces random parts of a text with placeholders: addresses of the sandbox and random values.
 * The same ID always gets the same number.
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
 * Items in the form of an expectation. Values that differ between runs become placeholders, such as
 * `<iso time>` or `<seconds>`. Files keep only their name and types.
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

/**
 * With `UPDATE_EXPECTED=1` in the environment, expectations are overwritten with the actual output,
 * for review before a commit.
 */
const isUpdating = process.env.UPDATE_EXPECTED === '1';

/** The items in `expected/<name>.json`. Throws when there is no such file. */
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

/** The names of all existing expectations. */
export const expectationNames = () =>
	readdirSync(FOLDER)
		.map((file) => file.replace(/\.json$/, ''))
		.sort();
