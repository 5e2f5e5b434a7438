/**
 * `npm run docs:providers`: generates the code-based parts of each provider's page, and the index
 * of the pages.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { buildProject, createProgress, projectDirectory } from '../../sandbox/setup.mjs';
import { documentsIndex, INDEX_PAGE, PROVIDER_PAGES, providerPage } from './providers.mts';

await buildProject(createProgress());
const require = createRequire(join(projectDirectory, 'dist', 'package.json'));
for (const about of PROVIDER_PAGES) {
	const text = await providerPage(about, async (path) => require(`./${path}.js`) as Record<string, unknown>);
	writeFileSync(join(projectDirectory, about.page), text);
}
writeFileSync(join(projectDirectory, INDEX_PAGE), documentsIndex());
