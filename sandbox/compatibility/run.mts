/**
 * `npm run compatibility`: installs each n8n of `versions.mts`, loads the package into it, runs
 * workflows against the sandbox, and writes the results into the README. The first run needs 3 GB
 * and several minutes for each version.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { withMade } from '../../tools/pages/markdown.mts';
import { startSandbox } from '../sandbox.mts';
import {
	buildProject,
	createProgress,
	installN8n,
	installOtherN8n,
	n8nDirectory,
	projectDirectory,
	reportFailure,
} from '../setup.mjs';
import { preparePlace, runChecks } from './check.mts';
import { matrix, type Row } from './page.mts';
import { AS_OF, NEWEST, OLDER } from './versions.mts';

const README = join(projectDirectory, 'README.md');

async function main(): Promise<void> {
	const progress = createProgress();
	progress.heading('On which n8n the package works');
	await buildProject(progress);
	// n8n's own copy of the library can also read execution data that other versions have stored.
	await installN8n(progress);
	const sandbox = await startSandbox();
	const rows: Row[] = [];
	try {
		for (const version of [...OLDER, NEWEST]) {
			const directory = version === NEWEST ? n8nDirectory : await installOtherN8n(progress, version, AS_OF);
			await progress.step(`n8n ${version}`, async (step) => {
				const place = await preparePlace(version, directory, sandbox);
				const results = await runChecks(place, step);
				rows.push({ version, results });
				const refused = [...results.values()].filter((reason) => reason !== null);
				step.note(refused.length === 0 ? 'all works' : refused.join('\n'));
				await rm(place.userFolder, { recursive: true, force: true });
			});
		}
	} finally {
		await sandbox.stop();
	}
	await writeFile(README, withMade(await readFile(README, 'utf8'), 'compatibility', matrix(rows)));
	if (rows.some(({ results }) => [...results.values()].some((reason) => reason !== null)))
		process.exitCode = 1;
}

main().catch((error: unknown) => {
	reportFailure(error);
	process.exitCode = 1;
});
