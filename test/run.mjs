/**
 * `npm test`: everything there is to check, on a machine with Node 20 or newer and npm. Installs what is missing, goes through all
 * checks even when one fails, and ends with a line of its own: "N passed, N failed", and ", N skipped" where there is no browser.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

import {
	buildProject,
	createProgress,
	installN8n,
	installProject,
	installProjectAndN8n,
	nodeBinary,
	projectDirectory,
	reportFailure,
	run,
	workDirectory,
} from '../sandbox/setup.mjs';

const progress = createProgress();
/** Per file: one cause can make every test of a file fail. */
const REPORTED_LINES = 80;

const SKIPPED = `
THE EDITOR WAS NOT TESTED: there is no Chromium on this machine, and none could be installed.
Install chromium or google-chrome, or set CHROMIUM_PATH to one, and run the tests again.

`;

const total = { passed: 0, failed: 0, skipped: 0 };

/** A check that passes or fails as a whole; only its failure is counted. Resolves to whether it passed. */
async function check(work) {
	try {
		await work();
		return true;
	} catch (error) {
		total.failed += 1;
		reportFailure(error);
		return false;
	}
}

const script = (title, name) =>
	check(() => progress.step(title, ({ say }) => run('npm', ['run', '--silent', name], { onLine: say })));

/** An n8n that was killed leaves its copy of the editor behind, thousands of files that the linter would read. */
async function removeEditorCaches() {
	const entries = await readdir(workDirectory, { withFileTypes: true }).catch(() => []);
	for (const { name } of entries.filter((entry) => entry.isDirectory())) {
		await rm(join(workDirectory, name, '.cache'), { recursive: true, force: true });
	}
}

/** Runs projects of jest and adds up their tests. A file that can't even be loaded counts as one that failed. */
async function jest(title, projects) {
	const outputFile = join(workDirectory, `jest-${projects.join('-')}.json`);
	await mkdir(workDirectory, { recursive: true });
	await rm(outputFile, { force: true });
	const args = [
		join(projectDirectory, 'node_modules', 'jest', 'bin', 'jest.js'),
		'--selectProjects',
		...projects,
		'--json',
		`--outputFile=${outputFile}`,
	];
	let failure;
	const counts = await progress
		.step(title, async ({ say, note }) => {
			failure = await run(nodeBinary(), args, { onLine: say }).then(
				() => undefined,
				(error) => error,
			);
			const result = JSON.parse(await readFile(outputFile, 'utf8'));
			const skipped = result.numPendingTests ? `, ${result.numPendingTests} skipped` : '';
			note(`${result.numPassedTests} passed${skipped}`);
			if (failure) throw Object.assign(failure, { result });
			return result;
		})
		.catch((error) => error.result);
	if (!counts) {
		total.failed += 1;
		return reportFailure(failure);
	}
	const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
	total.passed += counts.numPassedTests;
	total.skipped += counts.numPendingTests;
	if (projects.includes('editor') && counts.numPendingTests > 0) process.stderr.write(SKIPPED);
	// Jest can fail with every test passing, as when a suite's last clean-up does.
	total.failed += failure ? Math.max(1, failed) : failed;
	if (failure) reportTests(counts, failure);
}

function reportTests({ testResults }, failure) {
	const suites = testResults.filter(({ status }) => status === 'failed');
	for (const { name, message } of suites) {
		const lines = message.trimEnd().split('\n');
		const rest = lines.length - REPORTED_LINES;
		process.stderr.write(
			`\n${relative(projectDirectory, name)}\n${lines.slice(0, REPORTED_LINES).join('\n')}\n`,
		);
		if (rest > 0) process.stderr.write(`  ... and ${rest} more lines\n`);
	}
	if (suites.length === 0) reportFailure(failure);
}

async function main() {
	progress.heading('Checking everything');
	// Where n8n alone cannot be installed, that is one failure among the checks, further down.
	await installProjectAndN8n(progress).catch(() => installProject(progress));
	await removeEditorCaches();
	await script('Checking the rules of n8n (lint)', 'lint');
	const built = await check(() => buildProject(progress));
	await script('Checking the types', 'typecheck');
	await script('Checking the formatting', 'format:check');
	if (built) {
		await jest('Unit and workflow tests', ['unit', 'workflow']);
		await jest('The fault matrix', ['faults']);
		if (await check(() => installN8n(progress))) {
			await jest('End-to-end tests, in a real n8n', ['end-to-end']);
			await jest('Editor tests, in a real browser', ['editor']);
		}
	} else {
		process.stderr.write('\nWithout a build, no tests were run.\n');
	}
}

main()
	.catch((error) => {
		total.failed += 1;
		reportFailure(error);
	})
	.finally(() => {
		process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
		process.stderr.write('\n');
		const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
		process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
	});
