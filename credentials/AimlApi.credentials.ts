import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

export class AimlApi implements ICredentialType {
	name = 'aimlApi';

	displayName = 'AI/ML API';

	icon: Icon = { light: 'file:../icons/aimlApi.svg', dark: 'file:../icons/aimlApi.dark.svg' };

	documentationUrl = 'https://docs.aimlapi.com/quickstart/setting-up';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The key from aimlapi.com/app/keys',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.aimlapi.com',
			description: 'Change it only for a gateway, a proxy or tests',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	/** The balance: it needs the key, unlike the list of models, and costs nothing. */
	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v2/billing' },
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'AI/ML API did not accept the API key. Copy it again from aimlapi.com/app/keys.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'AI/ML API knows the API key, but does not let it do this. Verify the account or top it up at aimlapi.com/app/billing, and do not use a management key.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: "There is no AI/ML API at this address. Check 'Base URL'.",
				},
			},
		],
	};
}
