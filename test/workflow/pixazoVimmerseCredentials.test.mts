import type { ICredentialType } from 'n8n-workflow';

import { PixazoApi } from '../../credentials/PixazoApi.credentials';
import { VimmerseApi } from '../../credentials/VimmerseApi.credentials';
import { RIGHT_KEY, startSandbox, type ProviderName, type Sandbox } from '../../sandbox/sandbox.mts';
import { testCredential } from './credentialTest.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const CREDENTIALS: Array<[string, ICredentialType, ProviderName]> = [
	['Pixazo', new PixazoApi(), 'pixazo'],
	['Vimmerse', new VimmerseApi(), 'vimmerse'],
];

describe.each(CREDENTIALS)('The credential test of %s', (name, credential, provider) => {
	const outcome = async (apiKey: string, path = '') =>
		await testCredential(credential, { baseUrl: `${sandbox.urls[provider]}${path}`, apiKey });

	test('passes with the right key, and spends nothing', async () => {
		expect(await outcome(RIGHT_KEY)).toBe('OK');
		expect(sandbox.requests({ provider })).toHaveLength(1);
		expect(sandbox.counters().total).toMatchObject({ charges: 0, accepted: 0 });
	});

	test('says that a wrong key is not accepted', async () => {
		expect(await outcome('wrong-key')).toContain(`${name} did not accept the API key. Check 'API Key'`);
	});

	test.each([500, 502, 503, 504])('says of %i that the key may be good', async (status) => {
		sandbox.scenario({ provider, status });

		expect(await outcome(RIGHT_KEY)).toBe(
			`${name} is not working at the moment. The key may be good: try again later.`,
		);
	});

	test('says of a rate limit that the key may be good', async () => {
		sandbox.scenario({ provider, status: 429, retryAfterForm: 'none' });

		expect(await outcome(RIGHT_KEY)).toContain('The key may be good: try again in a minute');
	});

	test('shows the key to no other address', async () => {
		sandbox.scenario({ provider, status: 302, headers: { location: `${sandbox.urls.media}/elsewhere` } });

		expect(await outcome(RIGHT_KEY)).toContain("Check 'Base URL'");
		expect(sandbox.requests({ provider: 'media' })).toHaveLength(0);
	});
});

test('Pixazo: that there is no such job is what only a good key is told', async () => {
	await testCredential(new PixazoApi(), { baseUrl: sandbox.urls.pixazo, apiKey: RIGHT_KEY });

	expect(sandbox.requests()[0]).toMatchObject({ status: 404, path: '/v2/requests/status/credential-test' });
});

test('Vimmerse: an empty account is told from a wrong key', async () => {
	sandbox.scenario({ provider: 'vimmerse', status: 402 });

	expect(await testCredential(new VimmerseApi(), { baseUrl: sandbox.urls.vimmerse, apiKey: RIGHT_KEY })).toBe(
		'The API key is good, but the Vimmerse account has no credits left.',
	);
});
