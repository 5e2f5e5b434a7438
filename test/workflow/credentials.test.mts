import type { ICredentialType } from 'n8n-workflow';

import { AimlApi } from '../../credentials/AimlApi.credentials';
import { ConvaiApi } from '../../credentials/ConvaiApi.credentials';
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
	['AI/ML API', new AimlApi(), 'aimlApi'],
	['Convai', new ConvaiApi(), 'convai'],
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
		expect(await outcome('wrong-key')).toMatch(/^.+ (did not accept|refused) the API key\. Copy it again/);
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

test.each([
	['AI/ML API', new AimlApi(), 'aimlApi', 'Verify the account or top it up'],
	['Convai', new ConvaiApi(), 'convai', 'the plan of the account does not include the API'],
] as Array<[string, ICredentialType, ProviderName, string]>)(
	'%s: a 403 is told by what the account may lack',
	async (_name, credential, provider, sentence) => {
		sandbox.scenario({ provider, status: 403, kind: 'plan' });

		expect(
			await testCredential(credential, { baseUrl: sandbox.urls[provider], apiKey: RIGHT_KEY }),
		).toContain(sentence);
	},
);

test.each(CREDENTIALS.filter(([name]) => name !== 'Pixazo'))(
	'%s: of a wrong address it is said that nothing is there',
	async (name, credential, provider) => {
		const baseUrl = `${sandbox.urls[provider]}/elsewhere`;

		expect(await testCredential(credential, { baseUrl, apiKey: RIGHT_KEY })).toBe(
			`There is no ${name} at this address. Check 'Base URL'.`,
		);
	},
);

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
