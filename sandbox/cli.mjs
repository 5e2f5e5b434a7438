/**
 * `npm run sandbox`: installs what is missing under any Node from version 20 on, then starts the
 * sandbox in the project's own Node 24.
 */
import { createProgress, goOnInProjectNode, installProject, reportFailure } from './setup.mjs';

try {
	await installProject(createProgress());
} catch (error) {
	reportFailure(error);
	process.exit(1);
}
goOnInProjectNode('sandbox/cli.mts', process.argv.slice(2));
