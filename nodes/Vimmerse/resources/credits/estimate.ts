import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { optionalText, requiredText } from '../../../shared/run/parameters';
import { Failure } from '../../../shared/speech/failure';
import { ANY_ENGINE } from '../../contract';
import type { EstimateBody } from '../../contract';
import { readDurationSeconds } from '../../durations';
import { askEstimate } from '../../estimate';
import { durationField, ENGINES, promptField, voiceField } from '../../fields';

const shownFor = (...service: string[]) => ({ displayOptions: { show: { service } } });

function engineField(service: string, engines: Array<keyof typeof ENGINES>): INodeProperties {
	return {
		displayName: 'Engine',
		name: 'engine',
		type: 'options',
		options: engines.map((engine) => ENGINES[engine]),
		default: 'AutoA',
		description: 'What makes the audio',
		...shownFor(service),
	};
}

export const estimate: Operation = {
	name: 'Estimate',
	value: 'estimate',
	action: 'Estimate credits',
	description: 'Ask what a generation would cost, without spending anything',
	properties: [
		{
			displayName: 'Service',
			name: 'service',
			type: 'options',
			options: [
				{ name: 'Audio Upload', value: 'upload-audio' },
				{ name: 'Music', value: 'text-to-music' },
				{ name: 'Sound Effect', value: 'text-to-audio' },
				{ name: 'Speech', value: 'text-to-speech' },
			],
			default: 'text-to-speech',
			description: 'What would be made',
		},
		promptField({
			displayName: 'Text or Prompt',
			placeholder: 'e.g. Good morning, and welcome to the show.',
			description: 'What would be said, or what would be heard',
			...shownFor('text-to-speech', 'text-to-audio', 'text-to-music'),
		}),
		voiceField(shownFor('text-to-speech')),
		durationField({
			typeOptions: { minValue: 1 },
			description: 'How long the audio would last, in seconds',
			...shownFor('text-to-audio', 'upload-audio'),
		}),
		// As Speech: Generate, so that both left as they are mean the same.
		{ ...engineField('text-to-speech', ['AutoA', 'ChirpTTS', 'ElevenLabsTTS']), default: 'ElevenLabsTTS' },
		engineField('text-to-audio', ['AutoA', 'ElevenLabsSE', 'MMAudio']),
		engineField('text-to-music', ['AutoA', 'Lyria']),
		{
			displayName: 'Quantity',
			name: 'quantity',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1,
			description: 'How many would be made',
		},
		optionsField(RUN_OPTIONS),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const service = requiredText(item, 'service', 'Service');
	const { credits, breakdown } = await askEstimate(item, bodyFor(item, service));
	const provider = item.channel.service.id;
	return [{ json: { provider, service, credits, breakdown: breakdown as IDataObject } }];
}

function bodyFor(item: Item, service: string): EstimateBody {
	const base = {
		app_name: service,
		option: optionalText(item, 'engine', 'Engine') || ANY_ENGINE,
		quantity: readQuantity(item),
	};
	if (service === 'upload-audio') return { ...base, duration: readDurationSeconds(item) };
	const prompt = requiredText(item, 'prompt', 'Text or Prompt');
	if (service === 'text-to-speech') return { ...base, prompt, voice: requiredText(item, 'voice', 'Voice') };
	if (service === 'text-to-audio') return { ...base, prompt, duration: readDurationSeconds(item) };
	return { ...base, prompt };
}

function readQuantity(item: Item): number {
	const value: unknown = item.context.getNodeParameter('quantity', item.index, 1);
	if (Number.isInteger(Number(value)) && Number(value) >= 1) return Number(value);
	throw new Failure(
		'invalid_input',
		`'Quantity' cannot be ${JSON.stringify(value)}. Enter a whole number from 1 on.`,
		{ field: 'Quantity' },
	);
}
