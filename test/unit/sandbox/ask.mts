import { RIGHT_KEY } from '../../../sandbox/sandbox.mts';
import type { ProviderName } from '../../../sandbox/sandbox.mts';

/** The header that each provider documents for its key. */
const KEY_HEADERS: Record<ProviderName, (key: string) => Record<string, string>> = {
	aimlApi: (key) => ({ authorization: `Bearer ${key}` }),
	convai: (key) => ({ 'convai-api-key': key }),
	pixazo: (key) => ({ 'ocp-apim-subscription-key': key }),
	vimmerse: (key) => ({ 'x-api-key': key }),
};

export interface Asked {
	status: number;
	headers: Headers;
	text: string;
	/** The parsed answer, or undefined when it is not JSON. */
	json: any;
}

/** The request body; JSON unless `form` says otherwise. A key of null sends no key. */
export interface Question {
	method?: string;
	key?: string | null;
	headers?: Record<string, string>;
	json?: unknown;
	body?: RequestInit['body'];
}

/** One request with the provider's own credential header. */
export async function ask(provider: ProviderName, url: string, question: Question = {}): Promise<Asked> {
	const { key = RIGHT_KEY, json, body } = question;
	const response = await fetch(url, {
		method: question.method ?? (json !== undefined || body !== undefined ? 'POST' : 'GET'),
		headers: {
			...(key === null ? {} : KEY_HEADERS[provider](key)),
			...(json === undefined ? {} : { 'content-type': 'application/json' }),
			...question.headers,
		},
		body: json === undefined ? body : JSON.stringify(json),
		redirect: 'manual',
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Polls every few milliseconds until the answer satisfies; fails after `withinMs`. */
export async function until<T>(
	probe: () => T | Promise<T>,
	satisfies: (value: T) => boolean,
	withinMs = 5_000,
): Promise<T> {
	const deadline = Date.now() + withinMs;
	for (;;) {
		const value = await probe();
		if (satisfies(value)) return value;
		if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms; last: ${JSON.stringify(value)}`);
		await new Promise((resolve) => setImmediate(resolve));
	}
}
