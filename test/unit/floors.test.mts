/**
 * The layers of the code: a file imports only from its own layer or from lower ones, and there are
 * no import cycles.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve('.');

/**
 * The first row that matches a path is its layer. Modules of one layer that must not import each
 * other have separate names.
 */
const FLOORS: Array<[path: RegExp, floor: number, room: (match: RegExpMatchArray) => string]> = [
	[/^nodes\/shared\/(audio|speech)\//, 0, (match) => match[1]!],
	[/^nodes\/shared\/http\//, 1, () => 'http'],
	[/^nodes\/shared\/run\//, 2, () => 'run'],
	[/^nodes\/([A-Z]\w+)\/\w+\.node\.ts$/, 5, (match) => match[1]!],
	[/^nodes\/([A-Z]\w+)\/resources\//, 4, (match) => match[1]!],
	[/^nodes\/([A-Z]\w+)\//, 3, (match) => match[1]!],
	[/^credentials\//, 0, () => 'credentials'],
];

interface Place {
	floor: number;
	room: string;
}

function placeOf(path: string): Place {
	for (const [pattern, floor, room] of FLOORS) {
		const match = path.match(pattern);
		if (match) return { floor, room: room(match) };
	}
	throw new Error(`${path} is on no floor`);
}

const FILES = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((path) => join(folder, path))
		.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts')),
);

function importsOf(path: string): string[] {
	const source = readFileSync(path, 'utf8');
	const targets = Array.from(source.matchAll(/(?:from|import)\s+'(\.[^']+)'/g), (match) => match[1]!);
	return targets.map((target) => {
		const stem = relative(ROOT, resolve(dirname(path), target));
		const file = [`${stem}.ts`, join(stem, 'index.ts')].find((candidate) => FILES.includes(candidate));
		if (!file) throw new Error(`${path} imports ${target}, which is no file of the package`);
		return file;
	});
}

const IMPORTS = new Map(FILES.map((path) => [path, importsOf(path)]));

test.each(FILES)('%s imports from its own floor or below', (path) => {
	const own = placeOf(path);
	const climbing = IMPORTS.get(path)!.filter((target) => placeOf(target).floor > own.floor);
	expect(climbing).toEqual([]);
});

test.each(FILES)('%s knows no other provider, and the ground floor rooms not each other', (path) => {
	const own = placeOf(path);
	const strangers = IMPORTS.get(path)!.filter((target) => {
		const { floor, room } = placeOf(target);
		return room !== own.room && (floor >= 3 || floor === own.floor);
	});
	expect(strangers).toEqual([]);
});

test('no import goes round in a circle', () => {
	const circles: string[][] = [];
	const done = new Set<string>();
	const visit = (path: string, trail: string[]): void => {
		if (trail.includes(path)) return void circles.push([...trail.slice(trail.indexOf(path)), path]);
		if (done.has(path)) return;
		for (const target of IMPORTS.get(path)!) visit(target, [...trail, path]);
		done.add(path);
	};
	for (const path of FILES) visit(path, []);
	expect(circles).toEqual([]);
});
