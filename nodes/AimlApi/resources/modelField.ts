import type { INodeProperties } from 'n8n-workflow';

export function modelField(about: Partial<INodeProperties> = {}): INodeProperties {
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: 'openai/tts-1', cachedResultName: 'TTS-1' },
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
		...about,
	};
}
