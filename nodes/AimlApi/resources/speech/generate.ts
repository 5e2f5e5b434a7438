import type { INodeExecutionData } from 'n8n-workflow';

import { AUDIO_FIELDS, textField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { optionalText, requiredText } from '../../../shared/run/parameters';
import { readScript, speakersField } from '../../../shared/run/speakers';
import { readSpeech, speechRequest } from '../../contract';
import { SPEECH_MODELS, speechModel } from '../../models';
import type { SpeechModel } from '../../models';

const withSpeakers = SPEECH_MODELS.filter((model) => model.presets !== undefined);
const presets = withSpeakers[0]?.presets ?? [];
const firstPreset = presets[0] ?? '';

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate speech',
	description: 'Turn a text into spoken audio',
	kind: 'speech',
	properties: [
		{
			displayName: 'Model',
			name: 'model',
			type: 'resourceLocator',
			default: { mode: 'list', value: 'openai/tts-1' },
			required: true,
			description: 'The model to speak with',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchModels', searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. openai/tts-1' },
			],
		},
		textField(),
		{
			displayName: 'Voice',
			name: 'voice',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			description: "The voice to speak with. Left empty, the model's own default.",
			displayOptions: { hide: { model: withSpeakers.map((model) => model.id) } },
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchVoices', searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. coral' },
			],
		},
		speakersField(
			[
				{
					displayName: 'Preset',
					name: 'preset',
					type: 'options',
					options: presets.map((preset) => ({ name: preset, value: preset })),
					default: firstPreset,
					displayOptions: { show: { source: ['preset'] } },
					description: 'The voice to speak with',
				},
			],
			{ displayOptions: { show: { model: withSpeakers.map((model) => model.id) } } },
		),
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, 'fileName', 'additionalFields', 'cfgScale', 'seed', 'speed', 'style']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const model = speechModel(requiredText(item, 'model', 'Model'));
	const text = requiredText(item, 'text', 'Text');
	return await generateAudio(item, {
		model: model.id,
		text,
		maxCharacters: model.text.maxCharacters,
		submit: speechRequest(requestBody(item, model, text)),
		read: readSpeech,
	});
}

function requestBody(item: Item, model: SpeechModel, text: string): object {
	return {
		model: model.id,
		...(model.presets ? readScript(item, text, model.presets) : { [model.text.key]: text }),
		...voiceOf(item, model),
		...optionsOf(item, model),
		...(model.canRefuseStream && { stream: false }),
		...item.options.additionalFields,
	};
}

function voiceOf(item: Item, model: SpeechModel): object {
	if (model.presets) return {};
	const voice = optionalText(item, 'voice') || model.voice?.default;
	return voice ? { [model.voice?.key ?? 'voice']: voice } : {};
}

function optionsOf(item: Item, model: SpeechModel): object {
	const { format } = item.options;
	const known = Object.entries(model.optionKeys) as Array<[keyof SpeechModel['optionKeys'], string]>;
	return Object.fromEntries([
		...known.map(([option, key]) => [key, item.options[option]]),
		...(model.format && format ? [[model.format.key, format]] : []),
	]);
}
