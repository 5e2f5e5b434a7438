/** Anything that was started and must be stopped. */
export interface Started {
	stop(): Promise<unknown>;
}

/** Waits until the resource is available, and registers it to be stopped. */
export type Start = <T extends Started>(starting: T | Promise<T>) => Promise<T>;

/**
 * Starts several resources that are stopped together in reverse order: when `stop` is called, or
 * when one of them fails to start.
 *
 * @param startAll passes every resource to `start`, at any time
 */
export async function together<T extends object>(startAll: (start: Start) => Promise<T>) {
	const started: Started[] = [];
	const start: Start = async (starting) => {
		const one = await starting;
		started.push(one);
		return one;
	};
	/** Stops all resources, even if one fails to stop; then throws the first failure. */
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
