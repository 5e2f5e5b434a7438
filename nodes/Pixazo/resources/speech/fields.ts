import type { INodeProperties } from 'n8n-workflow';

import { AUDIO_FIELDS, FORGOTTEN_WITH_THE_MODEL, scriptField, voiceField } from '../../../shared/run/fields';
import { optionsField, RUN_OPTIONS, SPEECH_OPTIONS } from '../../../shared/run/options';
import { speakersField } from '../../../shared/run/speakers';
import { idsOfModels, SPEECH_MODELS } from '../../models';
import type { ModelOption, SpeechModel } from '../../models';

/** What 'Model' holds when it is no ID. */
const IS_PATH = [{ _cnd: { startsWith: '/' } }, { _cnd: { startsWith: 'http' } }];

const modelField: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	default: { mode: 'list', value: 'vibevoice', cachedResultName: 'VibeVoice' },
	required: true,
	description: 'The model to speak with. A model that is not in the list is reached by its request path.',
	hint: 'What a text costs depends on the model',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. vibevoice' },
		{
			displayName: 'By Path',
			name: 'path',
			type: 'string',
			placeholder: 'e.g. /tracks/v1/generate',
			hint: "Path of the model's requests, from its page at pixazo.ai. Its parameters go into Additional Fields in Options.",
		},
	],
};

const textKeyField: INodeProperties = {
	displayName: 'Text Key',
	name: 'textKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. prompt',
	displayOptions: { show: { model: IS_PATH } },
	description:
		'Key of the request body that the text goes under. Left empty, it is text, unless Additional Fields already has one of text, prompt, script and text_prompt. Additional Fields goes over it, and nothing else is sent.',
};

const voiceOfModelField = voiceField('e.g. Rachel', {
	...FORGOTTEN_WITH_THE_MODEL,
	displayOptions: { show: { model: idsOfModels(({ voice }) => voice) } },
	description:
		'The voice to speak with. Left empty, the model uses its usual one; where it demands one, the first of the list is sent. Not every voice is in the list.',
});

const sampleField: INodeProperties = {
	displayName: 'Sample URL',
	name: 'audioUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/voice.wav',
	displayOptions: { show: { model: idsOfModels(({ sample }) => sample) } },
	description: 'Address of a recording of the voice to speak with, which the provider downloads',
};

const completionField: INodeProperties = {
	displayName: 'Completion',
	name: 'completion',
	type: 'options',
	options: [
		{
			name: 'Submit Only',
			value: 'submit',
			description: 'Put out the queued job at once; its audio is collected later, with Job: Get',
		},
		{ name: 'Wait for Audio', value: 'wait', description: 'Ask until the audio is there, and put it out' },
	],
	default: 'wait',
	description: 'What to do once Pixazo has the text',
};

const formatField: INodeProperties = {
	displayName: 'Format',
	name: 'format',
	type: 'string',
	default: '',
	placeholder: 'e.g. mp3',
	description: 'Format of the audio file. Which ones there are differs by model: Model: Get Many lists them.',
};

function presetField({ id, speakers }: SpeechModel): INodeProperties[] {
	if (!speakers) return [];
	const shared = {
		displayName: 'Preset',
		name: 'preset',
		default: speakers.presets[0] ?? '',
		displayOptions: { show: { source: ['preset'], '/model': [id] } },
		description: 'The voice to speak with',
	};
	if (speakers.takesOtherPresets)
		return [{ ...shared, type: 'string', placeholder: `e.g. ${speakers.presets[0]}` }];
	return [
		{
			...shared,
			type: 'options',
			options: speakers.presets.map((preset) => ({ name: preset, value: preset })),
		},
	];
}

/** An option is shown for the models that have it. */
const MODEL_OPTIONS: ModelOption[] = ['cfgScale', 'format', 'seed', 'speed', 'style'];

const REQUIRED_BY = 'Qwen3 TTS and TADA demand it.';

function optionsByModel(): INodeProperties {
	const everywhere = [
		...RUN_OPTIONS,
		...SPEECH_OPTIONS,
		'additionalFields',
		'callbackUrl',
		'pollInterval',
	] as const;
	const field = optionsField([...everywhere, 'cfgScale', 'seed', 'speed', 'style'], [formatField]);
	const options = (field.options as INodeProperties[]).map((option) => {
		if (option.name === 'language') return { ...option, description: `${option.description} ${REQUIRED_BY}` };
		const name = MODEL_OPTIONS.find((candidate) => candidate === option.name);
		if (!name) return option;
		return {
			...option,
			...(name === 'style' && { description: `${option.description}. Qwen3 TTS demands it.` }),
			displayOptions: { show: { '/model': idsOfModels(({ optionKeys }) => optionKeys[name]) } },
		};
	});
	return { ...field, options };
}

/** The fields of Speech: Generate, those of a model only where it is chosen. */
export const SPEECH_FIELDS: INodeProperties[] = [
	modelField,
	scriptField(),
	textKeyField,
	speakersField({
		presets: SPEECH_MODELS.flatMap(presetField),
		whenEmpty:
			'The fourth of VibeVoice has music in the background. VibeVoice Realtime has two to give: for a third speaker, set all of them.',
		displayOptions: { show: { model: idsOfModels(({ speakers }) => speakers) } },
	}),
	voiceOfModelField,
	sampleField,
	completionField,
	...AUDIO_FIELDS,
	optionsByModel(),
];
