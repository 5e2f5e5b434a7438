import type { Body } from './body';

/** What is shorter is no key, and would be found in words that have nothing to do with it. */
const SHORTEST_KEY = 8;
const MARK = '…';

/**
 * An answer without the key that it was asked with: providers have been seen to quote the one that they refuse. Taken out before anyone
 * reads the answer, it cannot get into a sentence, cut or whole, nor into a record, nor lead to another host in the address of audio.
 */
export function redacted(body: Body, apiKey: string | undefined): Body {
	const key = apiKey?.trim() ?? '';
	if (!('text' in body) || key.length < SHORTEST_KEY) return body;
	// A provider may escape more characters in JSON than it has to.
	const text = body.kind === 'json' && body.text.includes('\\') ? JSON.stringify(body.value) : body.text;
	const written = body.kind === 'json' ? JSON.stringify(key).slice(1, -1) : key;
	const forms = [written, encodeURIComponent(key)];
	if (!forms.some((form) => text.includes(form))) return body;

	const clean = forms.reduce((rest, form) => rest.replaceAll(form, MARK), text);
	return body.kind === 'json'
		? { kind: 'json', value: JSON.parse(clean), text: clean }
		: { ...body, text: clean };
}
