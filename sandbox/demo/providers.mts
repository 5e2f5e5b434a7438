import type { ProviderName } from '../core/types.mts';

/** How a workflow is tied to a provider: its node, its credential, and what its node has to be told besides the text. */
export interface ProviderChoice {
	displayName: string;
	credentialType: string;
	officialUrl: string;
	/** The environment variable with a real key. */
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
