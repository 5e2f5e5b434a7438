/**
 * `npm run demo`: everything that the demo itself needs comes first, on whichever Node there is (20 or newer); then the
 * demo goes on in the project's own Node 24.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import {
	createProgress,
	installProjectAndN8n,
	nodeBinary,
	projectDirectory,
	reportFailure,
} from '../setup.mjs';

try {
	await installProjectAndN8n(createProgress());
} catch (error) {
	reportFailure(error);
	process.exit(1);
}

const demo = spawn(
	nodeBinary(),
	[join(projectDirectory, 'sandbox', 'demo', 'demo.mts'), ...process.argv.slice(2)],
	{
		stdio: 'inherit',
	},
);
// Ctrl+C in a terminal reaches both processes: this one only waits until the demo has put everything away.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => demo.kill('SIGTERM'));
demo.on('error', (error) => {
	reportFailure(error);
	process.exitCode = 1;
});
demo.on('exit', (code) => (process.exitCode = code ?? 1));
