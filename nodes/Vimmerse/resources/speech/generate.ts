import type { INodeExecutionData } from 'n8n-workflow';

import { AUDIO_FIELDS, textField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { assetStatus, readGenerated, speechRequest } from '../../contract';

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate speech',
	description: 'Turn a text into spoken audio',
	kind: 'speech',
	properties: [
		textField(),
		{
			displayName: 'Voice',
			name: 'voice',
			type: 'resourceLocator',
			default: { mode: 'list', value: 'AutoV' },
			required: true,
			description: 'The voice to speak with. AutoV lets Vimmerse choose.',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchVoices', searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. Rachel' },
			],
		},
		{
			displayName: 'Engine',
			name: 'engine',
			type: 'options',
			options: [
				{ name: 'Chirp', value: 'ChirpTTS' },
				{ name: 'ElevenLabs', value: 'ElevenLabsTTS' },
			],
			default: 'ElevenLabsTTS',
			description: 'What makes the speech',
		},
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, 'fileName', 'language', 'pollInterval', 'additionalFields']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const text = requiredText(item, 'text', 'Text');
	const engine = requiredText(item, 'engine', 'Engine');
	const body = {
		prompt: text,
		voice: requiredText(item, 'voice', 'Voice'),
		option: engine,
		language: item.options.language ?? '',
		...item.options.additionalFields,
	};
	return await generateAudio(item, {
		model: engine,
		text,
		submit: speechRequest(body),
		read: readGenerated,
		status: assetStatus,
	});
}
