import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run, workDirectory } from '../setup.mjs';

type PackageJson = Record<string, unknown> & { name: string; version: string };

const readJson = async <T,>(path: string) => JSON.parse(await readFile(path, 'utf8')) as T;
const writeJson = async (path: string, value: unknown) =>
	await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);

/**
 * The dependency lists that n8n's installer removes from a community package before installing the
 * rest.
 */
const STRIPPED = ['devDependencies', 'peerDependencies', 'optionalDependencies'];

/** Packs the built project as it would be published, and returns the tarball's path. */
export async function packProject(directory: string): Promise<string> {
	await mkdir(directory, { recursive: true });
	const output = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory]);
	const [packed] = JSON.parse(output) as Array<{ filename: string }>;
	if (!packed) throw new Error('npm pack named no file.');
	return join(directory, packed.filename);
}

/**
 * Installs the package into `<userFolder>/.n8n/nodes` like n8n's installer for community packages.
 * It unpacks the tarball, removes development, peer and optional dependencies, and lists the
 * package in that folder's `package.json`. No run-time dependencies remain to be installed, because
 * the nodes import only parts of n8n.
 */
export async function installPackage(userFolder: string): Promise<void> {
	await mkdir(workDirectory, { recursive: true });
	const scratch = await mkdtemp(join(workDirectory, 'pack-'));
	try {
		const tarball = await packProject(scratch);
		await run('tar', ['-xzf', tarball, '-C', scratch]);
		const unpacked = join(scratch, 'package');
		const manifest = await readJson<PackageJson>(join(unpacked, 'package.json'));
		if (Object.keys((manifest.dependencies as object | undefined) ?? {}).length > 0) {
			throw new Error('The package has run-time dependencies, which n8n would have to install.');
		}
		for (const field of STRIPPED) delete manifest[field];
		await writeJson(join(unpacked, 'package.json'), manifest);

		const nodesDirectory = join(userFolder, '.n8n', 'nodes');
		const target = join(nodesDirectory, 'node_modules', manifest.name);
		await rm(target, { recursive: true, force: true });
		await mkdir(join(nodesDirectory, 'node_modules'), { recursive: true });
		await cp(unpacked, target, { recursive: true });
		await writeJson(join(nodesDirectory, 'package.json'), {
			name: 'installed-nodes',
			private: true,
			dependencies: { [manifest.name]: manifest.version },
		});
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
}
