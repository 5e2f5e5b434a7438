import type { INodeExecutionData } from 'n8n-workflow';

import { AUDIO_FIELDS, textField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { assetStatus, generateRequest, readGenerated, SERVICES } from '../../contract';
import { creditsEstimator } from '../../estimate';
import { ENGINES, voiceField } from '../../fields';

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate speech',
	description: 'Turn a text into spoken audio',
	kind: 'speech',
	properties: [
		textField(),
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
		optionsField([...RUN_OPTIONS, 'fileName', 'language', 'maxCredits', 'pollInterval', 'additionalFields']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const text = requiredText(item, 'text', 'Text');
	const engine = requiredText(item, 'engine', 'Engine');
	const voice = requiredText(item, 'voice', 'Voice');
	const body = {
		prompt: text,
		voice,
		option: engine,
		language: item.options.language ?? '',
		...item.options.additionalFields,
	};
	return await generateAudio(item, {
		model: engine,
		text,
		submit: generateRequest('speech', body),
		read: readGenerated,
		status: assetStatus,
		estimateCredits: creditsEstimator({
			app_name: SERVICES.speech.appName,
			option: engine,
			prompt: text,
			voice,
		}),
	});
}
