import type { INodeProperties } from 'n8n-workflow';

import { voiceField as sharedVoiceField } from '../shared/run/fields';

/** Below what is to be said or heard. */
export const COSTS_HINT = "Costs credits. 'Max Credits' in Options sets a limit.";

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
	return sharedVoiceField('e.g. Rachel', {
		default: { mode: 'list', value: 'AutoV', cachedResultName: 'Automatic' },
		required: true,
		description:
			'The voice to speak with. Automatic lets Vimmerse choose. The others in the list belong to the ElevenLabs engine; those of Chirp are not published, and are entered by ID.',
		...about,
	});
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
