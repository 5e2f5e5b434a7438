/** `npm run docs:providers`: writes into each provider's page what its code says, and into the index which pages there are. */
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
