/** Anything that was started and has to be ended. */
export interface Started {
	stop(): Promise<unknown>;
}

/** Waits until it is there, and remembers to end it. */
export type Start = <T extends Started>(starting: T | Promise<T>) => Promise<T>;

/**
 * Starts several things that end together, the last first: when `stop` is called, or when starting one of them fails.
 *
 * @param startAll hands everything that it starts to `start`, at any time
 */
export async function together<T extends object>(startAll: (start: Start) => Promise<T>) {
	const started: Started[] = [];
	const start: Start = async (starting) => {
		const one = await starting;
		started.push(one);
		return one;
	};
	/** All are ended, also when one of them fails to; then it throws the first of these failures. */
	async function stop(): Promise<void> {
		const failures: unknown[] = [];
		for (let one = started.pop(); one; one = started.pop())
			await one.stop().catch((failure: unknown) => failures.push(failure));
		if (failures.length > 0) throw failures[0];
	}

	try {
		return { ...(await startAll(start)), stop };
	} catch (error) {
		await stop().catch(() => undefined);
		throw error;
	}
}
