import { Failure } from '../../../shared/speech/failure';
import { pixazoHost } from '../../contract';

/**
 * The request path that 'Model' holds, where it holds one: a path, or a whole address as Pixazo's pages print it.
 *
 * @returns null when it is a model's ID
 * @throws {Failure} `invalid_input` when the address is of another host, to which the key must not go
 */
export function readPath(model: string, baseUrl: string): string | null {
	if (/^\/[^\s/?#][^\s?#]*(\?\S*)?$/.test(model)) return model;
	if (!/^(\/|https?:)/i.test(model)) return null;
	if (model.toLowerCase().startsWith(`${baseUrl.toLowerCase()}/`)) return model.slice(baseUrl.length);
	const url = URL.canParse(model) ? new URL(model) : null;
	if (url?.origin === pixazoHost && url.pathname !== '/') return `${url.pathname}${url.search}`;
	throw new Failure(
		'invalid_input',
		`'Model' cannot be ${model}: a request path begins with one slash, such as /tracks/v1/generate, or with ${pixazoHost}. Correct it, or choose a model from the list.`,
		{ field: 'Model' },
	);
}

/**
 * Where Pixazo shall report. It refuses addresses without TLS; this machine's own are for tests.
 *
 * @throws {Failure} `invalid_input`
 */
export function readCallbackUrl(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
	const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
	if (url && isAllowed) return url.href;
	throw new Failure(
		'invalid_input',
		`'Callback URL' in Options has to start with https://, and is ${JSON.stringify(text)}. Correct it, or remove the option.`,
		{ field: 'Callback URL' },
	);
}

/** RFC 1122, 3.2.1.3; RFC 4291, 2.5.3; RFC 6761, 6.3. */
function isLoopback(hostname: string): boolean {
	return /^127\.\d+\.\d+\.\d+$|^\[::1\]$|^(.+\.)?localhost$/i.test(hostname);
}
