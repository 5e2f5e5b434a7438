import { existsSync, readFileSync } from 'node:fs';

import { parse } from 'yaml';

interface Step {
	run?: string;
	uses?: string;
}

interface Job {
	permissions?: Record<string, string>;
	strategy?: { matrix: { node: number[] } };
	steps: Array<Step & { with?: Record<string, unknown> }>;
}

interface GithubWorkflow {
	on: Record<string, { tags?: string[]; branches?: string[] } | null>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const read = (name: string) => parse(readFileSync(`.github/workflows/${name}`, 'utf8')) as GithubWorkflow;
const ci = read('ci.yml');
const publish = read('publish.yml');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
	version: string;
	scripts: Record<string, string>;
	files: string[];
};

const commandsOf = ({ jobs }: GithubWorkflow) =>
	Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

test.each([...commandsOf(ci), ...commandsOf(publish)])(
	'"%s" names scripts and files that are there',
	(run) => {
		for (const [, script] of run.matchAll(/npm run ([\w:-]+)/g))
			expect(manifest.scripts).toHaveProperty([script!]);
		for (const [, file] of run.matchAll(/^node ([\w/.]+)/g)) expect(existsSync(file!)).toBe(true);
	},
);

test('changes are tested on Node 20, 22 and 24, the newest with everything there is', () => {
	const { 'older-node': older, everything } = ci.jobs as Record<'older-node' | 'everything', Job>;

	expect(older.strategy?.matrix.node).toEqual([20, 22]);
	expect(everything.steps.some((step) => step.with?.['node-version'] === 24)).toBe(true);
	expect(everything.steps.map(({ run }) => run)).toContain('npm test');
	expect(Object.keys(ci.on)).toEqual(['pull_request', 'push']);
});

test('a tag is tested, and then published with provenance by the tool of n8n', () => {
	const [job] = Object.values(publish.jobs) as [Job];
	const runs = job.steps.map(({ run }) => run);

	expect(publish.on.push?.tags).toEqual(['v*.*.*']);
	expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
	expect(runs.indexOf('npm test')).toBeGreaterThan(runs.indexOf('npm ci'));
	expect(runs.at(-1)).toBe('npm run release');
	expect(manifest.scripts.release).toBe('n8n-node release');
	expect(manifest.scripts.prepublishOnly).toBe('n8n-node prerelease');
});

test('no workflow may do more than read the repository, but for the proof of where a release was built', () => {
	expect([ci.permissions, publish.permissions]).toEqual([{ contents: 'read' }, { contents: 'read' }]);
});

test('the changelog begins with the version of the package', () => {
	const [, version] = /^## (\S+)/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
	expect(version).toBe(manifest.version);
});
