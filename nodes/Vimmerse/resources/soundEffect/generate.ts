import type { INodeExecutionData } from 'n8n-workflow';

import { singlePiece } from '../../../shared/run/audioRequest';
import { AUDIO_FIELDS } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { assetStatus, generateRequest, readGenerated } from '../../contract';
import { readDurationSeconds } from '../../durations';
import { creditsEstimator } from '../../estimate';
import { COSTS_HINT, durationField, promptField } from '../../fields';

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate sound effect',
	description: 'Make a sound from its description',
	kind: 'soundEffect',
	properties: [
		promptField({
			hint: COSTS_HINT,
			placeholder: 'e.g. Rain on a tin roof, distant thunder',
			description: 'What is to be heard',
		}),
		durationField(),
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, 'fileName', 'maxCredits', 'pollInterval', 'additionalFields']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const prompt = requiredText(item, 'prompt', 'Prompt');
	const duration = readDurationSeconds(item);
	const pieces = singlePiece(
		prompt,
		generateRequest('soundEffect', { prompt, duration }, item.options.additionalFields),
	);
	return await generateAudio(item, {
		model: null,
		text: prompt,
		pieces,
		read: readGenerated,
		status: assetStatus,
		estimateCredits: creditsEstimator('soundEffect', pieces),
	});
}
