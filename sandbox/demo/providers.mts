import type { ProviderName } from '../core/types.mts';

/** The node, the credential and the parameters that a workflow needs for a provider. */
export interface ProviderChoice {
	displayName: string;
	credentialType: string;
	officialUrl: string;
	/** The environment variable that holds a real key. */
	keyVariable: string;
	parameters: Record<string, unknown>;
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const fromList = (value: string) => ({ __rl: true, mode: 'list', value, cachedResultName: value });

export const PROVIDER_CHOICES: Record<ProviderName, ProviderChoice> = {
	aimlApi: {
		displayName: 'AI/ML API',
		credentialType: 'aimlApi',
		officialUrl: 'https://api.aimlapi.com',
		keyVariable: 'AIMLAPI_API_KEY',
		parameters: { model: fromList('openai/tts-1'), voice: byId('fable') },
	},
	convai: {
		displayName: 'Convai',
		credentialType: 'convaiApi',
		officialUrl: 'https://api.convai.com',
		keyVariable: 'CONVAI_API_KEY',
		parameters: { voice: byId('WUMale 1') },
	},
	pixazo: {
		displayName: 'Pixazo',
		credentialType: 'pixazoApi',
		officialUrl: 'https://gateway.pixazo.ai',
		keyVariable: 'PIXAZO_API_KEY',
		parameters: { model: fromList('vibevoice') },
	},
	vimmerse: {
		displayName: 'Vimmerse',
		credentialType: 'vimmerseApi',
		officialUrl: 'https://api.vimmerse.net',
		keyVariable: 'VIMMERSE_API_KEY',
		parameters: { voice: 'AutoV', engine: 'ElevenLabsTTS' },
	},
};
