/**
 * Loads what was built with the very Node that runs this, and fails when that does not work: `node tools/load.mjs`. Everything that npm runs
 * here uses the project's own Node 24, and n8n 1 runs on Node 20 as well.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../package.json', import.meta.url));
const { n8n } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The one class of a file, as n8n makes it. */
function create(path) {
	const [Type] = Object.values(require(`./${path}`));
	return new Type();
}

const nodes = n8n.nodes.map((path) => create(path).description.displayName);
const credentials = n8n.credentials.map((path) => create(path).displayName);
process.stdout.write(
	`Node ${process.version} loads the nodes ${nodes.join(', ')} and the credentials ${credentials.join(', ')}.\n`,
);
