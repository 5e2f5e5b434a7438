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

const choices = (option: ModelOption) =>
	[...new Set(SPEECH_MODELS.flatMap((model) => model.options[option]?.values ?? []))].map((value) => ({
		name: String(value),
		value,
	}));

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
		options: choices('bitrate'),
		default: 128_000,
		description: 'Bits per second of an MP3 file: more is better and larger',
	},
	emotion: {
		type: 'options',
		options: choices('emotion'),
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
		description: 'Whether numbers, dates and the like are spelled out before they are spoken',
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

/** Hides a field from all models but these, and from expressions: a condition to show it would always hold for those. */
function onlyFor(ids: readonly string[]): INodeProperties['displayOptions'] {
	const literally = ids.map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return { hide: { '/model': [{ _cnd: { regex: `^(?!(${literally.join('|')})$)` } }] } };
}

/** One field for each set of formats that models have; and one to type in, for a model by ID or expression. */
export const FORMAT_FIELDS: INodeProperties[] = [
	...modelsByFormats().map(
		({ format, ids }): INodeProperties => ({
			displayName: 'Format',
			name: 'format',
			type: 'options',
			options: format.values.map((value) => ({ name: value, value })),
			default: initialFormat(format),
			description: 'Format of the audio file',
			displayOptions: onlyFor(ids),
		}),
	),
	{
		displayName: 'Format',
		name: 'format',
		type: 'string',
		default: '',
		placeholder: 'e.g. mp3',
		description: 'Format of the audio file, as the model calls it',
		displayOptions: { hide: { '/model': SPEECH_MODELS.map((model) => model.id) } },
	},
];

function modelsByFormats(): Array<{ format: SpeechModel['format']; ids: string[] }> {
	const groups = new Map<string, { format: SpeechModel['format']; ids: string[] }>();
	for (const { format, id } of SPEECH_MODELS) {
		if (format.key === undefined) continue;
		const set = format.values.join();
		const { ids } = groups.get(set) ?? { ids: [] };
		groups.set(set, { format, ids: [...ids, id] });
	}
	return [...groups.values()];
}

/** The model's default, so that adding the field changes nothing; of a model that publishes none, an MP3. */
function initialFormat({ aliases, default: byDefault }: SpeechModel['format']): string {
	return byDefault ?? aliases?.mp3 ?? '';
}
