import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { keyAndBaseUrl, refusals } from './parts';

const REFUSALS = refusals(
	'Vimmerse',
	'Vimmerse did not accept the API key. Copy it again as the Vimmerse team sent it.',
	{
		402: 'The API key is good, but the Vimmerse account has no credits left.',
		403: 'Vimmerse refuses this. The API key may be wrong, or its account may lack the permission to use audio.',
	},
);

export class VimmerseApi implements ICredentialType {
	name = 'vimmerseApi';

	displayName = 'Vimmerse API';

	icon: Icon = { light: 'file:../icons/vimmerse.svg', dark: 'file:../icons/vimmerse.dark.svg' };

	documentationUrl = 'https://vimmerse-api.redoc.ly/tag/Audio';

	properties: INodeProperties[] = keyAndBaseUrl(
		'The key that the Vimmerse team gave you',
		'https://api.vimmerse.net',
	);

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'X-Api-Key': '={{$credentials.apiKey}}' } },
	};

	/** An estimate creates nothing and costs nothing. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v2/audio/estimate-credits',
			method: 'POST',
			body: { app_name: 'text-to-speech', option: 'ElevenLabsTTS', prompt: 'Hello' },
			disableFollowRedirect: true,
		},
		rules: REFUSALS,
	};
}
