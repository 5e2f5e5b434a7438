import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { AUDIO_FIELDS, textField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { optionalText, requiredText } from '../../../shared/run/parameters';
import { readScript, speakersField } from '../../../shared/run/speakers';
import { readSpeech } from '../../contract';
import { OPTION_TITLES, SPEECH_MODELS, speechModel } from '../../models';
import type { SpeechModel } from '../../models';
import { speechRequest } from '../../speechRequest';
import type { SpeechOrder } from '../../speechRequest';
import { modelField } from '../modelField';
import { FORMAT_FIELDS, forItsModels, MODEL_OPTION_FIELDS, shownFor } from './modelOptions';

const presets = SPEECH_MODELS.find((model) => model.presets)?.presets ?? [];
const firstPreset = presets[0] ?? '';

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate speech',
	description: 'Turn a text into spoken audio',
	kind: 'speech',
	properties: [
		modelField(),
		textField(),
		{
			displayName: 'Voice',
			name: 'voice',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			description: "The voice to speak with. Left empty, the model's own default.",
			displayOptions: shownFor((model) => model.voice !== undefined),
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
			{ displayOptions: shownFor((model) => model.presets !== undefined) },
		),
		...AUDIO_FIELDS,
		options(),
	],
	execute,
};

/** Options of every model, and those that show only for the models that have them. */
function options(): INodeProperties {
	const collection = optionsField(
		[...RUN_OPTIONS, 'additionalFields', 'fileName', 'cfgScale', 'language', 'seed', 'speed', 'style'],
		[...FORMAT_FIELDS, ...MODEL_OPTION_FIELDS],
	);
	const fields = collection.options as INodeProperties[];
	return {
		...collection,
		options: fields.map((field) => (field.name in OPTION_TITLES ? forItsModels(field) : field)),
	};
}

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const model = speechModel(requiredText(item, 'model', 'Model'));
	const text = requiredText(item, 'text', 'Text');
	return await generateAudio(item, {
		model: model.id,
		text,
		maxCharacters: model.text.maxCharacters,
		submit: speechRequest(model, { ...spoken(item, model, text), options: item.options }),
		read: readSpeech,
	});
}

function spoken(item: Item, model: SpeechModel, text: string): Omit<SpeechOrder, 'options'> {
	if (!model.presets) return { text, voice: optionalText(item, 'voice') };
	const { script, speakers } = readScript(item, text, model.presets);
	return { text: script, speakers };
}
