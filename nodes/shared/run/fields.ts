import type { INodeProperties } from 'n8n-workflow';

/** Fields that every operation yielding audio has, in the order in which the editor shows them. */
export const AUDIO_FIELDS: INodeProperties[] = [
	{
		displayName: 'Download Audio',
		name: 'downloadAudio',
		type: 'boolean',
		default: true,
		description:
			'Whether to put out the audio as binary data. When off, only the JSON with its URL is put out. The URL is null for a long text in several parts, each of which has its own, and for a provider that sends the audio itself, which is then put out all the same.',
	},
	{
		displayName: 'Output Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		displayOptions: { show: { downloadAudio: [true] } },
		description: 'Name of the binary field that the audio is put in',
		hint: 'The name of the output binary field to put the audio in',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description:
			"Whether to return the record only. When off, the provider's own answer is added to it as providerResponse.",
	},
];

/** The text to speak. */
export function textField(about: Partial<INodeProperties> = {}): INodeProperties {
	return {
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		placeholder: 'e.g. Good morning, and welcome to the show.',
		description: 'What to say',
		...about,
	};
}

/** The text to speak, where models take it as a dialogue, too. */
export function scriptField(): INodeProperties {
	return textField({
		typeOptions: { rows: 5 },
		description:
			'What to say. For a dialogue with VibeVoice, begin each turn with "Speaker 1:", "Speaker 2:" and so on, one turn a line.',
	});
}

/** The voice, from a list that can be searched or by its ID. The default is none. */
export function voiceField(placeholder: string, about: Partial<INodeProperties> = {}): INodeProperties {
	return {
		displayName: 'Voice',
		name: 'voice',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: 'The voice to speak with',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchVoices', searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder },
		],
		...about,
	};
}

/** Has the editor empty a field when another model is chosen, as that has no use for what was in it. */
export const FORGOTTEN_WITH_THE_MODEL: Partial<INodeProperties> = {
	typeOptions: { loadOptionsDependsOn: ['model.value'] },
};
