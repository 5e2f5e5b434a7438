/** A speech model of AI/ML API: under which keys its request has what, and within which limits. */
export interface SpeechModel {
	id: string;
	name: string;
	/** Where the text goes; null: no limit is published. */
	text: { key: 'text' | 'script'; maxCharacters: number | null };
	/** Left out: the model has speakers instead, or neither. */
	voice?: { key: string; ids: readonly string[]; default: string };
	/** VibeVoice: up to four voices by preset or sample. */
	presets?: readonly string[];
	format?: { key: string; values: readonly string[]; default: string };
	/** Where the options of the same name go; an option without a key is not the model's. */
	optionKeys: Partial<Record<'speed' | 'style' | 'seed' | 'cfgScale', string>>;
	/** Whether the request can say that it does not want a stream. */
	canRefuseStream: boolean;
}

const OPENAI_VOICES = [
	'alloy',
	'ash',
	'ballad',
	'coral',
	'echo',
	'fable',
	'nova',
	'onyx',
	'sage',
	'shimmer',
	'verse',
];

const VIBEVOICE_PRESETS = [
	'Alice [EN]',
	'Alice [EN] (Background Music)',
	'Carter [EN]',
	'Frank [EN]',
	'Maya [EN]',
	'Anchen [ZH] (Background Music)',
	'Bowen [ZH]',
	'Xinran [ZH]',
];

const openAi = (id: string, name: string): SpeechModel => ({
	id,
	name,
	text: { key: 'text', maxCharacters: 4096 },
	voice: { key: 'voice', ids: OPENAI_VOICES, default: 'alloy' },
	format: { key: 'response_format', values: ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'], default: 'mp3' },
	optionKeys: { speed: 'speed', style: 'style' },
	canRefuseStream: true,
});

const vibeVoice = (id: string, name: string): SpeechModel => ({
	id,
	name,
	text: { key: 'script', maxCharacters: 5000 },
	presets: VIBEVOICE_PRESETS,
	optionKeys: { seed: 'seed', cfgScale: 'cfg_scale' },
	canRefuseStream: true,
});

/** Source: the schemas in github.com/aimlapi/api-docs, August 2026. */
export const SPEECH_MODELS: readonly SpeechModel[] = [
	vibeVoice('microsoft/vibevoice-1.5b', 'VibeVoice 1.5B'),
	vibeVoice('microsoft/vibevoice-7b', 'VibeVoice 7B'),
	openAi('openai/gpt-4o-mini-tts', 'GPT-4o Mini TTS'),
	openAi('openai/tts-1', 'TTS-1'),
	openAi('openai/tts-1-hd', 'TTS-1 HD'),
];

/** A model that this table does not have is asked for with what all of them share; `additionalFields` can add the rest. */
export function speechModel(id: string): SpeechModel {
	return (
		SPEECH_MODELS.find((model) => model.id === id) ?? {
			id,
			name: id,
			text: { key: 'text', maxCharacters: null },
			optionKeys: {},
			canRefuseStream: false,
		}
	);
}
