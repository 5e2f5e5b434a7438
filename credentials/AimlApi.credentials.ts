import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { keyAndBaseUrl, refusals } from './parts';

const REFUSALS = refusals(
	'AI/ML API',
	'AI/ML API did not accept the API key. Copy it again from aimlapi.com/app/keys.',
	{
		403: 'AI/ML API knows the API key, but does not let it do this. Verify the account or top it up at aimlapi.com/app/billing, and do not use a management key.',
	},
);

export class AimlApi implements ICredentialType {
	name = 'aimlApi';

	displayName = 'AI/ML API';

	icon: Icon = { light: 'file:../icons/aimlApi.svg', dark: 'file:../icons/aimlApi.dark.svg' };

	documentationUrl = 'https://docs.aimlapi.com/quickstart/setting-up';

	properties: INodeProperties[] = keyAndBaseUrl(
		'The key from aimlapi.com/app/keys',
		'https://api.aimlapi.com',
	);

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	/** The balance: it needs the key, unlike the list of models, and costs nothing. */
	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v2/billing', disableFollowRedirect: true },
		rules: REFUSALS,
	};
}
