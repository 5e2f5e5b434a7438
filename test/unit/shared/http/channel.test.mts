import { PassThrough } from 'node:stream';

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { openChannel } from '../../../../nodes/shared/http/channel';
import type { HttpRequest, Service } from '../../../../nodes/shared/http/service';
import type { Failure } from '../../../../nodes/shared/speech/failure';

const KEY = 'fake-key/1+2"3';

const service: Service = {
	id: 'example',
	displayName: 'Example',
	credentialType: 'exampleApi',
	readRefusal: ({ body }) => ('text' in body ? { words: body.text } : {}),
};

/** A provider with one fixed answer; `sent` contains the requests. */
function provider(status: number, text: string, baseUrl = 'https://api.example.com') {
	const sent: IHttpRequestOptions[] = [];
	const context = {
		getCredentials: async () => ({ baseUrl, apiKey: ` ${KEY} ` }),
		helpers: {
			async httpRequestWithAuthentication(_type: string, options: IHttpRequestOptions) {
				sent.push(options);
				return { statusCode: status, headers: {}, body: new PassThrough().end(text) };
			},
		},
	} as unknown as IExecuteFunctions;
	const send = async (request: Partial<HttpRequest> = {}, timeLeftMs = 10_000) =>
		await (
			await openChannel(context, service)
		).send(
			{ method: 'POST', path: '/speak', spends: true, ...request },
			{ deadline: Date.now() + timeLeftMs, maxRetries: 0, signal: undefined },
		);
	const failure = async (...asked: Parameters<typeof send>) =>
		await send(...asked).then(
			() => {
				throw new Error('It did not fail.');
			},
			(thrown: Failure) => thrown,
		);
	return { context, sent, send, failure };
}

describe("the credential's base URL", () => {
	test.each([
		['https://api.example.com', 'https://api.example.com/speak'],
		['https://api.example.com/', 'https://api.example.com/speak'],
		['http://localhost:8080/gateway//', 'http://localhost:8080/gateway/speak'],
	])('%s leads to %s', async (baseUrl, url) => {
		const { sent, send } = provider(200, '{}', baseUrl);
		await send();
		expect(sent.map((options) => options.url)).toEqual([url]);
	});

	test.each([
		'',
		'api.example.com',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'ftp://api.example.com',
		'https://',
		'https://user:password@api.example.com',
		'https://user@api.example.com',
		'https://api.example.com/?key=fake',
		'https://api.example.com/#fragment',
	])('%j is refused, without being quoted', async (baseUrl) => {
		const { sent, failure } = provider(200, '{}', baseUrl);

		const { code, message, field } = await failure();

		expect({ code, field }).toEqual({ code: 'invalid_input', field: 'Base URL' });
		expect(message).not.toContain('password@');
		expect(sent).toEqual([]);
	});
});

test('redirects are not followed with the key', async () => {
	const { sent, failure } = provider(302, '');

	expect((await failure()).message).toContain('redirect');
	expect(sent).toMatchObject([{ disableFollowRedirect: true }]);
});

describe('a key that the provider quotes', () => {
	const json = JSON.stringify({ error: `No such key: ${KEY}`, [KEY]: [KEY] });

	test.each([
		['in JSON', json],
		['in JSON that escapes what it need not', json.replaceAll('/', '\\/').replaceAll('k', '\\u006b')],
		['in words', `No such key: ${KEY}`],
		['in a page', `<p>${KEY}</p>`],
		['in an address', `{"url":"https://example.com/?key=${encodeURIComponent(KEY)}"}`],
		['where the words are cut', `${'a'.repeat(300 - 4)}${KEY}`],
	])('%s is in no sentence', async (_, text) => {
		const { message } = await provider(401, text).failure();

		for (const form of [KEY, KEY.slice(0, 4), encodeURIComponent(KEY)]) expect(message).not.toContain(form);
		expect(message).toContain('…');
	});

	test('is not in the answer either', async () => {
		const { body } = await provider(200, json).send();

		expect(body).toMatchObject({ kind: 'json', value: { error: 'No such key: …', '…': ['…'] } });
		expect(JSON.stringify(body)).not.toContain('fake-key');
	});
});

test('what may cost is not sent when no time is left for an answer', async () => {
	const { sent, failure } = provider(200, '{}');

	expect(await failure({}, 0)).toMatchObject({ code: 'timed_out' });
	expect(sent).toEqual([]);
});
