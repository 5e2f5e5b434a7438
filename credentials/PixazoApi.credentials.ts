import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

const WRONG_KEY =
	"Pixazo did not accept the API key. Check 'API Key' against api-console.pixazo.ai/api_keys.";
const BUSY = 'Pixazo received too many requests. The key may be good: try again in a minute.';
const DOWN = 'Pixazo is not working at the moment. The key may be good: try again later.';
const ELSEWHERE = "This address redirects to another one, which is not sent the key. Check 'Base URL'.";

/** Answers that do not show that the key is good, and what they mean. */
const REFUSALS: Array<[status: number, message: string]> = [
	...[401, 403].map((status): [number, string] => [status, WRONG_KEY]),
	[429, BUSY],
	...[500, 502, 503, 504].map((status): [number, string] => [status, DOWN]),
	...[301, 302, 303, 307, 308].map((status): [number, string] => [status, ELSEWHERE]),
];

export class PixazoApi implements ICredentialType {
	name = 'pixazoApi';

	displayName = 'Pixazo API';

	icon: Icon = { light: 'file:../icons/pixazo.svg', dark: 'file:../icons/pixazo.dark.svg' };

	documentationUrl = 'https://www.pixazo.ai/models/vibevoice';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The key from api-console.pixazo.ai/api_keys',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://gateway.pixazo.ai',
			description: 'Change it only for a gateway, a proxy or tests',
		},
	];

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
			ignoreHttpStatusErrors: { ignore: true, except: REFUSALS.map(([status]) => status) },
		},
		rules: REFUSALS.map(([value, message]) => ({ type: 'responseCode', properties: { value, message } })),
	};
}
