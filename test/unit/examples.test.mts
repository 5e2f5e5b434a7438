/** What a user sees of the workflows in `examples/` directly after the import. */
import type { Workflow, WorkflowNode } from '../../sandbox/n8n/types.mts';
import { exampleNames, readExample } from '../end-to-end/examples.mts';

const NOTE = 'n8n-nodes-base.stickyNote';

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** In n8n's editor (2.41) a node is a square of 96, an agent is longer, and what hangs below one is a circle of 80. */
const NODE = { width: 96, height: 96 };
const SIZES: Record<string, typeof NODE> = {
	'@n8n/n8n-nodes-langchain.agent': { width: 224, height: 96 },
};
/** The name below a node, and what it is set to. */
const LABEL_HEIGHT = 60;

function boxOf({ name, type, position: [left, top], parameters }: WorkflowNode): Box {
	const { width, height } = (type === NOTE ? parameters : (SIZES[type] ?? NODE)) as typeof NODE;
	return { name, left, top, right: left + width, bottom: top + height };
}

const withLabel = (box: Box): Box => ({ ...box, bottom: box.bottom + LABEL_HEIGHT });

/** The estimated space that a note's text needs, rounded up. */
function textOf(note: WorkflowNode): Box {
	const box = boxOf(note);
	const height = String(note.parameters.content)
		.split('\n')
		.filter((line) => line !== '')
		.reduce((sum, line) => sum + heightOfLine(line, box.right - box.left - 32), 16);
	return { ...box, bottom: box.top + height };
}

const CHARACTER_WIDTH = 7.5;
const LINE_HEIGHT = 19;

function heightOfLine(line: string, width: number): number {
	if (line.startsWith('##')) return 40;
	const indented = line.startsWith('- ') ? width - 20 : width;
	return Math.ceil((line.replace(/[*_`]/g, '').length * CHARACTER_WIDTH) / indented) * LINE_HEIGHT + 6;
}

const overlap = (a: Box, b: Box) =>
	a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const holds = (outer: Box, inner: Box) =>
	outer.left <= inner.left &&
	outer.top <= inner.top &&
	outer.right >= inner.right &&
	outer.bottom >= inner.bottom;

/** The names of all overlapping pairs with one element of each list. */
const overlaps = (some: Box[], others: Box[]) =>
	some.flatMap((a) => others.filter((b) => a.name !== b.name && overlap(a, b)).map((b) => [a.name, b.name]));

describe.each(exampleNames)('%s', (name) => {
	const workflow: Workflow = readExample(name);
	const notes = workflow.nodes.filter(({ type }) => type === NOTE);
	const nodes = workflow.nodes.filter(({ type }) => type !== NOTE);

	test('says in a note which accounts it needs, what to change and what it costs', () => {
		const { content } = notes.find((note) => note.name === 'Before You Start')!.parameters;
		expect(content).toMatch(/\*\*Accounts?:\*\* .*\*\*Change:\*\* .*\*\*Costs:\*\* /s);
	});

	test('says which accounts by the names of the credentials', () => {
		const content = String(notes.find((note) => note.name === 'Before You Start')!.parameters.content);
		const named: Record<string, string> = {
			aimlApi: 'AI/ML API',
			pixazoApi: 'Pixazo',
			vimmerseApi: 'Vimmerse',
			wordpressApi: 'Wordpress API',
			httpBasicAuth: 'Basic Auth',
			openAiApi: 'OpenAI',
		};
		const types = new Set(nodes.flatMap(({ credentials = {} }) => Object.keys(credentials)));
		expect(types.size).toBeGreaterThan(0);
		for (const type of types) expect(content).toContain(named[type]);
	});

	test('has nothing that lies on another thing, or on the text of a note', () => {
		const boxes = nodes.map((node) => withLabel(boxOf(node)));
		expect(overlaps(boxes, boxes)).toEqual([]);
		expect(overlaps(notes.map(boxOf), notes.map(boxOf))).toEqual([]);
		expect(overlaps(boxes, notes.map(textOf))).toEqual([]);
	});

	test('has its text within its notes, and each of its nodes on one', () => {
		expect(notes.filter((note) => !holds(boxOf(note), textOf(note))).map((note) => note.name)).toEqual([]);
		const lost = nodes.map(boxOf).filter((box) => !notes.some((note) => holds(boxOf(note), withLabel(box))));
		expect(lost.map((box) => box.name)).toEqual([]);
	});

	test('is laid out on the grid of the editor', () => {
		expect(workflow.nodes.filter(({ position }) => position.some((at) => at % 16 !== 0))).toEqual([]);
	});

	test('is the builder’s own: credentials by name alone, nothing of this machine, no keys', () => {
		for (const { credentials = {} } of nodes) {
			for (const credential of Object.values(credentials)) {
				expect(credential).toEqual({ id: null, name: expect.any(String) });
			}
		}
		const text = JSON.stringify(workflow);
		expect(text).not.toMatch(/localhost|127\.0\.0\.1|\/(home(?!\/node\/)|root|tmp|Users)\/|sandbox/i);
		expect(text).not.toMatch(/\b(sk-|Bearer |api[_-]?key)/i);
		const hosts = Array.from(text.matchAll(/https?:\/\/([\w.-]+)/g), ([, host]) => host!);
		expect(hosts.filter((host) => !/(^|\.)example\.com$|^www\.itunes\.com$/.test(host))).toEqual([]);
	});

	test('has no path in its Settings that begins with ~, which n8n takes for a name', () => {
		const settings = nodes.find((node) => node.name === 'Settings')?.parameters.assignments as
			| { assignments: Array<{ value: unknown }> }
			| undefined;
		const values = settings?.assignments.map(({ value }) => String(value)) ?? [];
		expect(values.filter((value) => value.startsWith('~'))).toEqual([]);
	});

	test('links every node', () => {
		const linked = new Set(
			Object.entries(workflow.connections).flatMap(([from, outputs]) => [
				from,
				...Object.values(outputs as Record<string, Array<Array<{ node: string }>>>).flatMap((lists) =>
					lists.flatMap((list) => list.map(({ node }) => node)),
				),
			]),
		);
		expect(Array.from(linked).sort()).toEqual(nodes.map((node) => node.name).sort());
	});
});
