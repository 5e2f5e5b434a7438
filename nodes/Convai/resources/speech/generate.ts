import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { AUDIO_FIELDS, textField, voiceField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import { SPEECH_GENERATE } from '../../../shared/run/operation';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS, SPEECH_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { spokenText, textPieces } from '../../../shared/run/pieces';
import type { TextLimit } from '../../../shared/run/pieces';
import { Failure } from '../../../shared/speech/failure';
import { readSpeech, speechRequest } from '../../contract';
import type { SpeechRequest } from '../../contract';

/** No limit is published; the answer is synchronous, so the parts of a long text are kept short. */
const REQUEST_SIZE: TextLimit = { characters: 2_000, isPublished: false };

const format: INodeProperties = {
	displayName: 'Format',
	name: 'format',
	type: 'options',
	options: [
		{ name: 'MP3', value: 'mp3', description: 'Smaller, but not every voice has it' },
		{ name: 'WAV', value: 'wav' },
	],
	default: 'wav',
	description: 'Format of the audio file',
};

export const generate: Operation = {
	...SPEECH_GENERATE,
	properties: [
		{
			displayName: "Text to speech needs Convai's Enterprise plan.",
			name: 'planNotice',
			type: 'notice',
			default: '',
		},
		textField(),
		voiceField('e.g. WUMale 1', {
			required: true,
			description: 'The voice to speak with. Realtime voices cannot be used.',
		}),
		...AUDIO_FIELDS,
		optionsField([...RUN_OPTIONS, ...SPEECH_OPTIONS, 'additionalFields'], [format]),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const text = spokenText(item);
	const voice = requiredText(item, 'voice', 'Voice');
	const encoding = readFormat(item.options.format);
	return await generateAudio(item, {
		model: null,
		text,
		pieces: textPieces(item, text, REQUEST_SIZE, (transcript) =>
			speechRequest({ transcript, voice, encoding }, item.options.additionalFields),
		),
		read: readSpeech,
		format: encoding,
	});
}

/** @throws {Failure} `invalid_input` for any other format than Convai makes */
function readFormat(wanted = 'wav'): SpeechRequest['encoding'] {
	const format = String(wanted).trim().toLowerCase();
	if (format === 'wav' || format === 'mp3') return format;
	throw new Failure(
		'invalid_input',
		`'Format' in Options cannot be ${JSON.stringify(wanted)}: Convai makes WAV and MP3. Choose one of them.`,
		{ field: 'Format' },
	);
}
