/**
 * What `n8n-node build` leaves to do. Before it, `gulp register` tells package.json which nodes and credentials there are. After it, in
 * `dist`: the libraries that ship with the nodes are bundled, what n8n's build copies too much is removed, and what is left is held
 * against the rules of n8n's scanner.
 */
const { readdir, readFile, rm, writeFile } = require('node:fs/promises');
const { dirname, join, relative } = require('node:path');
const esbuild = require('esbuild');
const { ESLint } = require('eslint');
const { series } = require('gulp');

const DIST = join(__dirname, 'dist');

/** Modules without code of their own that re-export just what the nodes use of a library. */
const BUNDLES = ['nodes/shared/speech/markup'];

/** The folders that n8n loads. n8n's build also copies every picture of the repository, and tsc its build information. */
const SHIPPED = ['credentials', 'icons', 'nodes'];

/** What n8n gives to a package, which it installs without dependencies. */
const GIVEN = /^(\.{1,2}\/|(n8n-workflow|zod|crypto)$)/;

/** What n8n loads is listed in package.json: each list there, the folder that it is made of, and the files that it names. */
const REGISTERED = [
	{ list: 'credentials', folder: 'credentials', names: /\.credentials\.ts$/ },
	{ list: 'nodes', folder: 'nodes', names: /\.node\.ts$/ },
];

/** Makes the lists of package.json say what is in the folders, so that a node is added by adding its files. */
async function register() {
	const path = join(__dirname, 'package.json');
	const before = await readFile(path, 'utf8');
	const manifest = JSON.parse(before);
	for (const { list, folder, names } of REGISTERED) {
		const files = await readdir(join(__dirname, folder), { recursive: true });
		manifest.n8n[list] = files
			.filter((file) => names.test(file))
			.map((file) => `dist/${folder}/${file.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`)
			.sort();
	}
	const after = `${JSON.stringify(manifest, null, 2)}\n`;
	if (after !== before) await writeFile(path, after);
}

/** Replaces each of {@link BUNDLES} by one file that needs nothing else, with the licences of what is in it beside it. */
async function bundle() {
	for (const name of BUNDLES) {
		const { metafile } = await esbuild.build({
			entryPoints: [join(__dirname, `${name}.ts`)],
			outfile: join(DIST, `${name}.js`),
			allowOverwrite: true,
			bundle: true,
			format: 'cjs',
			platform: 'neutral',
			mainFields: ['module', 'main'],
			target: 'es2022',
			charset: 'utf8',
			legalComments: 'none',
			metafile: true,
			absWorkingDir: __dirname,
			logLevel: 'warning',
		});
		await writeFile(join(DIST, `${name}.LICENSES.txt`), await licencesOf(Object.keys(metafile.inputs)));
	}
}

async function licencesOf(files) {
	const packages = new Set(
		files.map((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean),
	);
	const texts = [...packages].sort().map(async (folder) => {
		const { name, version } = JSON.parse(await readFile(join(__dirname, folder, 'package.json'), 'utf8'));
		const licence = (await readdir(join(__dirname, folder))).find((file) => /^licen[cs]e/i.test(file));
		if (!licence) throw new Error(`${name} is bundled, but has no licence file`);
		return `${name} ${version}\n\n${(await readFile(join(__dirname, folder, licence), 'utf8')).trim()}\n`;
	});
	return (await Promise.all(texts)).join(`\n${'-'.repeat(72)}\n\n`);
}

async function trim() {
	const extra = (await readdir(DIST)).filter((name) => !SHIPPED.includes(name));
	await Promise.all(extra.map((name) => rm(join(DIST, name), { recursive: true })));
}

/**
 * n8n's scanner runs the rules of n8n's linter over what is published, without heeding exceptions written into it. Its rule
 * about imports lets development dependencies pass; in `dist` they would be missing, so here only what is given may stay.
 */
async function check() {
	const eslint = new ESLint({
		cwd: __dirname,
		overrideConfigFile: true,
		allowInlineConfig: false,
		overrideConfig: [
			{
				files: ['dist/**/*.js'],
				languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs' },
				...scannerRules(),
			},
		],
	});
	const files = (await readdir(DIST, { recursive: true })).filter((file) => file.endsWith('.js'));
	const results = await eslint.lintFiles(files.map((file) => join('dist', file)));
	const found = results.flatMap(({ filePath, messages }) =>
		messages.map(({ line, message }) => `${relative(__dirname, filePath)}:${line} ${message}`),
	);
	if (found.length > 0) throw new Error(`What was built may not be published:\n${found.join('\n')}`);
}

function scannerRules() {
	const { config } = require('@n8n/node-cli/eslint');
	const { plugins, rules } = config.find((entry) => entry.plugins?.['@n8n/community-nodes']);
	return {
		plugins,
		rules: {
			...rules,
			'no-console': 'error',
			'no-eval': 'error',
			'no-restricted-syntax': [
				'error',
				{
					selector: `CallExpression[callee.name="require"] > Literal.arguments:not([value=${GIVEN}])`,
					message: 'requires what n8n does not give.',
				},
				{
					selector: 'CallExpression[callee.name="require"] > :not(Literal).arguments',
					message: 'requires what is known only at run time.',
				},
				{ selector: 'ImportExpression', message: 'imports at run time.' },
			],
		},
	};
}

exports.register = register;
exports.default = series(bundle, trim, check);
