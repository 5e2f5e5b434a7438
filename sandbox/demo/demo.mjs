/**
 * `npm run demo`: everything that the demo itself needs comes first, on whichever Node there is (20 or newer); then the
 * demo goes on in the project's own Node 24.
 */
import { createProgress, goOnInProjectNode, installProjectAndN8n, reportFailure } from '../setup.mjs';

try {
	await installProjectAndN8n(createProgress());
} catch (error) {
	reportFailure(error);
	process.exit(1);
}
goOnInProjectNode('sandbox/demo/demo.mts', process.argv.slice(2));
