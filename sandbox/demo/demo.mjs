/**
 * `npm run demo`: installs everything that the demo needs under any Node from version 20 on, then
 * runs the demo in the project's own Node 24.
 */
import { createProgress, goOnInProjectNode, installProjectAndN8n, reportFailure } from '../setup.mjs';

try {
	await installProjectAndN8n(createProgress());
} catch (error) {
	reportFailure(error);
	process.exit(1);
}
goOnInProjectNode('sandbox/demo/demo.mts', process.argv.slice(2));
