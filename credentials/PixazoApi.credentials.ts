import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { keyAndBaseUrl, refusals } from './parts';

const WRONG_KEY = 'Pixazo did not accept the API key. Copy it again from api-console.pixazo.ai/api_keys.';

const REFUSALS = refusals('Pixazo', WRONG_KEY, { 403: WRONG_KEY, 404: null });

export class PixazoApi implements ICredentialType {
	name = 'pixazoApi';

	displayName = 'Pixazo API';

	icon: Icon = { light: 'file:../icons/pixazo.svg', dark: 'file:../icons/pixazo.dark.svg' };

	documentationUrl = 'https://www.pixazo.ai/models/vibevoice';

	properties: INodeProperties[] = keyAndBaseUrl(
		'The key from api-console.pixazo.ai/api_keys',
		'https://gateway.pixazo.ai',
	);

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'Ocp-Apim-Subscription-Key': '={{$credentials.apiKey}}' } },
	};

	/**
	 * Pixazo documents no request that only checks a key. The status of a job that does not exist costs nothing to ask for, and that it
	 * does not exist (404) is only said to who has a good key.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v2/requests/status/credential-test',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: {
				ignore: true,
				except: REFUSALS.map(({ properties }) => Number(properties.value)),
			},
		},
		rules: REFUSALS,
	};
}
