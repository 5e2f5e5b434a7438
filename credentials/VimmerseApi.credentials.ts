import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

const DOWN = 'Vimmerse is not working at the moment. The key may be good: try again later.';
const ELSEWHERE = "This address redirects to another one, which is not sent the key. Check 'Base URL'.";

/** Answers that are no estimate, and what they mean. */
const REFUSALS: Array<[status: number, message: string]> = [
	[
		401,
		"Vimmerse did not accept the API key. Check 'API Key' against the one that the Vimmerse team gave you.",
	],
	[402, 'The API key is good, but the Vimmerse account has no credits left.'],
	[
		403,
		'Vimmerse refuses this. The API key may be wrong, or its account may lack the permission to use audio.',
	],
	[404, "There is no Vimmerse API at this address. Check 'Base URL'."],
	[429, 'Vimmerse received too many requests. The key may be good: try again in a minute.'],
	...[500, 502, 503, 504].map((status): [number, string] => [status, DOWN]),
	...[301, 302, 303, 307, 308].map((status): [number, string] => [status, ELSEWHERE]),
];

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

	/** An estimate creates nothing and costs nothing. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v2/audio/estimate-credits',
			method: 'POST',
			body: { app_name: 'text-to-speech', option: 'ElevenLabsTTS', prompt: 'Hello' },
			disableFollowRedirect: true,
		},
		rules: REFUSALS.map(([value, message]) => ({ type: 'responseCode', properties: { value, message } })),
	};
}
