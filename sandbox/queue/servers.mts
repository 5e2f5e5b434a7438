/**
 * The two servers that n8n's queue mode needs, as child processes on loopback. Their data is
 * deleted at the end.
 */
import { access, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePort } from '../n8n/environment.mts';
import { startProcess } from '../n8n/process.mts';
import { run, SetupFailure } from '../setup.mjs';
import { together } from '../together.mts';

export interface Server {
	port: number;
	stop(): Promise<void>;
}

interface Account {
	uid: number;
	gid: number;
}

const LOOPBACK = '127.0.0.1';
/** PostgreSQL refuses to run as root; its packages create this account. */
const POSTGRES_ACCOUNT = 'postgres';
export const DATABASE = 'postgres';
export const DATABASE_USER = 'n8n';

/** Throws a `SetupFailure` with installation instructions when the server is missing. */
export async function startRedis(): Promise<Server> {
	const command = await find('redis-server', searchPath());
	const port = await freePort();
	const settings = { bind: LOOPBACK, port: String(port), save: '', appendonly: 'no', daemonize: 'no' };
	const server = startProcess({
		title: 'Redis',
		command,
		args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
		env: process.env,
	});
	await server.untilReady(async () => await isListening(port));
	return { port, stop: server.stop };
}

/**
 * An empty cluster whose user needs no password. Throws a `SetupFailure` with installation
 * instructions when PostgreSQL is missing.
 */
export async function startPostgres(): Promise<Server> {
	const places = [...searchPath(), ...(await debianPostgres())];
	const [initdb, postgres] = [await find('initdb', places), await find('postgres', places)];
	const account = process.getuid?.() === 0 ? await accountOf(POSTGRES_ACCOUNT) : undefined;
	// Not inside the project, because the other account may lack access to its directory.
	const directory = await mkdtemp(join(tmpdir(), 'narration-postgres-'));
	if (account) await chown(directory, account.uid, account.gid);
	return await together(async (start) => {
		await start({ stop: async () => await rm(directory, { recursive: true, force: true }) });
		await makeCluster(initdb, directory, account);
		const port = await freePort();
		const settings = {
			listen_addresses: LOOPBACK,
			port: String(port),
			unix_socket_directories: '',
			max_connections: '200',
			fsync: 'off',
		};
		const server = startProcess({
			title: 'PostgreSQL',
			command: postgres,
			args: [
				'-D',
				directory,
				...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
			],
			env: process.env,
			account,
			// The "fast" shutdown mode, which disconnects all clients.
			stopSignal: 'SIGINT',
		});
		await start(server);
		await server.untilReady(async () => await isListening(port));
		return { port };
	});
}

async function makeCluster(initdb: string, directory: string, account: Account | undefined): Promise<void> {
	const settings = ['--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
	const args = ['-D', directory, '-U', DATABASE_USER, ...settings];
	const making = startProcess({ title: 'initdb', command: initdb, args, env: process.env, account });
	await making.ended;
	const isMade = await access(join(directory, 'global', 'pg_control')).then(
		() => true,
		() => false,
	);
	if (!isMade) throw new SetupFailure('PostgreSQL could not make its database.', making.logs());
}

const searchPath = () => (process.env.PATH ?? '').split(delimiter);

/** Debian installs the server of each version outside PATH. Returns the newest first. */
async function debianPostgres(): Promise<string[]> {
	const root = '/usr/lib/postgresql';
	const versions = await readdir(root).catch(() => []);
	return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'));
}

async function find(command: string, directories: string[]): Promise<string> {
	for (const directory of directories) {
		const path = join(directory, command);
		const isThere = await access(path).then(
			() => true,
			() => false,
		);
		if (isThere) return path;
	}
	throw new SetupFailure(
		`Queue mode needs Redis and PostgreSQL, and "${command}" is not installed. On Debian and Ubuntu: apt-get install redis-server postgresql`,
	);
}

async function accountOf(name: string): Promise<Account> {
	const id = async (flag: string) => Number((await run('id', [flag, name])).trim());
	return { uid: await id('-u'), gid: await id('-g') };
}

async function isListening(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = createConnection({ host: LOOPBACK, port });
		const settle = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('connect', () => settle(true)).once('error', () => settle(false));
	});
}
