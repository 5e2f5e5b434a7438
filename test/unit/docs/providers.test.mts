import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { documentsIndex, INDEX_PAGE, PROVIDER_PAGES, providerPage } from '../../../tools/pages/providers.mts';

test.each(PROVIDER_PAGES)('$page is what the code says (npm run docs:providers)', async (about) => {
	const current = await providerPage(about, async (path) => await import(resolve(path)));

	expect(readFileSync(about.page, 'utf8')).toBe(current);
});

test('the index of the documents has every provider (npm run docs:providers)', () => {
	expect(readFileSync(INDEX_PAGE, 'utf8')).toBe(documentsIndex());
});

test.each(PROVIDER_PAGES)('$page tells of the key, the limits and the quirks', ({ page }) => {
	const headings = readFileSync(page, 'utf8').match(/^## .*$/gm);

	expect(headings).toEqual(expect.arrayContaining(['## Key and plan', '## Limits and costs', '## Quirks']));
});
