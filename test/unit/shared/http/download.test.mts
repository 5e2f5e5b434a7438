import { PassThrough } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import { isLocalHost, openDownload } from '../../../../nodes/shared/http/download';

const hostOf = (authority: string) => new URL(`http://${authority}/`).hostname;

describe('this machine and its links', () => {
	test.each([
		'localhost',
		'LOCALHOST',
		'localhost.',
		'media.localhost',
		'media.localhost.',
		'127.0.0.1',
		'127.0.0.1.',
		'127.8.9.10',
		'127.1',
		'0x7f.1',
		'2130706433',
		'0177.0.0.1',
		'①②⑦.0.0.1',
		'0.0.0.0',
		'0',
		'169.254.169.254',
		'0xa9fea9fe',
		'[::1]',
		'[0:0:0:0:0:0:0:1]',
		'[::]',
		'[fe80::1]',
		'[febf::1]',
		'[::ffff:127.0.0.1]',
		'[::ffff:127.241.0.1]',
		'[::ffff:0.1.2.3]',
		'[::ffff:169.254.169.254]',
		'[::127.0.0.1]',
		'[::ffff:0:127.0.0.1]',
		'[64:ff9b::127.0.0.1]',
	])('%s', (authority) => expect(isLocalHost(hostOf(authority))).toBe(true));

	test.each([
		'example.com',
		'localhost.example.com',
		'notlocalhost',
		'127.example.com',
		'0.example.com',
		'169.254.example.com',
		'1.127.0.0',
		'169.253.0.1',
		'192.0.2.1',
		'fe80.example.com',
		'[2001:db8::1]',
		'[fec0::1]',
		'[::ffff:7.241.0.1]',
		'[::ffff:192.0.2.1]',
		'[64:ff9b::192.0.2.1]',
	])('not %s', (authority) => expect(isLocalHost(hostOf(authority))).toBe(false));
});

interface Reply {
	statusCode: number;
	headers: Record<string, string>;
}

/** A media host with a list of answers; it records every requested address with the headers. */
function mediaHost(replies: Reply[]) {
	const asked: Array<{ url: string; headers: Record<string, string> }> = [];
	const context = {
		helpers: {
			httpRequest: async ({ url, headers }: { url: string; headers: Record<string, string> }) => {
				asked.push({ url, headers });
				return { ...replies[asked.length - 1], body: new PassThrough().end('RIFF') };
			},
		},
	} as unknown as IExecuteFunctions;
	const open = async (url: string, isLocalAllowed = false) =>
		await openDownload(
			context,
			url,
			{ deadline: Date.now() + 10_000, maxRetries: 0, signal: undefined },
			isLocalAllowed,
		).catch((thrown: unknown) => thrown);
	return { asked, open };
}

const redirect = (location: string): Reply => ({ statusCode: 302, headers: { location } });

describe('addresses of audio', () => {
	test.each([
		'http://127.0.0.1/a.wav',
		'http://localhost./a.wav',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'data:,a',
		'none',
	])('%s is not asked for', async (url) => {
		const { asked, open } = mediaHost([]);

		expect(await open(url)).toMatchObject({ code: 'bad_audio' });
		expect(asked).toEqual([]);
	});

	test.each([
		'http://169.254.169.254/latest',
		'http://[::ffff:127.0.0.1]/',
		'ftp://example.com/a',
		'//localhost/a',
		'http://',
	])('a redirect to %s is not followed', async (location) => {
		const { asked, open } = mediaHost([redirect(location)]);

		expect(await open('https://cdn.example.com/a.wav')).toMatchObject({ code: 'bad_audio' });
		expect(asked.map(({ url }) => url)).toEqual(['https://cdn.example.com/a.wav']);
	});

	test('other redirects are followed, and no host is told who asks', async () => {
		const { asked, open } = mediaHost([redirect('/b.wav'), redirect('https://other.example.com/c.wav')]);
		await open('https://cdn.example.com/a.wav');

		expect(asked.map(({ url }) => url)).toEqual([
			'https://cdn.example.com/a.wav',
			'https://cdn.example.com/b.wav',
			'https://other.example.com/c.wav',
		]);
		expect(asked.flatMap(({ headers }) => Object.keys(headers))).toEqual(['Accept', 'Accept', 'Accept']);
	});

	test('a circle is left', async () => {
		const { asked, open } = mediaHost(Array(50).fill(redirect('https://cdn.example.com/a.wav')));

		expect(await open('https://cdn.example.com/a.wav')).toMatchObject({ code: 'bad_audio' });
		expect(asked).toHaveLength(6);
	});

	test('on this machine they are asked for when the provider is there itself', async () => {
		const { asked, open } = mediaHost([redirect('http://localhost/b.wav')]);
		await open('http://127.0.0.1/a.wav', true);

		expect(asked).toHaveLength(2);
	});
});
