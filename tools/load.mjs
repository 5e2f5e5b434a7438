/**
 * `node tools/load.mjs`: loads the build with the Node that runs this script, and fails if that
 * does not work. npm scripts here use the project's own Node 24, but n8n 1 also runs on Node 20.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../package.json', import.meta.url));
const { n8n } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** An instance of the only class in a file, created as n8n does. */
function create(path) {
	const [Type] = Object.values(require(`./${path}`));
	return new Type();
}

const nodes = n8n.nodes.map((path) => create(path).description.displayName);
const credentials = n8n.credentials.map((path) => create(path).displayName);
process.stdout.write(
	`Node ${process.version} loads the nodes ${nodes.join(', ')} and the credentials ${credentials.join(', ')}.\n`,
);
