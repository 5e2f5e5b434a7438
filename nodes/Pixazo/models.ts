/** A speech model that Pixazo queues: its request path, under which key the text goes, and what else it takes. */
export interface QueuedModel {
	/** As Pixazo names it in paths and status answers. */
	id: string;
	name: string;
	/** Whole path: Pixazo's "base URLs" repeat parts of it, so nothing is joined. */
	path: string;
	presets: readonly string[];
	/** Whether names outside `presets` are taken too. */
	takesOtherPresets: boolean;
	takesSeed: boolean;
}

/** Source: pixazo.ai/models/vibevoice, and the saved documentation pages of July 2026. */
export const QUEUED_MODELS: readonly QueuedModel[] = [
	{
		id: 'vibevoice',
		name: 'VibeVoice',
		path: '/vibevoice/v1/vibevoice/generateRequest',
		presets: [
			'Alice [EN]',
			'Carter [EN]',
			'Frank [EN]',
			'Mary [EN] (Background Music)',
			'Maya [EN]',
			'Anchen [ZH] (Background Music)',
			'Bowen [ZH]',
			'Xinran [ZH]',
		],
		takesOtherPresets: false,
		takesSeed: true,
	},
	{
		id: 'vibevoice-realtime-0-5b-135',
		name: 'VibeVoice Realtime 0.5B',
		path: '/vibevoice-realtime-0-5b-135/v1/vibevoice-realtime-0-5b-request',
		// "Frank, Carter, and other Microsoft TTS voices": which others is not documented.
		presets: ['Frank [EN]', 'Carter [EN]'],
		takesOtherPresets: true,
		takesSeed: false,
	},
];
