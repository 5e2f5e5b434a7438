/**
 * Draws `docs/pictures/architecture.svg` from the imports of `nodes/`: the floors, their rooms, and arrows with the number of
 * imports from one to the other. `npm run docs:architecture` writes it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const PICTURE = 'docs/pictures/architecture.svg';

const PROVIDER_FLOORS = {
	node: { floor: 5, path: 'nodes/<Provider>/<Provider>.node.ts', about: 'the description of the node' },
	operations: { floor: 4, path: 'nodes/<Provider>/resources/', about: 'one file for each operation' },
	contract: { floor: 3, path: 'nodes/<Provider>/', about: 'requests, responses, models and voices' },
};

const SHARED_ROOMS = {
	run: { floor: 2, path: 'nodes/shared/run/', about: 'items, long texts, polling, the ledger, binary data' },
	http: {
		floor: 1,
		path: 'nodes/shared/http/',
		about: 'one request: credential, retries, rate limit, errors',
	},
	audio: { floor: 0, path: 'nodes/shared/audio/', about: 'audio formats and joining' },
	speech: { floor: 0, path: 'nodes/shared/speech/', about: 'record, scripts, splitting, captions' },
};

const ROOMS = { ...PROVIDER_FLOORS, ...SHARED_ROOMS };

type Room = keyof typeof ROOMS;

const ROOM_NAMES = Object.keys(ROOMS) as Room[];

/** The imports of the package, counted. */
export interface ImportCounts {
	/** Providers in alphabetical order, with their files on each of the three upper floors. */
	providers: Array<{ name: string; files: Partial<Record<Room, number>> }>;
	/** Files of each room. */
	files: Record<Room, number>;
	/** Imports from one room to another: `run>http`. */
	imports: Map<string, number>;
}

function placeOf(path: string): { room: Room; provider?: string } {
	const [, shared] = /^nodes\/shared\/(\w+)\//.exec(path) ?? [];
	if (shared) return { room: shared as Room };
	const [, provider, rest = ''] = /^nodes\/([A-Z]\w+)\/(.+)$/.exec(path) ?? [];
	if (rest.endsWith('.node.ts')) return { room: 'node', provider };
	return { room: rest.startsWith('resources/') ? 'operations' : 'contract', provider };
}

/** Reads every file of `nodes/`. */
export function countImports(root = '.'): ImportCounts {
	const paths = readdirSync(join(root, 'nodes'), { recursive: true, encoding: 'utf8' })
		.map((path) => `nodes/${path.replaceAll('\\', '/')}`)
		.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
		.sort();
	const files = Object.fromEntries(ROOM_NAMES.map((room) => [room, 0])) as Record<Room, number>;
	const imports = new Map<string, number>();
	const providers = new Map<string, Partial<Record<Room, number>>>();
	for (const path of paths) {
		const { room, provider } = placeOf(path);
		files[room] += 1;
		if (provider) {
			const own = providers.get(provider) ?? {};
			providers.set(provider, { ...own, [room]: (own[room] ?? 0) + 1 });
		}
		const source = readFileSync(join(root, path), 'utf8');
		for (const [, target] of source.matchAll(/(?:from|import)\s+'(\.[^']+)'/g)) {
			const found = relative(resolve(root), resolve(root, dirname(path), target!)).replaceAll('\\', '/');
			// A folder that is imported stands for its `index.ts`.
			const { room: other } = placeOf(/\/resources$/.test(found) ? `${found}/index.ts` : `${found}.ts`);
			if (other !== room) imports.set(`${room}>${other}`, (imports.get(`${room}>${other}`) ?? 0) + 1);
		}
	}
	return {
		providers: [...providers]
			.sort(([a], [b]) => a.localeCompare(b))
			.map(([name, own]) => ({ name, files: own })),
		files,
		imports,
	};
}

const WIDTH = 1010;
const LEFT = 150;
const BOX_WIDTH = 640;
const RIGHT = LEFT + BOX_WIDTH;
const HEAD = 62;
const BOX_HEIGHT = 78;
const STOREY = 112;
const LANE = 26;
const HEIGHT = HEAD + 5 * STOREY + BOX_HEIGHT + 20;
const INK = '#1c1e24';
const FAINT = '#5b606e';
const LINE = '#8a8f9c';
const FILLS = ['#eef6ee', '#eaf3fb', '#f3eefb', '#fff4e5', '#fdeef1', '#fbe3e9'];

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const plural = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`;
const topOf = (room: Room) => HEAD + (5 - ROOMS[room].floor) * STOREY;

/** The two rooms of the ground floor stand side by side. */
function boxOf(room: Room): { x: number; y: number; width: number } {
	const half = (BOX_WIDTH - 20) / 2;
	if (room === 'audio') return { x: LEFT, y: topOf(room), width: half };
	if (room === 'speech') return { x: RIGHT - half, y: topOf(room), width: half };
	return { x: LEFT, y: topOf(room), width: BOX_WIDTH };
}

function drawRoom(room: Room, { files, providers }: ImportCounts): string[] {
	const { x, y, width } = boxOf(room);
	const { floor, path, about } = ROOMS[room];
	const cells = providers.map((provider) => `${provider.name} ${provider.files[room] ?? 0}`).join(' · ');
	const last = room in PROVIDER_FLOORS ? `${plural(files[room])}: ${cells}` : plural(files[room]);
	return [
		`<rect x="${x}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="6" fill="${FILLS[floor]}" stroke="${LINE}"/>`,
		`<text x="${x + 14}" y="${y + 23}" font-weight="600">${floor} · ${escaped(path)}</text>`,
		`<text x="${x + 14}" y="${y + 43}">${escaped(about)}</text>`,
		`<text x="${x + 14}" y="${y + 63}" fill="${FAINT}">${escaped(last)}</text>`,
	];
}

interface Arrow {
	from: Room;
	to: Room;
	count: number;
}

function drawLabel(x: number, y: number, count: number): string[] {
	const width = 10 + String(count).length * 7;
	return [
		`<rect x="${x - width / 2}" y="${y - 9}" width="${width}" height="18" rx="4" fill="#ffffff"/>`,
		`<text x="${x}" y="${y + 4}" text-anchor="middle" font-size="12">${count}</text>`,
	];
}

/** From a floor to the one below it: straight down. */
function drawStraight({ from, to, count }: Arrow): string[] {
	const target = boxOf(to);
	const x = target.x + target.width / 2;
	const [start, end] = [topOf(from) + BOX_HEIGHT, target.y];
	return [
		`<path d="M${x} ${start}V${end - 2}" marker-end="url(#head)"/>`,
		...drawLabel(x, (start + end) / 2 - 3, count),
	];
}

/**
 * Past a floor: around it, in a lane of its own. Arrows to `audio` go around on the left, all others
 * on the right.
 */
function drawAround(arrows: Arrow[], side: 'left' | 'right'): string[] {
	const edge = side === 'left' ? LEFT : RIGHT;
	const sign = side === 'left' ? -1 : 1;
	/** The height at which each arrow meets a box: ends of one box are spread over its side. */
	const ends = new Map<Room, string[]>();
	for (const { from, to } of arrows) {
		for (const room of [from, to]) ends.set(room, [...(ends.get(room) ?? []), `${from}>${to}`]);
	}
	const heightAt = (room: Room, arrow: string) => {
		const all = ends.get(room) as string[];
		return Math.round(topOf(room) + ((all.indexOf(arrow) + 1) * BOX_HEIGHT) / (all.length + 1));
	};
	return arrows.flatMap(({ from, to, count }, index) => {
		const name = `${from}>${to}`;
		const lane = Math.round(edge + sign * LANE * (index + 0.8));
		const [start, end] = [heightAt(from, name), heightAt(to, name)];
		return [
			`<path d="M${edge} ${start}H${lane}V${end}H${edge + sign * 2}" marker-end="url(#head)"/>`,
			...drawLabel(lane, (start + end) / 2, count),
		];
	});
}

/** The drawing, on white so that it can be read on a dark page as well. */
export function drawArchitecture(counts: ImportCounts): string {
	const arrows = [...counts.imports]
		.map(([name, count]): Arrow => {
			const [from, to] = name.split('>') as [Room, Room];
			return { from, to, count };
		})
		.sort((a, b) => span(a) - span(b) || topOf(a.from) - topOf(b.from) || a.to.localeCompare(b.to));
	const around = arrows.filter((arrow) => span(arrow) > 1);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="${INK}">`,
		`<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8Z" fill="${LINE}" stroke="none"/></marker></defs>`,
		`<rect width="${WIDTH}" height="${HEIGHT}" rx="6" fill="#ffffff"/>`,
		`<text x="16" y="26" font-weight="600">The floors of nodes/</text>`,
		`<text x="16" y="45" fill="${FAINT}">An arrow points to what is imported; the number counts the imports. No arrow points up.</text>`,
		...ROOM_NAMES.flatMap((room) => drawRoom(room, counts)),
		`<g fill="none" stroke="${LINE}" stroke-width="1.5">`,
		...[
			...arrows.filter((arrow) => span(arrow) <= 1).flatMap(drawStraight),
			...drawAround(
				around.filter(({ to }) => to === 'audio'),
				'left',
			),
			...drawAround(
				around.filter(({ to }) => to !== 'audio'),
				'right',
			),
		].map((line) =>
			line
				.replace('<text ', `<text fill="${INK}" stroke="none" `)
				.replace('rx="4" fill', 'rx="4" stroke="none" fill'),
		),
		'</g>',
		'</svg>',
		'',
	].join('\n');
}

/** How many floors an arrow goes down. */
function span({ from, to }: Pick<Arrow, 'from' | 'to'>): number {
	return ROOMS[from].floor - ROOMS[to].floor;
}

if (process.argv[1]?.endsWith('architecture.mts')) writeFileSync(PICTURE, drawArchitecture(countImports()));
