import { execFileSync } from 'node:child_process';

const MEGABYTES = 200;

test(`a file of ${MEGABYTES} MB is uploaded from n8n's store with less than 64 MB more of resident memory`, () => {
	const measure = ['--expose-gc', 'test/workflow/uploadMemory.mts', String(MEGABYTES)];
	const printed = execFileSync(process.execPath, measure, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const measured = JSON.parse(printed.trim().split('\n').at(-1)!) as Record<string, number>;
	process.stdout.write(`Upload of ${MEGABYTES} MB: +${(measured.addedBytes! / 1e6).toFixed(0)} MB\n`);

	expect(measured.receivedBytes).toBe(MEGABYTES * 1e6);
	expect(measured.addedBytes).toBeLessThan(64e6);
}, 120_000);
