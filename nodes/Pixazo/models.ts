import { englishName, minimaxLanguage, primarySubtag } from '../shared/speech/languages';

/** An option of Speech: Generate that some models have under a key of their own. */
export type ModelOption = 'cfgScale' | 'format' | 'language' | 'seed' | 'speed' | 'style';

/** A speech model of Pixazo: its request path, under which key the text goes, and what else it takes. Keys with a dot lead into an object. */
export interface SpeechModel {
	/** As Pixazo names it in paths and status answers. */
	id: string;
	name: string;
	/** Whole path: Pixazo's "base URLs" repeat parts of it, so nothing is joined. */
	path: string;
	textKey: string;
	/** Published limit, in characters; left out: none is published. */
	maxCharacters?: number;
	/** VibeVoice only: the text is a script, and these are its voices. */
	speakers?: {
		presets: readonly string[];
		/** Whether names outside `presets` are taken too. */
		takesOtherPresets: boolean;
		/** Whether a voice may be cloned from a recording. */
		takesSamples: boolean;
	};
	voice?: {
		key: string;
		ids: readonly string[];
		/** Of a model that demands one: the first of `ids` when the user chooses none. */
		isRequired?: boolean;
	};
	/** Where the address of a recording of the voice goes. */
	sample?: { key: string; isRequired: boolean };
	optionKeys: Partial<Record<ModelOption, string>>;
	/** The language as this model calls it; undefined: not one that it speaks. Left out: as the user wrote it. */
	languageOf?(tag: string): string | undefined;
	/** Options that the model demands. */
	requires?: readonly ModelOption[];
	/** What the model demands and has one value only. */
	defaults?: Record<string, unknown>;
	/** Published formats of the audio; empty: none are published. */
	formats: readonly string[];
}

const VIBEVOICE_PRESETS = [
	'Alice [EN]',
	'Carter [EN]',
	'Frank [EN]',
	'Mary [EN] (Background Music)',
	'Maya [EN]',
	'Anchen [ZH] (Background Music)',
	'Bowen [ZH]',
	'Xinran [ZH]',
];

/** Other providers' names of the same voices: AI/ML API kept the early name of the English voice with background music. */
const PRESET_ALIASES: Readonly<Record<string, string>> = {
	'Alice [EN] (Background Music)': 'Mary [EN] (Background Music)',
};

/** The preset as this provider calls it. */
export function presetName(preset: string): string {
	return PRESET_ALIASES[preset] ?? preset;
}

const ELEVENLABS_VOICES = ['Rachel', 'Adam', 'Bella', 'Domi', 'Ethan', 'Josh', 'Sam'];

const SEED_AUDIO_VOICES = [
	...['vivi_mixed_en_zh_ja_es_id', 'mindy_en_es_id_pt_zh', 'kian_en_zh', 'cedric_en_zh', 'sophie_en_zh'],
	...['jean_en_zh', 'magnus_en_zh', 'mabel_en_zh', 'nadia_en_zh', 'opal_en_zh', 'pearl_en_zh'],
	...['quentin_en_zh', 'corinne_mixed_en_zh', 'esther_mixed_en_zh', 'lyla_mixed_en_zh', 'tracy_es_zh'],
	...['sandy_es_mixed_en_zh', 'felix_zh', 'celeste_zh', 'monkey_king_zh'],
];

const QWEN_3 = {
	textKey: 'text',
	optionKeys: { style: 'prompt', language: 'language' },
	requires: ['language', 'style'],
	languageOf: englishName,
	formats: [],
} as const;

const TADA = {
	textKey: 'prompt',
	sample: { key: 'audio_url', isRequired: true },
	optionKeys: { language: 'language', speed: 'speed_up_factor', format: 'output_format' },
	requires: ['language'],
	languageOf: primarySubtag,
} as const;

const ZONOS_LANGUAGES = ['en_us', 'en_gb', 'fr_fr', 'de', 'es', 'it', 'pt_br', 'ja', 'cmn', 'ko'];

/** `en_gb` of `en-GB`; of a region that Zonos does not have, the first of the language. */
function zonosLanguage(tag: string): string | undefined {
	const wanted = tag.toLowerCase().replaceAll('-', '_');
	const language = primarySubtag(tag) === 'zh' ? 'cmn' : primarySubtag(tag);
	return (
		ZONOS_LANGUAGES.find((known) => known === wanted) ??
		ZONOS_LANGUAGES.find((known) => known.split('_')[0] === language)
	);
}

/** Of these, nothing but the path and one sample request is published. */
const textOnly = (id: string, name: string): SpeechModel => ({
	id,
	name,
	path: `/${id}/v1/text-to-speech`,
	textKey: 'text',
	optionKeys: {},
	formats: [],
});

/**
 * Source: pixazo.ai/models/vibevoice, the documentation pages of July 2026 and the model list of August 2026; where both name a
 * path, the later one.
 */
export const SPEECH_MODELS: readonly SpeechModel[] = [
	{
		id: 'vibevoice',
		name: 'VibeVoice',
		path: '/vibevoice/v1/vibevoice/generateRequest',
		textKey: 'script',
		speakers: { presets: VIBEVOICE_PRESETS, takesOtherPresets: false, takesSamples: true },
		optionKeys: { cfgScale: 'cfg_scale', seed: 'seed' },
		formats: ['wav'],
	},
	{
		id: 'vibevoice-realtime-0-5b-135',
		name: 'VibeVoice Realtime 0.5B',
		path: '/vibevoice-realtime-0-5b-135/v1/vibevoice-realtime-0-5b-request',
		textKey: 'script',
		// "Frank, Carter, and other Microsoft TTS voices": which others is not documented.
		speakers: { presets: ['Frank [EN]', 'Carter [EN]'], takesOtherPresets: true, takesSamples: false },
		optionKeys: { cfgScale: 'cfg_scale' },
		formats: ['wav'],
	},
	{
		id: 'chatterbox-text-to-speech',
		name: 'Chatterbox',
		path: '/chatterbox-text-to-speech/v1/chatterbox-text-to-speech-request',
		textKey: 'text',
		sample: { key: 'audio_url', isRequired: false },
		optionKeys: {},
		formats: [],
	},
	textOnly('deepgram-aura-1', 'Deepgram Aura 1'),
	textOnly('deepgram-aura-2-en', 'Deepgram Aura 2 (English)'),
	textOnly('deepgram-aura-2-es', 'Deepgram Aura 2 (Spanish)'),
	{
		id: 'elevenlabs-eleven-v3-tts',
		name: 'ElevenLabs Eleven v3',
		path: '/elevenlabs-eleven-v3-tts/v1/elevenlabs-eleven-v3-tts-request',
		textKey: 'text',
		maxCharacters: 5000,
		voice: { key: 'voice', ids: ELEVENLABS_VOICES },
		optionKeys: { language: 'language_code' },
		languageOf: primarySubtag,
		formats: [],
	},
	{
		id: 'eleven-v3-alpha-954',
		name: 'ElevenLabs Eleven v3 Alpha',
		path: '/eleven-v3-alpha-954/v1/eleven-v3-alpha-request',
		textKey: 'text',
		voice: { key: 'voice', ids: ['Aria', 'Domi', 'Bella', 'Rachel', 'Antoni'], isRequired: true },
		optionKeys: { speed: 'speed' },
		formats: [],
	},
	{
		...textOnly('elevenlabs-multilingual-v2', 'ElevenLabs Multilingual v2'),
		voice: { key: 'voice', ids: ELEVENLABS_VOICES },
	},
	{
		...textOnly('elevenlabs-turbo-v2-5', 'ElevenLabs Turbo v2.5'),
		voice: { key: 'voice', ids: ELEVENLABS_VOICES },
	},
	{
		...textOnly('fish-audio-s2-1-pro', 'Fish Audio S2.1 Pro'),
		voice: { key: 'reference_id', ids: [] },
		optionKeys: { format: 'format' },
	},
	{
		id: 'gemini-flash-tts',
		name: 'Gemini Flash TTS',
		path: '/gemini-flash-tts/v1/gemini-flash-tts/generate',
		textKey: 'text',
		voice: { key: 'voice', ids: ['Algenib'] },
		optionKeys: { style: 'prompt', language: 'language_code' },
		formats: [],
	},
	{
		...textOnly('inworld-tts-1-5-max', 'Inworld TTS 1.5 Max'),
		voice: { key: 'voice_id', ids: [] },
	},
	{
		...textOnly('inworld-tts-1-5-mini', 'Inworld TTS 1.5 Mini'),
		voice: { key: 'voice_id', ids: [] },
	},
	{
		...textOnly('inworld-tts-2', 'Inworld TTS 2'),
		voice: { key: 'voice_id', ids: [] },
	},
	{
		id: 'lux-tts',
		name: 'Lux TTS',
		path: '/lux-tts/v1/text-to-speech',
		textKey: 'prompt',
		sample: { key: 'audio_url', isRequired: true },
		optionKeys: {},
		formats: [],
	},
	textOnly('melotts', 'MeloTTS'),
	{
		id: 'minimax-hailuo-audio',
		name: 'MiniMax Hailuo Audio',
		path: '/minimax-hailuo-ai-music/v1/getAudio',
		textKey: 'text',
		// "Less than 50,000 characters".
		maxCharacters: 49_999,
		voice: { key: 'voice_id', ids: [] },
		optionKeys: { format: 'format', language: 'language_boost', speed: 'speed' },
		languageOf: minimaxLanguage,
		formats: ['mp3', 'pcm', 'flac'],
	},
	{
		id: 'minimax-speech-2-8-hd',
		name: 'MiniMax Speech 2.8 HD',
		path: '/minimax-speech-2-8-hd/v1/minimax-speech-2-8-hd-request',
		textKey: 'prompt',
		optionKeys: {},
		defaults: { output_format: 'hex' },
		formats: [],
	},
	{
		id: 'minimax-speech-2-8-turbo',
		name: 'MiniMax Speech 2.8 Turbo',
		path: '/minimax-speech-2-8-turbo/v1/minimax-speech-2-8-turbo-request',
		textKey: 'prompt',
		voice: { key: 'voice_setting.voice_id', ids: ['Wise_Woman'], isRequired: true },
		optionKeys: { speed: 'voice_setting.speed' },
		defaults: { output_format: 'hex' },
		formats: [],
	},
	textOnly('tts-1', 'OpenAI TTS-1'),
	textOnly('tts-1-hd', 'OpenAI TTS-1 HD'),
	{
		...QWEN_3,
		id: 'qwen-3-tts-text-to-speech-0-6b',
		name: 'Qwen3 TTS 0.6B',
		path: '/qwen-3-tts-text-to-speech-0-6b/v1/qwen-3-tts-text-to-speech-0-6b-request',
		voice: { key: 'voice', ids: ['Vivian'], isRequired: true },
	},
	{
		...QWEN_3,
		id: 'qwen-3-tts-text-to-speech-1-7b',
		name: 'Qwen3 TTS 1.7B',
		path: '/qwen-3-tts-text-to-speech-1-7b/v1/qwen-3-tts-text-to-speech-1-7b-request',
		voice: { key: 'voice', ids: ['Vivian'], isRequired: true },
	},
	{
		...QWEN_3,
		id: 'qwen-3-tts-voice-design-1-7b',
		name: 'Qwen3 TTS Voice Design 1.7B',
		path: '/qwen-3-tts-voice-design-1-7b/v1/qwen-3-tts-voice-design-1-7b-request',
	},
	{
		...textOnly('qwen-audio-3-0-tts-flash', 'Qwen Audio 3.0 TTS Flash'),
		voice: { key: 'voice', ids: [] },
		optionKeys: { format: 'format' },
	},
	{
		...textOnly('qwen-audio-3-0-tts-plus', 'Qwen Audio 3.0 TTS Plus'),
		voice: { key: 'voice', ids: [] },
		optionKeys: { format: 'format' },
	},
	{
		id: 'seed-audio-1-0',
		name: 'Seed Audio 1.0',
		path: '/seed-audio-1-0/v1/seed-audio-1-0-request',
		textKey: 'prompt',
		voice: { key: 'voice', ids: SEED_AUDIO_VOICES },
		optionKeys: { format: 'output_format', speed: 'speed' },
		formats: ['mp3', 'wav', 'pcm', 'ogg_opus'],
	},
	{
		...TADA,
		id: 'tada-1b-tts',
		name: 'TADA 1B',
		path: '/tada-1b-tts/v1/text-to-speech',
		formats: ['wav', 'mp3', 'ogg', 'flac'],
	},
	{
		...TADA,
		id: 'tada-3b-tts',
		name: 'TADA 3B',
		path: '/tada-3b-tts/v1/text-to-speech',
		formats: ['wav', 'mp3', 'flac'],
	},
	{
		id: 'openbmb-voxcpm2',
		name: 'VoxCPM2',
		path: '/voxcpm/v1/text-to-speech',
		textKey: 'text',
		optionKeys: {},
		formats: ['wav'],
	},
	{
		id: 'openbmb-voxcpm2-voice-cloning',
		name: 'VoxCPM2 Voice Cloning',
		path: '/voxcpm/v1/voice-cloning',
		textKey: 'text',
		sample: { key: 'reference_audio_url', isRequired: true },
		optionKeys: {},
		formats: [],
	},
	{
		id: 'xai-text-to-speech',
		name: 'xAI Text to Speech',
		path: '/xai-text-to-speech/v1/text-to-speech',
		textKey: 'text',
		voice: { key: 'voice', ids: ['eve', 'adam', 'lucy', 'max', 'sage'], isRequired: true },
		optionKeys: { language: 'language' },
		formats: [],
	},
	{
		id: 'xtts-v2-api',
		name: 'XTTS v2',
		path: '/voice-clone/v1/xtts-v2/generate',
		textKey: 'text',
		sample: { key: 'speaker', isRequired: true },
		optionKeys: { language: 'language' },
		languageOf: primarySubtag,
		formats: [],
	},
	{
		id: 'zonos-2',
		name: 'Zonos 2',
		path: '/zonos-2/v1/zonos-2-request',
		textKey: 'text',
		sample: { key: 'reference_audio_url', isRequired: true },
		optionKeys: { language: 'language', seed: 'seed' },
		languageOf: zonosLanguage,
		formats: [],
	},
];

/** Models that make no speech: what the record of a job of theirs says. They are reached by path. */
export const OTHER_KINDS: Readonly<Record<string, 'music' | 'soundEffect'>> = {
	'ace-step': 'music',
	'ace-step-xl': 'music',
	'elevenlabs-music': 'music',
	'lyria-2': 'music',
	'lyria-3': 'music',
	'lyria-3-pro': 'music',
	'minimax-music-generation-2-6': 'music',
	'mirelo-sfx-1-6-text-to-audio': 'soundEffect',
	'mmaudio-v2-text-to-audio': 'soundEffect',
	'stable-audio-3-small-music-audio-to-audio': 'music',
	'stable-audio-3-small-music-text-to-audio': 'music',
	tracks: 'music',
};

/**
 * The model of this ID. One that the table does not have is taken for one of the newer ones, which all have a path of the same
 * form: Pixazo says whether it exists, and charges nothing when it does not.
 */
export function speechModel(id: string): SpeechModel {
	return SPEECH_MODELS.find((candidate) => candidate.id === id) ?? textOnly(id, id);
}

/** IDs of the models that a field is for. */
export function idsOfModels(have: (model: SpeechModel) => unknown): string[] {
	return SPEECH_MODELS.filter(have).map(({ id }) => id);
}
