import { minimaxLanguage } from '../shared/speech/languages';
import {
	AURA_2_VOICES,
	AURA_VOICES,
	AZURE_VOICES,
	ELEVENLABS_VOICES,
	HUME_VOICES,
	INWORLD_VOICES,
	MINIMAX_VOICES,
	OPENAI_VOICES,
	QWEN_VOICES,
	VIBEVOICE_PRESETS,
} from './voices';

/** Options that are some models' only. Each model's own name for them, and what it takes, is in its {@link OptionRule}. */
export type ModelOption =
	| 'bitrate'
	| 'cfgScale'
	| 'emotion'
	| 'language'
	| 'nextText'
	| 'pitch'
	| 'previousText'
	| 'referenceUrls'
	| 'sampleRate'
	| 'seed'
	| 'similarityBoost'
	| 'speakerBoost'
	| 'speed'
	| 'stability'
	| 'style'
	| 'styleExaggeration'
	| 'temperature'
	| 'textNormalization'
	| 'topP'
	| 'volume';

/** As the editor and sentences name them. */
export const OPTION_TITLES: Record<ModelOption, string> = {
	bitrate: 'Bit Rate',
	cfgScale: 'CFG Scale',
	emotion: 'Emotion',
	language: 'Language',
	nextText: 'Next Text',
	pitch: 'Pitch',
	previousText: 'Previous Text',
	referenceUrls: 'Reference URLs',
	sampleRate: 'Sample Rate',
	seed: 'Seed',
	similarityBoost: 'Similarity Boost',
	speakerBoost: 'Speaker Boost',
	speed: 'Speed',
	stability: 'Stability',
	style: 'Style',
	styleExaggeration: 'Style Exaggeration',
	temperature: 'Temperature',
	textNormalization: 'Text Normalization',
	topP: 'Top P',
	volume: 'Volume',
};

/** Where an option goes in the request of a model, and what may be in it. */
export interface OptionRule {
	/** Key in the body; `a.b` is `b` within `a`. */
	key: string;
	least?: number;
	most?: number;
	isWhole?: boolean;
	values?: ReadonlyArray<string | number>;
	/** What it takes, in words, where limits and values do not say it. */
	takes?: string;
	/** Into what the provider wants, where that is not the value itself; undefined: not a value that it could be made of. */
	encode?(value: unknown): unknown;
}

/** A speech model of AI/ML API: under which keys its request has what, and within which limits. Keys may be paths: `a.b`. */
export interface SpeechModel {
	id: string;
	name: string;
	/** Where the text goes; null: no limit is published. */
	text: { key: 'text' | 'script'; maxCharacters: number | null };
	/** Left out: the model has speakers instead, or neither. No default: the provider's own. */
	voice?: { key: string; ids: readonly string[]; default?: string };
	/** VibeVoice: up to four voices by preset or sample. */
	presets?: readonly string[];
	/** No key: the format cannot be chosen. No values: they are not known. `aliases` are other models' names for some of them. */
	format: {
		key?: string;
		values: readonly string[];
		default: string | null;
		aliases?: Record<string, string>;
	};
	options: Partial<Record<ModelOption, OptionRule>>;
	/** Whether the request can say that it does not want a stream. */
	canRefuseStream: boolean;
}

const speechModelOf = (
	id: string,
	name: string,
	family: Omit<SpeechModel, 'id' | 'name' | 'canRefuseStream'> & { canRefuseStream?: boolean },
): SpeechModel => ({ canRefuseStream: true, ...family, id, name });

const WAV_ONLY: SpeechModel['format'] = { values: ['wav'], default: 'wav' };

const openAi = (id: string, name: string) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: 4096 },
		voice: { key: 'voice', ids: OPENAI_VOICES, default: 'alloy' },
		format: { key: 'response_format', values: ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'], default: 'mp3' },
		options: { speed: { key: 'speed', least: 0.25, most: 4 }, style: { key: 'style' } },
	});

const vibeVoice = (id: string, name: string) =>
	speechModelOf(id, name, {
		text: { key: 'script', maxCharacters: 5000 },
		presets: VIBEVOICE_PRESETS,
		format: WAV_ONLY,
		options: {
			cfgScale: { key: 'cfg_scale', least: 0.1, most: 2 },
			seed: { key: 'seed', isWhole: true },
		},
	});

const maiVoice = (id: string, name: string) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: 4096 },
		voice: { key: 'voice', ids: AZURE_VOICES, default: 'en-US-AvaNeural' },
		format: { key: 'response_format', values: ['mp3', 'wav', 'pcm'], default: 'mp3' },
		options: {
			temperature: { key: 'temperature', least: 0, most: 2 },
			topP: { key: 'top_p', least: 0, most: 1 },
		},
	});

/** "100 means 2.0x", "-50 means 0.5x". */
const percentAboveNormal = (value: unknown) => Math.round((Number(value) - 1) * 100);

const MOST_REFERENCES = 3;

/** Addresses, separated by commas or line breaks; `@Audio1` in the text is the first of them. */
function references(value: unknown): unknown {
	const urls = String(value)
		.split(/[\s,]+/)
		.filter(Boolean);
	const areAddresses = urls.every((url) => URL.canParse(url)) && urls.length <= MOST_REFERENCES;
	return areAddresses ? urls.map((url) => ({ audio_url: url })) : undefined;
}

const seedAudio = (id: string, name: string) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: 3000 },
		format: {
			key: 'audio_config.format',
			values: ['wav', 'mp3', 'pcm', 'ogg_opus'],
			default: 'wav',
			aliases: { opus: 'ogg_opus' },
		},
		options: {
			pitch: { key: 'audio_config.pitch_rate', least: -12, most: 12, isWhole: true },
			referenceUrls: {
				key: 'references',
				takes: `up to ${MOST_REFERENCES} addresses, separated by commas`,
				encode: references,
			},
			sampleRate: { key: 'audio_config.sample_rate', values: [8000, 16000, 24000, 32000, 44100, 48000] },
			speed: { key: 'audio_config.speech_rate', least: 0.5, most: 2, encode: percentAboveNormal },
			volume: { key: 'audio_config.loudness_rate', least: 0.5, most: 2, encode: percentAboveNormal },
		},
		canRefuseStream: false,
	});

const qwen = (id: string, name: string) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: 600 },
		voice: { key: 'voice', ids: QWEN_VOICES, default: 'Cherry' },
		format: WAV_ONLY,
		options: {},
	});

const wavOrMp3 = (id: string, name: string, voices: readonly string[], defaultVoice: string) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: 500_000 },
		voice: { key: 'voice', ids: voices, default: defaultVoice },
		format: { key: 'format', values: ['wav', 'mp3'], default: 'wav' },
		options: {},
	});

const hume = (id: string, name: string) => wavOrMp3(id, name, HUME_VOICES, 'Vince Douglas');
const inworld = (id: string, name: string) => wavOrMp3(id, name, INWORLD_VOICES, 'Alex');

/** Codec, sample rate in Hz and, of the lossy ones, kbit/s. */
const ELEVENLABS_FORMATS = [
	...['mp3_22050_32', 'mp3_44100_32', 'mp3_44100_64', 'mp3_44100_96', 'mp3_44100_128', 'mp3_44100_192'],
	...['pcm_8000', 'pcm_16000', 'pcm_22050', 'pcm_24000', 'pcm_44100', 'pcm_48000', 'ulaw_8000', 'alaw_8000'],
	...['opus_48000_32', 'opus_48000_64', 'opus_48000_96', 'opus_48000_128', 'opus_48000_192'],
];

const elevenLabs = (id: string, name: string, more: SpeechModel['options'] = {}) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: null },
		voice: { key: 'voice', ids: ELEVENLABS_VOICES, default: 'Rachel' },
		format: {
			key: 'output_format',
			values: ELEVENLABS_FORMATS,
			default: null,
			aliases: {
				mp3: 'mp3_44100_128',
				opus: 'opus_48000_128',
				pcm: 'pcm_24000',
				mulaw: 'ulaw_8000',
				alaw: 'alaw_8000',
			},
		},
		options: {
			seed: { key: 'seed', isWhole: true },
			similarityBoost: { key: 'voice_settings.similarity_boost', least: 0, most: 1 },
			speakerBoost: { key: 'voice_settings.use_speaker_boost', encode: (value) => String(value) === 'true' },
			speed: { key: 'voice_settings.speed', least: 0.7, most: 1.2 },
			stability: { key: 'voice_settings.stability', least: 0, most: 1 },
			styleExaggeration: { key: 'voice_settings.style', least: 0, most: 1 },
			textNormalization: { key: 'apply_text_normalization', values: ['auto', 'on', 'off'] },
			...more,
		},
	});

const SURROUNDING_TEXT: SpeechModel['options'] = {
	nextText: { key: 'next_text' },
	previousText: { key: 'previous_text' },
};

const deepgram = (id: string, name: string, voices: readonly string[], defaultVoice: string) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: null },
		voice: { key: 'voice', ids: voices, default: defaultVoice },
		format: {
			key: 'encoding',
			values: ['linear16', 'mulaw', 'alaw', 'mp3', 'opus', 'flac', 'aac'],
			default: 'linear16',
			aliases: { wav: 'linear16' },
		},
		options: { sampleRate: { key: 'sample_rate', least: 1, isWhole: true, encode: String } },
	});

const miniMax = (id: string, name: string) =>
	speechModelOf(id, name, {
		text: { key: 'text', maxCharacters: 5000 },
		voice: { key: 'voice_setting.voice_id', ids: MINIMAX_VOICES, default: 'Wise_Woman' },
		format: { key: 'audio_setting.format', values: ['mp3', 'pcm', 'flac'], default: 'mp3' },
		options: {
			bitrate: { key: 'audio_setting.bitrate', values: [32000, 64000, 128000, 256000] },
			emotion: {
				key: 'voice_setting.emotion',
				values: ['happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'neutral'],
			},
			language: {
				key: 'language_boost',
				takes: "one of the 40 languages that MiniMax knows, e.g. 'en-US' or 'English', or 'auto'",
				encode: (value) => minimaxLanguage(String(value)),
			},
			pitch: { key: 'voice_setting.pitch', least: -12, most: 12 },
			sampleRate: { key: 'audio_setting.sample_rate', values: [8000, 16000, 22050, 24000, 32000, 44100] },
			speed: { key: 'voice_setting.speed', least: 0.5, most: 2 },
			volume: { key: 'voice_setting.vol', least: 0.01, most: 10 },
		},
	});

/** Source: the schemas in github.com/aimlapi/api-docs, August 2026. */
export const SPEECH_MODELS: readonly SpeechModel[] = [
	deepgram('deepgram/aura', 'Aura', AURA_VOICES, 'asteria'),
	deepgram('deepgram/aura-2', 'Aura 2', AURA_2_VOICES, 'thalia'),
	elevenLabs('elevenlabs/eleven_multilingual_v2', 'Eleven Multilingual v2', SURROUNDING_TEXT),
	elevenLabs('elevenlabs/eleven_turbo_v2_5', 'Eleven Turbo v2.5', SURROUNDING_TEXT),
	elevenLabs('elevenlabs/v3_alpha', 'Eleven v3 Alpha'),
	openAi('openai/gpt-4o-mini-tts', 'GPT-4o Mini TTS'),
	inworld('inworld/tts-1', 'Inworld TTS 1'),
	inworld('inworld/tts-1-max', 'Inworld TTS 1 Max'),
	inworld('inworld/tts-1-5-max', 'Inworld TTS 1.5 Max'),
	inworld('inworld/tts-1-5-mini', 'Inworld TTS 1.5 Mini'),
	maiVoice('microsoft/mai-voice-2', 'MAI Voice 2'),
	miniMax('minimax/speech-2.5-hd-preview', 'MiniMax Speech 2.5 HD Preview'),
	miniMax('minimax/speech-2.5-turbo-preview', 'MiniMax Speech 2.5 Turbo Preview'),
	miniMax('minimax/speech-2.6-hd', 'MiniMax Speech 2.6 HD'),
	miniMax('minimax/speech-2.6-turbo', 'MiniMax Speech 2.6 Turbo'),
	miniMax('minimax/speech-2.8-hd', 'MiniMax Speech 2.8 HD'),
	miniMax('minimax/speech-2.8-turbo', 'MiniMax Speech 2.8 Turbo'),
	hume('hume/octave-2', 'Octave 2'),
	qwen('alibaba/qwen3-tts-flash', 'Qwen3 TTS Flash'),
	seedAudio('bytedance/seed-audio-1-0', 'Seed Audio 1.0'),
	openAi('openai/tts-1', 'TTS-1'),
	openAi('openai/tts-1-hd', 'TTS-1 HD'),
	vibeVoice('microsoft/vibevoice-1.5b', 'VibeVoice 1.5B'),
	vibeVoice('microsoft/vibevoice-7b', 'VibeVoice 7B'),
];

/**
 * A model by its id, or by one of the older ids of Deepgram's, which name the voice as well. One that the table does not have
 * is asked for with what most models share; `additionalFields` can add the rest.
 */
export function speechModel(id: string): SpeechModel {
	return SPEECH_MODELS.find((model) => model.id === id) ?? modelWithVoice(id) ?? unknownModel(id);
}

/** Whether the table has it. */
export function isKnown(id: string): boolean {
	return SPEECH_MODELS.includes(speechModel(id)) || modelWithVoice(id) !== undefined;
}

/** `#g1_aura-asteria-en` and `#g1_aura-2-thalia-en`: replaced in June 2026 by a model and a voice, and still in the documents. */
function modelWithVoice(id: string): SpeechModel | undefined {
	const [, name, voice] = /^#g1_(aura(?:-2)?)-([a-z]+)-(?:en|es)$/.exec(id) ?? [];
	const model = SPEECH_MODELS.find((row) => row.id === `deepgram/${name}`);
	if (!model?.voice || !voice || !model.voice.ids.includes(voice)) return undefined;
	return { ...model, voice: { ...model.voice, default: voice } };
}

function unknownModel(id: string): SpeechModel {
	return {
		id,
		name: id,
		text: { key: 'text', maxCharacters: null },
		voice: { key: 'voice', ids: [] },
		format: { key: 'response_format', values: [], default: null },
		options: { speed: { key: 'speed' }, seed: { key: 'seed', isWhole: true } },
		canRefuseStream: false,
	};
}

/**
 * Providers took the name of one and the same voice from different versions of VibeVoice: a preset that a workflow brings along
 * from another provider keeps its voice.
 */
const PRESET_ALIASES: Record<string, string> = {
	'Mary [EN] (Background Music)': 'Alice [EN] (Background Music)',
};

/** The preset as this provider calls it. */
export function presetName(preset: string): string {
	return PRESET_ALIASES[preset] ?? preset;
}
