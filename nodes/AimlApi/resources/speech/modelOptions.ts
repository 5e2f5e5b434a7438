import type { INodeProperties } from 'n8n-workflow';

import { OPTION_TITLES, SPEECH_MODELS, speechModel } from '../../models';
import type { ModelOption, SpeechModel } from '../../models';

const UNKNOWN_MODEL = speechModel('');

/** Shown for the models that have it; for a model by ID that this node does not know, too, when most models have it. */
export function shownFor(has: (model: SpeechModel) => boolean): INodeProperties['displayOptions'] {
	const ids = (models: readonly SpeechModel[]) => models.map((model) => model.id);
	return has(UNKNOWN_MODEL)
		? { hide: { '/model': ids(SPEECH_MODELS.filter((model) => !has(model))) } }
		: { show: { '/model': ids(SPEECH_MODELS.filter(has)) } };
}

/** The language of a text matters for more than the model, so its field always shows. */
export function isForSomeModels(field: INodeProperties): boolean {
	return field.name in OPTION_TITLES && field.name !== 'language';
}

/** A field of the Options collection, for the models that have it. */
export function forItsModels(field: INodeProperties): INodeProperties {
	const displayOptions = shownFor((model) => model.options[field.name as ModelOption] !== undefined);
	return { ...field, displayOptions };
}

/** What the models take for an option, in the order of the names that it has for people. */
const choices = (option: ModelOption, nameOf: (value: string | number) => string) =>
	[...new Set(SPEECH_MODELS.flatMap((model) => model.options[option]?.values ?? []))]
		.map((value) => ({ name: nameOf(value), value }))
		.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));

const capitalised = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

type Field = Omit<INodeProperties, 'displayName' | 'name'>;

const fraction = (value: number, description: string): Field => ({
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
	default: value,
	description,
});

/** Those that only models of AI/ML API have. */
const FIELDS: Partial<Record<ModelOption, Field>> = {
	bitrate: {
		type: 'options',
		options: choices('bitrate', (bits) => `${Number(bits) / 1000} kbit/s`),
		default: 128_000,
		description: 'How much of an MP3 file is spent on a second: more is better and larger',
	},
	emotion: {
		type: 'options',
		options: choices('emotion', (emotion) => capitalised(String(emotion))),
		default: 'neutral',
		description: 'How the voice should feel',
	},
	nextText: {
		type: 'string',
		default: '',
		description: 'What is said after this text, so that the voice leads over to it',
	},
	pitch: {
		type: 'number',
		typeOptions: { minValue: -12, maxValue: 12, numberPrecision: 0 },
		default: 0,
		description: 'Lower or higher than the voice normally is',
	},
	previousText: {
		type: 'string',
		default: '',
		description: 'What was said before this text, so that the voice goes on from it',
	},
	referenceUrls: {
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/voice.wav',
		description:
			'Addresses of up to three recordings to sound like, separated by commas. The text can name them: @Audio1, @Audio2, @Audio3.',
	},
	sampleRate: {
		type: 'number',
		typeOptions: { minValue: 8_000, maxValue: 48_000, numberPrecision: 0 },
		default: 24_000,
		description: 'Samples per second of the audio, in Hz',
	},
	similarityBoost: fraction(0.75, 'How closely to keep to the original voice'),
	speakerBoost: {
		type: 'boolean',
		default: true,
		description: 'Whether to bring the speech closer to the original speaker, which takes a little longer',
	},
	stability: fraction(0.5, 'Lower is more emotional, higher more even'),
	styleExaggeration: fraction(0, "How much to exaggerate the speaker's style"),
	temperature: {
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
		default: 1,
		description: 'Lower is more predictable, higher more varied',
	},
	textNormalization: {
		type: 'options',
		options: [
			{ name: 'Automatic', value: 'auto' },
			{ name: 'Off', value: 'off' },
			{ name: 'On', value: 'on' },
		],
		default: 'auto',
		description: 'When to spell out numbers, dates and the like before they are spoken',
	},
	topP: fraction(1, 'How many of the likely sounds to choose from: lower is more predictable'),
	volume: {
		type: 'number',
		typeOptions: { minValue: 0.01, maxValue: 10, numberPrecision: 2 },
		default: 1,
		description: 'How loud to speak: 1 is normal, 2 is twice as loud',
	},
};

export const MODEL_OPTION_FIELDS: INodeProperties[] = (
	Object.entries(FIELDS) as Array<[ModelOption, Field]>
).map(([name, field]) => ({ displayName: OPTION_TITLES[name], name, ...field }));

/**
 * One field for the formats of all models: which of them a model has is checked before anything is sent. A field for each would have to be
 * told apart by a regular expression, which n8n gives so little time that a busy machine fails the workflow over it.
 */
export const FORMAT_FIELD: INodeProperties = {
	displayName: 'Format',
	name: 'format',
	type: 'options',
	options: formatNames().map((value) => ({ name: value, value })),
	default: 'mp3',
	description:
		"Format of the audio file. Left out, the model's own default. Which ones there are differs by model: Model: Get Many lists them.",
};

/** Names that several models understand first, and then each model's own. */
function formatNames(): string[] {
	const formats = SPEECH_MODELS.map(({ format }) => format);
	const common = formats.flatMap(({ aliases, values }) => [...Object.keys(aliases ?? {}), ...values]);
	return [...new Set(common)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
