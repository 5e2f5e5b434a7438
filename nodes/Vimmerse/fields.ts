import type { INodeProperties } from 'n8n-workflow';

/** What is to be heard, where it is not spoken. */
export function promptField(about: Partial<INodeProperties>): INodeProperties {
	return {
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		...about,
	};
}

export function durationField(about: Partial<INodeProperties> = {}): INodeProperties {
	return {
		displayName: 'Duration (Seconds)',
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 30 },
		default: 5,
		description: 'How long the sound lasts, in seconds',
		...about,
	};
}

export function voiceField(about: Partial<INodeProperties> = {}): INodeProperties {
	return {
		displayName: 'Voice',
		name: 'voice',
		type: 'resourceLocator',
		default: { mode: 'list', value: 'AutoV', cachedResultName: 'Automatic' },
		required: true,
		description: 'The voice to speak with. Automatic lets Vimmerse choose.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchVoices', searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. Rachel' },
		],
		...about,
	};
}

/** Names of what makes the audio, by the value that Vimmerse has for it. */
export const ENGINES = {
	AutoA: { name: 'Automatic', value: 'AutoA', description: 'Vimmerse chooses' },
	ChirpTTS: { name: 'Chirp', value: 'ChirpTTS' },
	ElevenLabsSE: { name: 'ElevenLabs', value: 'ElevenLabsSE' },
	ElevenLabsTTS: { name: 'ElevenLabs', value: 'ElevenLabsTTS' },
	Lyria: { name: 'Lyria', value: 'Lyria' },
	MMAudio: { name: 'MMAudio', value: 'MMAudio' },
};
