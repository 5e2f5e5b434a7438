import { createSlots } from '../../../../nodes/shared/run/slots';

/** Work that continues until it is ended from outside. */
function work(name: string, begun: string[]) {
	let resolve!: (name: string) => void;
	let reject!: (reason: Error) => void;
	const promise = new Promise<string>((...settlers) => {
		[resolve, reject] = settlers;
	});
	return {
		start: async () => {
			begun.push(name);
			return await promise;
		},
		end: () => resolve(name),
		fail: () => reject(new Error(name)),
	};
}
const settle = async () => await new Promise((resolve) => setImmediate(resolve));

test('as many work at once as there are places, and who waits longest goes first', async () => {
	const slots = createSlots(2);
	const begun: string[] = [];
	const all = ['a', 'b', 'c', 'd'].map((name) => work(name, begun));
	const done = all.map(async ({ start }) => await slots.use(start));

	await settle();
	expect(begun).toEqual(['a', 'b']);
	all[1]?.end();
	await settle();
	expect(begun).toEqual(['a', 'b', 'c']);
	all[0]?.end();
	await settle();
	expect(begun).toEqual(['a', 'b', 'c', 'd']);
	all[2]?.end();
	all[3]?.end();
	expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd']);
});

test('a place is given back when the work fails', async () => {
	const slots = createSlots(1);
	const begun: string[] = [];
	const [first, second] = [work('a', begun), work('b', begun)] as const;
	const failing = slots.use(first.start);
	const waiting = slots.use(second.start);

	first.fail();
	await expect(failing).rejects.toThrow('a');
	second.end();
	expect(await waiting).toBe('b');
	expect(await slots.use(async () => 'c')).toBe('c');
});

test('who comes while a place is handed on does not get in between', async () => {
	const slots = createSlots(1);
	const begun: string[] = [];
	const [first, second, late] = ['a', 'b', 'late'].map((name) => work(name, begun)) as [
		ReturnType<typeof work>,
		ReturnType<typeof work>,
		ReturnType<typeof work>,
	];
	const done = [slots.use(first.start), slots.use(second.start)];
	first.end();
	await done[0];
	done.push(slots.use(late.start));
	await settle();
	expect(begun).toEqual(['a', 'b']);
	second.end();
	late.end();
	await Promise.all(done);
	expect(begun).toEqual(['a', 'b', 'late']);
});

test('a place that is left early is given on once, also when the work ends later', async () => {
	const slots = createSlots(1);
	const begun: string[] = [];
	const last = work('last', begun);
	const first = slots.use(async (leave) => {
		begun.push('first');
		leave();
		leave();
		await last.start();
	});
	void slots.use(async () => void begun.push('second'));
	await settle();
	expect(begun).toEqual(['first', 'last', 'second']);

	last.end();
	await first;
	const [third, fourth] = [work('third', begun), work('fourth', begun)];
	void slots.use(third.start);
	void slots.use(fourth.start);
	await settle();
	expect(begun.slice(3)).toEqual(['third']);
	third.end();
	fourth.end();
});
