import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Piece } from '../../../shared/run/audioRequest';
import { AUDIO_FIELDS, FORGOTTEN_WITH_THE_MODEL, scriptField, voiceField } from '../../../shared/run/fields';
import { generateAudio } from '../../../shared/run/generate';
import { SPEECH_GENERATE } from '../../../shared/run/operation';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS, SPEECH_OPTIONS } from '../../../shared/run/options';
import { optionalText, requiredText } from '../../../shared/run/parameters';
import { scriptPieces, spokenText, textPieces } from '../../../shared/run/pieces';
import { speakersField } from '../../../shared/run/speakers';
import { readSpeech } from '../../contract';
import { SPEECH_MODELS, speechModel } from '../../models';
import type { SpeechModel } from '../../models';
import { formatName, speechRequest } from '../../speechRequest';
import { modelField } from '../modelField';
import { FORMAT_FIELD, forItsModels, isForSomeModels, MODEL_OPTION_FIELDS, shownFor } from './modelOptions';

const presets = SPEECH_MODELS.find((model) => model.presets)?.presets ?? [];
const firstPreset = presets[0] ?? '';

export const generate: Operation = {
	...SPEECH_GENERATE,
	properties: [
		modelField({ hint: 'What a text costs depends on the model' }),
		scriptField(),
		voiceField('e.g. coral', {
			...FORGOTTEN_WITH_THE_MODEL,
			description: "The voice to speak with. Left empty, the model's own default.",
			displayOptions: shownFor((model) => model.voice !== undefined),
		}),
		speakersField({
			presets: [
				{
					displayName: 'Preset',
					name: 'preset',
					type: 'options',
					options: presets.map((preset) => ({ name: preset, value: preset })),
					default: firstPreset,
					displayOptions: { show: { source: ['preset'] } },
					description: 'The voice to speak with',
				},
			],
			whenEmpty: 'The second one has music in the background: set the speakers to go without.',
			displayOptions: shownFor((model) => model.presets !== undefined),
		}),
		...AUDIO_FIELDS,
		options(),
	],
	execute,
};

/** Options of every model, and those that show only for the models that have them. */
function options(): INodeProperties {
	const collection = optionsField(
		[...RUN_OPTIONS, ...SPEECH_OPTIONS, 'additionalFields', 'cfgScale', 'seed', 'speed', 'style'],
		[FORMAT_FIELD, ...MODEL_OPTION_FIELDS],
	);
	const fields = collection.options as INodeProperties[];
	return {
		...collection,
		options: fields.map((field) => (isForSomeModels(field) ? forItsModels(field) : field)),
	};
}

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const model = speechModel(requiredText(item, 'model', 'Model'));
	const text = spokenText(item);
	return await generateAudio(item, {
		model: model.id,
		text,
		pieces: piecesOf(item, model, text),
		read: readSpeech,
		format: formatName(model, item.options.format),
	});
}

/** For models that publish no limit. They answer when the audio is done, so the parts of a long text are kept short. */
const USUAL_SIZE = 2_000;

function piecesOf(item: Item, model: SpeechModel, text: string): Piece[] {
	const { maxCharacters } = model.text;
	const limit = { characters: maxCharacters ?? USUAL_SIZE, isPublished: maxCharacters !== null };
	const { options } = item;
	if (model.presets) {
		return scriptPieces(item, text, model.presets, limit, ({ script, speakers }) =>
			speechRequest(model, { text: script, speakers, options }),
		);
	}
	const voice = optionalText(item, 'voice', 'Voice');
	return textPieces(item, text, limit, (part) => speechRequest(model, { text: part, voice, options }));
}
