/** Places for work that may go on at the same time: one set for all items of a run and all parts of their texts. */
export interface Slots {
	/** Waits for a place, works, and gives the place back: in the end, or as soon as the work says that it needs it no more. */
	use<T>(work: (leave: () => void) => Promise<T>): Promise<T>;
}

/** @param count how many may work at once; who waits longest goes first */
export function createSlots(count: number): Slots {
	let free = count;
	const waiting: Array<() => void> = [];
	return {
		async use(work) {
			if (free > 0) free -= 1;
			else await new Promise<void>((resolve) => waiting.push(resolve));
			let isHeld = true;
			const leave = () => {
				if (!isHeld) return;
				isHeld = false;
				const next = waiting.shift();
				if (next) next();
				else free += 1;
			};
			try {
				return await work(leave);
			} finally {
				leave();
			}
		},
	};
}
