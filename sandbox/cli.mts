/**
 * `npm run sandbox [-- --port-base 4800 --host 127.0.0.1 --media-host localhost]`: runs the sandbox
 * on fixed ports until Ctrl+C. `--host` is the address to listen on. `--media-host` is the host
 * name in audio URLs.
 */
import { parseArgs } from 'node:util';

import { RIGHT_KEY, SCENARIOS, startSandbox, type ServerName } from './sandbox.mts';

const ORDER: ServerName[] = ['control', 'aimlApi', 'convai', 'pixazo', 'vimmerse', 'media'];

const { values } = parseArgs({
	options: {
		'port-base': { type: 'string', default: '4800' },
		host: { type: 'string' },
		'media-host': { type: 'string' },
	},
});
const portBase = Number(values['port-base']);
const ports = Object.fromEntries(ORDER.map((name, index) => [name, portBase + index]));
const sandbox = await startSandbox({ ports, host: values.host, mediaHost: values['media-host'] });

const rows = ORDER.map((name) => `  ${name.padEnd(10)} ${sandbox.urls[name]}`);
process.stdout.write(
	[
		'The sandbox is running. It generates real audio, and nothing is charged. Base URLs:',
		...rows,
		`Key for every provider: ${RIGHT_KEY}`,
		`To run a scenario: ${RIGHT_KEY}.<name>[.<times>], where <name> is one of ${Object.keys(SCENARIOS).join(' ')}`,
		'Press Ctrl+C to stop.',
		'',
	].join('\n'),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
}
