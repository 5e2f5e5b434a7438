export interface ByteCache {
	/** The bytes of a key, made once while several ask at the same time. */
	get(key: string, make: () => Promise<Buffer>): Promise<Buffer>;
}

/** Keeps what was used last, up to so many bytes in all. Nothing larger than a quarter of it is kept. */
export function createByteCache(limitBytes: number): ByteCache {
	const kept = new Map<string, Buffer>();
	const making = new Map<string, Promise<Buffer>>();
	let keptBytes = 0;

	const keep = (key: string, bytes: Buffer) => {
		if (bytes.length > limitBytes / 4) return;
		kept.set(key, bytes);
		keptBytes += bytes.length;
		for (const [oldest, { length }] of kept) {
			if (keptBytes <= limitBytes) return;
			kept.delete(oldest);
			keptBytes -= length;
		}
	};

	return {
		async get(key, make) {
			const known = kept.get(key);
			if (known) {
				kept.delete(key);
				kept.set(key, known);
				return known;
			}
			const started = making.get(key) ?? make();
			making.set(key, started);
			try {
				const bytes = await started;
				if (!kept.has(key)) keep(key, bytes);
				return bytes;
			} finally {
				making.delete(key);
			}
		},
	};
}
