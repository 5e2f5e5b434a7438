/** `npm run docs:faults`: writes docs/faults.md from the table of the tests. */
import { writeFileSync } from 'node:fs';

import { faultsPage } from './page.mts';

writeFileSync('docs/faults.md', faultsPage());
