import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectDirectory } from '../setup.mjs';

/** The n8n that everything else here runs on; it has a lockfile of its own. */
export const NEWEST = (
	JSON.parse(readFileSync(join(projectDirectory, 'sandbox', 'n8n', 'package.json'), 'utf8')) as {
		dependencies: { n8n: string };
	}
).dependencies.n8n;

/** The others, from the oldest that is supported on. */
export const OLDER = ['1.123.81', '2.20.12'];

/** Their dependencies are taken as they were published before this day. */
export const AS_OF = '2026-09-27';
