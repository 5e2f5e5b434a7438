import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { AUDIO_FIELDS, textField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { readScript, speakersField } from '../../../shared/run/speakers';
import { Failure } from '../../../shared/speech/failure';
import { generateRequest, readJob, status } from '../../contract';
import { QUEUED_MODELS } from '../../models';
import type { QueuedModel } from '../../models';

const presetFields = QUEUED_MODELS.map(presetField);

function presetField(model: QueuedModel): INodeProperties {
	const shared = {
		displayName: 'Preset',
		name: 'preset',
		default: model.presets[0] ?? '',
		displayOptions: { show: { source: ['preset'], '/model': [model.id] } },
		description: 'The voice to speak with',
	};
	if (model.takesOtherPresets) return { ...shared, type: 'string', placeholder: `e.g. ${model.presets[0]}` };
	return {
		...shared,
		type: 'options',
		options: model.presets.map((preset) => ({ name: preset, value: preset })),
	};
}

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
			default: { mode: 'list', value: 'vibevoice' },
			required: true,
			description: 'The model to speak with',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchModels', searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. vibevoice' },
			],
		},
		textField({
			description:
				'What to say. For a dialogue, begin each turn with "Speaker 1:", "Speaker 2:" and so on, one turn a line.',
		}),
		speakersField(presetFields),
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, 'fileName', 'additionalFields', 'cfgScale', 'pollInterval', 'seed']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const model = knownModel(requiredText(item, 'model', 'Model'));
	const text = requiredText(item, 'text', 'Text');
	const { cfgScale, seed, additionalFields } = item.options;
	const body = {
		...readScript(item, text, model.presets),
		cfg_scale: cfgScale,
		...(model.takesSeed && { seed }),
		...additionalFields,
	};
	return await generateAudio(item, {
		model: model.id,
		text,
		submit: generateRequest(model.path, body),
		read: readJob,
		status,
	});
}

function knownModel(id: string): QueuedModel {
	const model = QUEUED_MODELS.find((candidate) => candidate.id === id);
	if (model) return model;
	throw new Failure('invalid_input', `There is no model '${id}'. Choose a 'Model' from the list.`, {
		field: 'Model',
	});
}
