import type { DeliveredCallback } from './types.mts';

export interface CallbackPost {
	jobId: string;
	url: string;
	kind: DeliveredCallback['kind'];
	body: unknown;
}

/** A callback times out after this many milliseconds without an answer. */
const RECEIVER_TIMEOUT_MS = 5_000;

export interface CallbackSender {
	/** Posts JSON. Never rejects: a callback without an answer is recorded with status 0. */
	post(callback: CallbackPost): Promise<void>;
	delivered(): DeliveredCallback[];
	clear(): void;
}

export function createCallbackSender(signal: AbortSignal): CallbackSender {
	let delivered: DeliveredCallback[] = [];
	return {
		async post(callback) {
			const record: DeliveredCallback = { ...callback, status: 0, time: new Date().toISOString() };
			delivered.push(record);
			try {
				const response = await fetch(callback.url, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(callback.body),
					signal: AbortSignal.any([signal, AbortSignal.timeout(RECEIVER_TIMEOUT_MS)]),
				});
				record.status = response.status;
				await response.arrayBuffer();
			} catch {
				record.status = record.status || 0;
			}
		},
		delivered: () => [...delivered],
		clear() {
			delivered = [];
		},
	};
}
