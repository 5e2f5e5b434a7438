/**
 * Setup that must work on Node 20 with nothing installed: a progress display, commands whose output
 * is kept for error messages, and the installation of the project, its build and a real n8n.
 *
 * Plain JavaScript on Node's own modules only, because the project's Node 24, which runs
 * TypeScript, is itself installed here.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectDirectory = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Ignored by git. The build skips it because its name begins with a dot. */
export const workDirectory = join(projectDirectory, '.sandbox');
export const n8nDirectory = join(workDirectory, 'n8n');

const TAIL_LINES = 25;
const isWindows = process.platform === 'win32';

/** A failed step: `message` is a sentence for users, `tail` the last lines of its output. */
export class SetupFailure extends Error {
	constructor(message, tail = []) {
		super(message);
		this.name = 'SetupFailure';
		this.tail = tail;
	}
}

const REDRAWN = /\r\n|\n|\r|\u001b\[[0-9]*[DGJK]/;
const STYLING = /\u001b\[[0-9;?]*[A-Za-z]/g;
/** One frame of a spinner: shown while it turns, but not kept. */
const SPINNER = /^[◐◓◑◒⠀-⣿]/;

/**
 * Splits output into lines, including those that overwrite one another, and passes on each complete
 * line.
 */
function lineReader(onLine) {
	let rest = '';
	return (chunk) => {
		const lines = (rest + chunk).split(REDRAWN);
		rest = lines.pop() ?? '';
		for (const line of lines) {
			const plain = line.replace(STYLING, '').trimEnd();
			if (plain) onLine(plain);
		}
	};
}

/**
 * Runs a command to its end and returns its standard output. Throws a `SetupFailure` with the last
 * lines of both streams when the command cannot start or its exit code is not 0.
 */
export function run(command, args, { cwd = projectDirectory, env = process.env, onLine = () => {} } = {}) {
	return new Promise((resolve, reject) => {
		const tail = [];
		const read = lineReader((line) => {
			if (!SPINNER.test(line)) tail.push(line);
			if (tail.length > TAIL_LINES) tail.shift();
			onLine(line);
		});
		const shown = [command.split(/[\\/]/).pop(), ...args.map((arg) => relativeToProject(arg))].join(' ');
		// npm and npx are batch files on Windows, which need a shell.
		const child = spawn(command, args, {
			cwd,
			env,
			shell: isWindows && ['npm', 'npx'].includes(command),
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		child.stdout.setEncoding('utf8').on('data', (chunk) => {
			output += chunk;
			read(chunk);
		});
		child.stderr.setEncoding('utf8').on('data', read);
		child.on('error', (error) =>
			reject(new SetupFailure(`"${shown}" could not be started: ${error.message}`, tail)),
		);
		child.on('close', (code, signal) => {
			read('\n');
			if (code === 0) return resolve(output);
			reject(new SetupFailure(`"${shown}" ended with ${signal ?? `code ${code}`}.`, tail));
		});
	});
}

function relativeToProject(path) {
	const inside = relative(projectDirectory, path);
	return path.startsWith(projectDirectory) && inside ? inside : path;
}

/**
 * Shows one line per step. On a terminal the current line is redrawn with the elapsed seconds and
 * the current activity. Elsewhere a line is written at the start of a step, every half minute, and
 * at its end.
 */
export function createProgress(stream = process.stderr) {
	const terminal = Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
	const paint = (code, text) => (terminal ? `\u001b[${code}m${text}\u001b[0m` : text);
	const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

	async function step(title, work) {
		const startedAt = Date.now();
		let now = '';
		const draw = () => {
			const head = `  ${paint(36, '…')} ${title} ${paint(2, seconds(startedAt))} `;
			const room = (stream.columns ?? 100) - title.length - 16;
			stream.write(`\r\u001b[2K${head}${paint(2, now.slice(0, Math.max(0, room)))}`);
		};
		const beat = () =>
			stream.write(`  … ${title}, ${seconds(startedAt)} so far${now ? `: ${now.slice(0, 100)}` : ''}\n`);
		if (terminal) draw();
		else stream.write(`  … ${title}\n`);
		const timer = terminal ? setInterval(draw, 200) : setInterval(beat, 30_000);
		const end = (mark, colour, note) =>
			stream.write(
				`${terminal ? '\r\u001b[2K' : ''}  ${paint(colour, mark)} ${title} ${paint(2, `(${seconds(startedAt)})`)}${note}\n`,
			);
		try {
			let note = '';
			const result = await work({
				say: (text) => void (now = text),
				note: (text) => void (note = `  ${text}`),
			});
			end('✓', 32, note);
			return result;
		} catch (error) {
			end('✗', 31, '');
			throw error;
		} finally {
			clearInterval(timer);
		}
	}
	return { step, heading: (text) => stream.write(`\n${paint(1, text)}\n\n`) };
}

/** Prints a failure for users: the message, then the last lines of the log. */
export function reportFailure(error, stream = process.stderr) {
	const tail = error instanceof SetupFailure ? error.tail : [];
	const text = error instanceof SetupFailure ? error.message : (error?.stack ?? String(error));
	stream.write(`\n${text}\n`);
	if (tail.length)
		stream.write(`\nThe last lines of its log:\n${tail.map((line) => `  | ${line}`).join('\n')}\n`);
}

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));
const exists = (path) =>
	stat(path).then(
		() => true,
		() => false,
	);

/**
 * Whether a directory's `node_modules` matches a lockfile. npm records its installation in
 * `node_modules/.package-lock.json` once everything is in place. Optional packages may be absent.
 */
export async function isInstalled(directory, lockfile = join(directory, 'package-lock.json')) {
	try {
		const wanted = (await readJson(lockfile)).packages;
		const present = (await readJson(join(directory, 'node_modules', '.package-lock.json'))).packages;
		return Object.entries(wanted).every(
			([path, entry]) =>
				path === '' ||
				(present[path]
					? present[path].version === entry.version
					: Boolean(entry.optional || entry.devOptional || entry.peer || entry.extraneous)),
		);
	} catch {
		return false;
	}
}

/**
 * npm passes its settings to the scripts that it runs. They are removed, so that a nested npm looks
 * for its package in its own working directory.
 */
function environmentForNpm() {
	const { npm_config_local_prefix, npm_package_json, npm_command, ...env } = process.env;
	return env;
}

/** Extracts the package name at the end of a URL from npm's lines about downloads. */
const PACKAGE_OF_FETCH = /^npm http fetch .*\/([^/\s]+?)(?:\.tgz)?(?: |$)/;

async function npmInstall(directory, args, { say }) {
	await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=http'], {
		cwd: directory,
		env: environmentForNpm(),
		onLine: (line) => say(PACKAGE_OF_FETCH.exec(line)?.[1] ?? line),
	});
}

/**
 * Installs the project's dependencies, including Node 24, when they are missing or do not match the
 * lockfile.
 */
export async function installProject(progress) {
	if (await isInstalled(projectDirectory)) return;
	await progress.step("Installing the project's dependencies (about a minute)", installProjectNow);
}

const installProjectNow = (step) => npmInstall(projectDirectory, ['ci'], step);

/**
 * Installs both in parallel when both are missing. Waits for both to end, then throws the first
 * failure.
 */
export async function installProjectAndN8n(progress) {
	const isMissing = !(await isInstalled(projectDirectory)) && !(await isN8nInstalled());
	if (isMissing) {
		await progress.step(
			"Installing the project's dependencies and n8n (2 to 4 minutes, once)",
			async (step) => {
				const both = await Promise.allSettled([installProjectNow(step), installN8nNow(step)]);
				for (const { reason } of both) if (reason) throw reason;
			},
		);
	}
	await installProject(progress);
	await installN8n(progress);
}

const n8nSource = join(projectDirectory, 'sandbox', 'n8n');
/**
 * n8n is 2 GB in 1,000 packages; pnpm reuses earlier downloads from a store that all folders share.
 * The layout is npm's, because n8n locates some of its parts by it.
 */
const PNPM = ['--yes', 'pnpm@10.34.9'];
const PNPM_SETTINGS = 'node-linker=hoisted\nconfirm-modules-purge=false\nupdate-notifier=false\n';
const N8N_FILES = ['package.json', 'pnpm-lock.yaml'];
/** A record of the installed version, written once everything is in place. */
const n8nStamp = join(n8nDirectory, '.installed');

const isN8nInstalled = async () =>
	(await readFile(n8nStamp, 'utf8').catch(() => '')) === (await fingerprintOfN8n());

const fingerprintOfN8n = () =>
	fingerprint(N8N_FILES.map((file) => relative(projectDirectory, join(n8nSource, file))));

async function installN8nNow({ say }) {
	await rm(n8nStamp, { force: true });
	await mkdir(n8nDirectory, { recursive: true });
	for (const file of N8N_FILES) await cp(join(n8nSource, file), join(n8nDirectory, file));
	await writeFile(join(n8nDirectory, '.npmrc'), PNPM_SETTINGS);
	await run(
		'npx',
		[...PNPM, 'install', '--frozen-lockfile', '--ignore-workspace', '--reporter=append-only'],
		{
			cwd: n8nDirectory,
			env: environmentForNpm(),
			onLine: say,
		},
	);
	await writeFile(n8nStamp, await fingerprintOfN8n());
}

/**
 * Installs n8n from the lockfile in `sandbox/n8n` into `.sandbox/n8n` when it is missing or has
 * another version.
 */
export async function installN8n(progress) {
	if (await isN8nInstalled()) return;
	await progress.step('Installing n8n (1 to 4 minutes, once)', installN8nNow);
}

/**
 * npm 10 does not support `allowScripts`, and prompts before running a dependency script's npx
 * command.
 */
const NPM_SETTINGS = 'yes=true\nfund=false\naudit=false\nupdate-notifier=false\n';

/**
 * Installs another version of n8n into its own directory if it is missing, and returns the
 * directory. There is no lockfile for it. Its dependencies are resolved to the releases before a
 * day (`YYYY-MM-DD`), so that the result is always the same.
 */
export async function installOtherN8n(progress, version, before) {
	const directory = join(workDirectory, `n8n-${version}`);
	if (await isInstalled(directory)) return directory;
	await progress.step(`Installing n8n ${version} (3 to 6 minutes, once)`, async (step) => {
		await mkdir(directory, { recursive: true });
		const { pnpm, ...manifest } = await readJson(join(n8nSource, 'package.json'));
		const allowed = (names, isAllowed) => names.map((name) => [name, isAllowed]);
		Object.assign(manifest, {
			dependencies: { n8n: version },
			overrides: pnpm.overrides,
			allowScripts: Object.fromEntries([
				...allowed(pnpm.onlyBuiltDependencies, true),
				...allowed(pnpm.ignoredBuiltDependencies, false),
			]),
		});
		await writeFile(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
		await writeFile(join(directory, '.npmrc'), NPM_SETTINGS);
		await npmInstall(directory, ['install', `--before=${before}`], step);
	});
	return directory;
}

/** The Node 24 that npm has installed as a dependency. */
export function nodeBinary(directory = projectDirectory) {
	return join(directory, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
}

/**
 * Runs a project file in the project's Node 24 instead of this process: with its input, output and
 * exit code.
 */
export function goOnInProjectNode(file, args) {
	const child = spawn(nodeBinary(), [join(projectDirectory, file), ...args], { stdio: 'inherit' });
	// Ctrl+C in a terminal reaches both processes: this one only waits until the other has cleaned
	// up.
	process.on('SIGINT', () => {});
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	child.on('error', (error) => {
		reportFailure(error);
		process.exitCode = 1;
	});
	child.on('exit', (code) => (process.exitCode = code ?? 1));
}

const BUILD_SOURCES = ['package.json', 'tsconfig.json', 'gulpfile.js', 'credentials', 'icons', 'nodes'];

/** A hash of the names and contents of files and folders in the project. */
async function fingerprint(paths) {
	const hash = createHash('sha256');
	async function add(path) {
		const info = await stat(path).catch(() => undefined);
		if (info?.isDirectory()) for (const name of (await readdir(path)).sort()) await add(join(path, name));
		else if (info)
			hash
				.update(`${relative(projectDirectory, path)}\0`)
				.update(await readFile(path))
				.update('\0');
	}
	for (const path of paths) await add(join(projectDirectory, path));
	return hash.digest('hex');
}

/** Builds `dist` unless the last build used the current sources. */
export async function buildProject(progress) {
	const stamp = join(workDirectory, 'build.sha256');
	const both = [...BUILD_SOURCES, 'dist'];
	if ((await exists(stamp)) && (await readFile(stamp, 'utf8')) === (await fingerprint(both))) return;
	await progress.step('Building the nodes', async ({ say }) => {
		await run('npm', ['run', 'build'], { env: environmentForNpm(), onLine: say });
		await mkdir(workDirectory, { recursive: true });
		await writeFile(stamp, await fingerprint(both));
	});
}
