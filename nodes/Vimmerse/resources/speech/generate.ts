import type { INodeExecutionData } from 'n8n-workflow';

import { AUDIO_FIELDS, textField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import { SPEECH_GENERATE } from '../../../shared/run/operation';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS, SPEECH_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { spokenText, textPieces } from '../../../shared/run/pieces';
import type { TextLimit } from '../../../shared/run/pieces';
import { assetStatus, generateRequest, readGenerated } from '../../contract';
import { creditsEstimator } from '../../estimate';
import { COSTS_HINT, ENGINES, voiceField } from '../../fields';

export const generate: Operation = {
	...SPEECH_GENERATE,
	properties: [
		textField({ hint: COSTS_HINT }),
		voiceField(),
		{
			displayName: 'Engine',
			name: 'engine',
			type: 'options',
			options: [ENGINES.ChirpTTS, ENGINES.ElevenLabsTTS],
			default: 'ElevenLabsTTS',
			description: 'What makes the speech',
		},
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, ...SPEECH_OPTIONS, 'maxCredits', 'pollInterval', 'additionalFields']),
	],
	execute,
};

/** As the legacy routes document it; those of version 2 say nothing. */
const REQUEST_LIMIT: TextLimit = { characters: 5_000, isPublished: true };

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const text = spokenText(item);
	const engine = requiredText(item, 'engine', 'Engine');
	const voice = requiredText(item, 'voice', 'Voice');
	const { additionalFields, language = '' } = item.options;
	const pieces = textPieces(item, text, REQUEST_LIMIT, (prompt) =>
		generateRequest('speech', { prompt, voice, option: engine, language }, additionalFields),
	);
	return await generateAudio(item, {
		model: engine,
		text,
		pieces,
		read: readGenerated,
		status: assetStatus,
		estimateCredits: creditsEstimator('speech', pieces),
	});
}
