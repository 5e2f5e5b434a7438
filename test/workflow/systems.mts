import type { NodeName } from './harness.mts';

/** One of the six speech systems that the package began with, as its provider documents it. */
export interface SpeechSystem {
	name: string;
	node: NodeName;
	/** The model's name in the record. */
	model: string | null;
	/** Parameters of Speech: Generate besides the text. */
	parameters: Record<string, unknown>;
	path: string;
	keyHeader: string;
	body: (text: string) => Record<string, unknown>;
	extension: string;
	mimeType: string;
	/** Whether the answer is the audio itself. */
	sendsBytes: boolean;
	takesScripts: boolean;
}

const list = (value: string) => ({ __rl: true, mode: 'list', value });
const wav = { extension: 'wav', mimeType: 'audio/wav' };
const mp3 = { extension: 'mp3', mimeType: 'audio/mpeg' };

export const SYSTEMS: SpeechSystem[] = [
	{
		name: 'AI/ML API openai/tts-1',
		node: 'aimlApi',
		model: 'openai/tts-1',
		parameters: { model: list('openai/tts-1'), voice: list('coral') },
		path: '/v1/tts',
		keyHeader: 'authorization',
		body: (text) => ({ model: 'openai/tts-1', text, voice: 'coral', stream: false }),
		...mp3,
		sendsBytes: false,
		takesScripts: false,
	},
	{
		name: 'AI/ML API microsoft/vibevoice-7b',
		node: 'aimlApi',
		model: 'microsoft/vibevoice-7b',
		parameters: { model: list('microsoft/vibevoice-7b') },
		path: '/v1/tts',
		keyHeader: 'authorization',
		body: (text) => ({
			model: 'microsoft/vibevoice-7b',
			script: `Speaker 0: ${text}`,
			speakers: [{ preset: 'Alice [EN]' }],
			stream: false,
		}),
		...wav,
		sendsBytes: false,
		takesScripts: true,
	},
	{
		name: 'Pixazo VibeVoice',
		node: 'pixazo',
		model: 'vibevoice',
		parameters: { model: list('vibevoice') },
		path: '/vibevoice/v1/vibevoice/generateRequest',
		keyHeader: 'ocp-apim-subscription-key',
		body: (text) => ({ script: `Speaker 0: ${text}`, speakers: [{ preset: 'Alice [EN]' }] }),
		...wav,
		sendsBytes: false,
		takesScripts: true,
	},
	{
		name: 'Pixazo VibeVoice Realtime 0.5B',
		node: 'pixazo',
		model: 'vibevoice-realtime-0-5b-135',
		parameters: { model: list('vibevoice-realtime-0-5b-135') },
		path: '/vibevoice-realtime-0-5b-135/v1/vibevoice-realtime-0-5b-request',
		keyHeader: 'ocp-apim-subscription-key',
		body: (text) => ({ script: `Speaker 0: ${text}`, speakers: [{ preset: 'Frank [EN]' }] }),
		...wav,
		sendsBytes: false,
		takesScripts: true,
	},
	{
		name: 'Convai',
		node: 'convai',
		model: null,
		parameters: { voice: list('WUMale 1') },
		path: '/tts/',
		keyHeader: 'convai-api-key',
		body: (text) => ({ transcript: text, voice: 'WUMale 1', encoding: 'wav' }),
		...wav,
		sendsBytes: true,
		takesScripts: false,
	},
	{
		name: 'Vimmerse',
		node: 'vimmerse',
		model: 'ElevenLabsTTS',
		parameters: {},
		path: '/v2/audio/text-2-speech',
		keyHeader: 'x-api-key',
		body: (text) => ({ prompt: text, voice: 'AutoV', option: 'ElevenLabsTTS', language: '' }),
		...mp3,
		sendsBytes: false,
		takesScripts: false,
	},
];

/**
 * Parameters of Speech: Generate for this system, with a polling interval short enough for a test.
 */
export function speechParameters(
	system: SpeechSystem,
	parameters: Record<string, unknown>,
): Record<string, unknown> {
	const options = {
		...(system.node === 'pixazo' && { pollInterval: 0.1 }),
		...(parameters.options as object),
	};
	return { resource: 'speech', operation: 'generate', ...system.parameters, ...parameters, options };
}
