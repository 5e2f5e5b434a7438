import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

export class ConvaiApi implements ICredentialType {
	name = 'convaiApi';

	displayName = 'Convai API';

	icon: Icon = { light: 'file:../icons/convai.svg', dark: 'file:../icons/convai.dark.svg' };

	documentationUrl = 'https://docs.convai.com/api-docs/api-reference/core-api-reference';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'The key from the Convai dashboard. Speech needs the Enterprise plan, the voice list the Professional plan.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.convai.com',
			description: 'Change it only for a gateway, a proxy or tests',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'CONVAI-API-KEY': '={{$credentials.apiKey}}' } },
	};

	/**
	 * The usage of the account: any plan may ask for it and it costs nothing, so that a refusal is about the key. What the plan
	 * lacks is told by the operation that needs it.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/user/user-api-usage',
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			// As text, because n8n leaves an empty object out.
			body: '{}',
		},
		rules: [
			...[400, 401, 422].map((value) => ({
				type: 'responseCode' as const,
				properties: {
					value,
					message: 'Convai did not accept the API key. Copy it again from the dashboard of Convai.',
				},
			})),
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'Convai refused the API key. Copy it again from the dashboard of Convai; if it is right, the plan of the account does not include the API.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: "There is no Convai API at this address. Check 'Base URL'.",
				},
			},
		],
	};
}
