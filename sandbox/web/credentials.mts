import type { Credential } from '../n8n/types.mts';
import type { Web } from './web.mts';

/**
 * Credentials for every service with a login, under the names that the workflows in `examples/`
 * use.
 */
export function webCredentials({ url, wordpress, folder, chatModel }: Web): Credential[] {
	const { username: user, password } = folder.login;
	return [
		{ name: 'Wordpress account', type: 'wordpressApi', data: { ...wordpress.login, url } },
		{ name: 'Podcast folder', type: 'httpBasicAuth', data: { user, password } },
		{ name: 'OpenAI account', type: 'openAiApi', data: { apiKey: chatModel.apiKey, url: `${url}/v1` } },
	];
}
