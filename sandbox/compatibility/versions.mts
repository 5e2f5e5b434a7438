import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectDirectory } from '../setup.mjs';

/** The n8n version that the demo and the tests run on; it has its own lockfile. */
export const NEWEST = (
	JSON.parse(readFileSync(join(projectDirectory, 'sandbox', 'n8n', 'package.json'), 'utf8')) as {
		dependencies: { n8n: string };
	}
).dependencies.n8n;

/** The other versions, starting with the oldest that is supported. */
export const OLDER = ['1.123.81', '2.20.12'];

/** Dependencies of these versions are resolved to the releases published before this day. */
export const AS_OF = '2026-09-27';
