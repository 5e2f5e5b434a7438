import { createHash } from 'node:crypto';

import type { BodySummary, Counters, OperationCounters, RecordedRequest, RequestFilter } from './types.mts';

/** Headers that carry a credential of any of the providers or of a browser. */
export const CREDENTIAL_HEADERS = [
	'authorization',
	'proxy-authorization',
	'x-api-key',
	'convai-api-key',
	'ocp-apim-subscription-key',
	'cookie',
];

export const CREDENTIAL_MARK = '<credential>';

const KEPT_REQUESTS = 20_000;
const KEPT_BODY_CHARACTERS = 64 * 1024;

const noCounters = (): OperationCounters => ({ requests: 0, accepted: 0, charges: 0, refused: 0, leaks: 0 });

export interface Transcript {
	/** Adds a record of a request and counts the request immediately. */
	open(request: RecordedRequest): RecordedRequest;
	/**
	 * Counts the outcome. Called once, when the request is answered or its connection is closed.
	 */
	close(request: RecordedRequest): void;
	/** Reverses the charge of a job that failed with an error that is not charged. */
	refund(requestId: number): void;
	requests(filter?: RequestFilter): RecordedRequest[];
	counters(): Counters;
	clear(): void;
}

/** Keeps the full records of the last 20,000 requests, and counts all requests. */
export function createTranscript(): Transcript {
	let requests: RecordedRequest[] = [];
	let counters: Counters = { total: noCounters(), hosts: {} };

	const countersOf = ({ provider, operation }: RecordedRequest): OperationCounters[] => {
		const host = (counters.hosts[provider] ??= { total: noCounters(), operations: {} });
		return [counters.total, host.total, (host.operations[operation] ??= noCounters())];
	};

	return {
		open(request) {
			requests.push(request);
			if (requests.length > KEPT_REQUESTS) requests = requests.slice(-KEPT_REQUESTS / 2);
			for (const count of countersOf(request)) {
				count.requests += 1;
				count.leaks += request.leaks.length > 0 ? 1 : 0;
			}
			return request;
		},
		close(request) {
			for (const count of countersOf(request)) {
				count.accepted += request.accepted ? 1 : 0;
				count.charges += request.charged ? 1 : 0;
				count.refused += request.status >= 400 ? 1 : 0;
			}
		},
		refund(requestId) {
			const request = requests.find(({ id }) => id === requestId);
			if (!request?.charged) return;
			request.charged = false;
			for (const count of countersOf(request)) count.charges -= 1;
		},
		requests(filter) {
			if (filter === undefined) return [...requests];
			if (typeof filter === 'function') return requests.filter(filter);
			const wanted = Object.entries(filter);
			return requests.filter((request) =>
				wanted.every(([name, value]) => request[name as keyof RecordedRequest] === value),
			);
		},
		counters: () => structuredClone(counters),
		clear() {
			requests = [];
			counters = { total: noCounters(), hosts: {} };
		},
	};
}

/** Size and hash of a body that is not kept. */
export function summarize(bytes: Uint8Array): BodySummary {
	return { sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A JSON value as the transcript keeps it: complete up to 64 KB, a summary above that. */
export function keep(value: unknown): unknown {
	if (value === undefined) return null;
	const text = JSON.stringify(value);
	return text.length <= KEPT_BODY_CHARACTERS ? JSON.parse(text) : summarize(Buffer.from(text));
}

/** Replaces every occurrence of a key in a JSON value. Returns whether the key occurred. */
export function redact<T>(value: T, key: string | undefined): { value: T; found: boolean } {
	if (!key || value === undefined) return { value, found: false };
	const text = JSON.stringify(value);
	const inJson = JSON.stringify(key).slice(1, -1);
	if (!text.includes(inJson)) return { value, found: false };
	return { value: JSON.parse(text.replaceAll(inJson, CREDENTIAL_MARK)) as T, found: true };
}

/** Headers with lower-case names and text values; credentials are replaced. */
export function recordHeaders(
	headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
	const entries = Object.entries(headers).map(([name, value]) => [
		name.toLowerCase(),
		CREDENTIAL_HEADERS.includes(name.toLowerCase()) ? CREDENTIAL_MARK : String(value),
	]);
	return Object.fromEntries(entries);
}
