import type { INodeExecutionData } from 'n8n-workflow';

import { singlePiece } from '../../../shared/run/audioRequest';
import { AUDIO_FIELDS } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { assetStatus, generateRequest, readGenerated } from '../../contract';
import { creditsEstimator } from '../../estimate';
import { COSTS_HINT, promptField } from '../../fields';

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate music',
	description: 'Make a piece of music from its description',
	kind: 'music',
	properties: [
		promptField({
			hint: COSTS_HINT,
			placeholder: 'e.g. Calm piano, slow, in a large hall',
			description: 'What the music is like: its instruments, its mood, its pace',
		}),
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, 'fileName', 'maxCredits', 'pollInterval', 'additionalFields']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const prompt = requiredText(item, 'prompt', 'Prompt');
	const pieces = singlePiece(prompt, generateRequest('music', { prompt }, item.options.additionalFields));
	return await generateAudio(item, {
		model: null,
		text: prompt,
		pieces,
		read: readGenerated,
		status: assetStatus,
		estimateCredits: creditsEstimator('music', pieces),
	});
}
