import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { Failure } from '../speech/failure';
import type { Item } from './operation';

/** A voice of a VibeVoice model as it goes over the wire: one of the provider's presets, or a sample to clone. */
export type Speaker = { preset: string } | { audio_url: string };

/**
 * The Speakers collection.
 *
 * @param presets the fields to choose a preset with, which differ by model
 * @param whenEmpty what else there is to know of the voices that speakers get when none are set
 */
export function speakersField({
	presets,
	whenEmpty,
	displayOptions,
}: {
	presets: INodeProperties[];
	whenEmpty: string;
	displayOptions: INodeProperties['displayOptions'];
}): INodeProperties {
	return {
		displayName: 'Speakers',
		name: 'speakers',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			multipleValueButtonText: 'Add Speaker',
			sortable: true,
			maxAllowedFields: 4,
		},
		default: {},
		placeholder: 'Add Speaker',
		displayOptions,
		description: `The voices, in the order in which the text numbers its speakers (1 to 4). Left empty, every speaker gets a voice of its own, in the order of the list. ${whenEmpty}`,
		options: [
			{
				displayName: 'Speaker',
				name: 'speaker',
				values: [
					{
						displayName: 'Source',
						name: 'source',
						type: 'options',
						options: [
							{ name: 'Preset', value: 'preset', description: "One of the provider's voices" },
							{ name: 'Sample', value: 'sample', description: 'A recording of the voice to speak with' },
						],
						default: 'preset',
						description: 'Where the voice comes from',
					},
					...presets,
					{
						displayName: 'Sample URL',
						name: 'audioUrl',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://example.com/voice.wav',
						displayOptions: { show: { source: ['sample'] } },
						description: 'Address of a recording of the voice, which the provider downloads',
					},
				],
			},
		],
	};
}

/** The voices that the user set. @throws {Failure} `invalid_input` for one without a voice */
export function readSpeakers(item: Item): Speaker[] {
	const collection = item.context.getNodeParameter('speakers', item.index, {}) as IDataObject;
	return ((collection.speaker ?? []) as IDataObject[]).map((entry, index) => {
		const isSample = entry.source === 'sample';
		const value = String((isSample ? entry.audioUrl : entry.preset) ?? '').trim();
		if (value === '') throw emptySpeaker(index + 1, isSample ? 'Sample URL' : 'Preset');
		return isSample ? { audio_url: value } : { preset: value };
	});
}

function emptySpeaker(position: number, field: string): Failure {
	return new Failure(
		'invalid_input',
		`Speaker ${position} in 'Speakers' has no '${field}'. Set it, or remove the speaker.`,
		{ field: 'Speakers' },
	);
}
