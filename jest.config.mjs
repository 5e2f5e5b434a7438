/** Everything outside `nodes/` and `credentials/` is `.mts`: Node runs it as it is, and jest runs it as CommonJS. */
const transform = {
	'^.+\\.m?[jt]s$': [
		'@swc/jest',
		{ jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
	],
};

const suite = (name, extra = {}) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.mts`],
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'json'],
	testEnvironment: 'node',
	transform,
	transformIgnorePatterns: ['/node_modules/'],
	modulePathIgnorePatterns: ['<rootDir>/\\.sandbox/'],
	...extra,
});

export default {
	projects: [
		suite('unit', { setupFiles: ['<rootDir>/test/unit/reproducible.mts'] }),
		suite('workflow'),
		suite('faults'),
		suite('end-to-end'),
		suite('editor'),
	],
};
