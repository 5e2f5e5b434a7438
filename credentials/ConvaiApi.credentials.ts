import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { keyAndBaseUrl, refusals } from './parts';

const WRONG_KEY = 'Convai did not accept the API key. Copy it again from the dashboard of Convai.';

/** Convai's own tools take 400 and 422 for a wrong key as well; its 403 may be about the plan. */
const REFUSALS = refusals('Convai', WRONG_KEY, {
	400: WRONG_KEY,
	403: 'Convai refused the API key. Copy it again from the dashboard of Convai; if it is right, the plan of the account does not include the API.',
	422: WRONG_KEY,
});

export class ConvaiApi implements ICredentialType {
	name = 'convaiApi';

	displayName = 'Convai API';

	icon: Icon = { light: 'file:../icons/convai.svg', dark: 'file:../icons/convai.dark.svg' };

	documentationUrl = 'https://docs.convai.com/api-docs/api-reference/core-api-reference';

	properties: INodeProperties[] = keyAndBaseUrl(
		'The key from the Convai dashboard. Speech needs the Enterprise plan, the voice list the Professional plan.',
		'https://api.convai.com',
	);

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
			disableFollowRedirect: true,
		},
		rules: REFUSALS,
	};
}
