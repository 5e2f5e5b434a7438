import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

/** Names of the Chromium command on different systems. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The size of the pictures in the documents. */
export const WINDOW = { width: 1440, height: 900 };

const ARGUMENTS = [
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-gpu',
	'--disable-quic',
	'--disable-sync',
	'--no-first-run',
	'--autoplay-policy=no-user-gesture-required',
	'--mute-audio',
];

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function onPath(): string | undefined {
	const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	return NAMES.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

/** Only as root on Debian or a derivative, where no password is needed. */
function installOnDebian(): void {
	if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
	const name = /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8')) ? 'chromium-browser' : 'chromium';
	const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
	try {
		execFileSync('apt-get', ['update'], options);
		execFileSync('apt-get', ['install', '-y', '--no-install-recommends', name], options);
	} catch {
		// No network, no such package: there is no browser then, which is what the caller is told.
	}
}

/**
 * Returns the path of a Chromium: the one in CHROMIUM_PATH, otherwise one on PATH. On Debian, as
 * root, it is installed when there is none. Undefined when none is available. Throws when
 * CHROMIUM_PATH is not executable.
 */
export function findChromium(): string | undefined {
	const named = process.env.CHROMIUM_PATH;
	if (named) {
		if (isExecutable(named)) return named;
		throw new Error(`CHROMIUM_PATH is ${named}, which is no program that can be run.`);
	}
	const found = onPath();
	if (found) return found;
	installOnDebian();
	return onPath();
}

export interface Browser {
	context: BrowserContext;
	page: Page;
	/** Ends the browser, and removes its profile. */
	stop(): Promise<void>;
}

/** Starts Chromium without a window, with a profile of its own. Throws when there is none. */
export async function startBrowser(executablePath = findChromium()): Promise<Browser> {
	if (!executablePath) throw new Error('There is no Chromium on this machine. Set CHROMIUM_PATH to one.');
	const profile = await mkdtemp(join(tmpdir(), 'narration-browser-'));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath,
		headless: true,
		viewport: WINDOW,
		// Chromium's own sandbox does not start as root.
		args: process.getuid?.() === 0 ? ['--no-sandbox', ...ARGUMENTS] : ARGUMENTS,
	});
	const page = context.pages()[0] ?? (await context.newPage());
	return {
		context,
		page,
		async stop() {
			await context.close();
			await rm(profile, { recursive: true, force: true, maxRetries: 3 });
		},
	};
}
