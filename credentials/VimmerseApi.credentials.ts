import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

export class VimmerseApi implements ICredentialType {
	name = 'vimmerseApi';

	displayName = 'Vimmerse API';

	icon: Icon = { light: 'file:../icons/vimmerse.svg', dark: 'file:../icons/vimmerse.dark.svg' };

	documentationUrl = 'https://vimmerse-api.redoc.ly/tag/Audio';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The key that the Vimmerse team gave you',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.vimmerse.net',
			description: 'Change it only for a gateway, a proxy or tests',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'X-Api-Key': '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v2/audio/estimate-credits',
			method: 'POST',
			body: { app_name: 'text-to-speech', option: 'ElevenLabsTTS', prompt: 'Hello' },
		},
	};
}
