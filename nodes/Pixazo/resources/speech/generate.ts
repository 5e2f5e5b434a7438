import type { INodeExecutionData } from 'n8n-workflow';

import { formatFromExtension } from '../../../shared/audio/format';
import type { AudioFormatName } from '../../../shared/audio/format';
import { singlePiece } from '../../../shared/run/audioRequest';
import type { Piece } from '../../../shared/run/audioRequest';
import { generateAudio } from '../../../shared/run/generate';
import { SPEECH_GENERATE } from '../../../shared/run/operation';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionalText, requiredText } from '../../../shared/run/parameters';
import { scriptPieces, spokenText, textPieces } from '../../../shared/run/pieces';
import type { Speaker } from '../../../shared/run/speakers';
import { Failure } from '../../../shared/speech/failure';
import { generateRequest, readJob, status } from '../../contract';
import { presetName, speechModel } from '../../models';
import type { SpeechModel } from '../../models';
import { bodyForPath, speechBody } from '../../speechRequest';
import { readCallbackUrl, readPath } from './addresses';
import { SPEECH_FIELDS } from './fields';
import { hintAtCollecting } from './handover';

export const generate: Operation = {
	...SPEECH_GENERATE,
	properties: SPEECH_FIELDS,
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const wanted = requiredText(item, 'model', 'Model');
	const text = spokenText(item);
	const path = readPath(wanted, item.channel.baseUrl);
	const model = path ? null : speechModel(wanted);
	const isHandedOver = optionalText(item, 'completion', 'Completion') === 'submit';
	const output = await generateAudio(item, {
		model: model?.id ?? path,
		text,
		pieces: model ? piecesForModel(item, model, text) : pieceForPath(item, path as string, text),
		read: readJob,
		status,
		isHandedOver,
		format: model ? formatOf(item, model) : undefined,
	});
	if (isHandedOver && item.job.status !== 'completed') hintAtCollecting(item);
	return output;
}

/** The format that will come, where the model lets one choose it or publishes a single one. */
function formatOf(item: Item, { optionKeys, formats }: SpeechModel): AudioFormatName | undefined {
	const chosen = optionKeys.format && item.options.format;
	const only = formats.length === 1 ? formats[0] : undefined;
	return formatFromExtension(`audio.${chosen || only}`)?.name;
}

/** What any other path takes at once is not known: it is sent everything. */
function pieceForPath(item: Item, path: string, text: string): Piece[] {
	const { additionalFields = {}, callbackUrl } = item.options;
	const body = bodyForPath(path, {
		text,
		textKey: optionalText(item, 'textKey', 'Text Key'),
		additionalFields,
	});
	return singlePiece(text, generateRequest(path, body, readCallbackUrl(callbackUrl)));
}

/** Where no limit is published: AI/ML API takes as much at once for the same VibeVoice models. */
const USUAL_SIZE = 5_000;

function piecesForModel(item: Item, model: SpeechModel, text: string): Piece[] {
	const { additionalFields = {}, callbackUrl: givenUrl, ...options } = item.options;
	const callbackUrl = readCallbackUrl(givenUrl);
	const sampleUrl = readSampleUrl(item, model, additionalFields);
	const voice = optionalText(item, 'voice', 'Voice');
	const limit = {
		characters: model.maxCharacters ?? USUAL_SIZE,
		isPublished: model.maxCharacters !== undefined,
	};
	const submit = (part: string, speakers?: Speaker[]) => {
		const asked = { text: part, voice, sampleUrl, speakers, options, additionalFields };
		return generateRequest(model.path, speechBody(model, asked), callbackUrl);
	};
	if (!model.speakers) return textPieces(item, text, limit, (part) => submit(part));
	return scriptPieces(item, text, model.speakers.presets, limit, ({ script, speakers }) =>
		submit(
			script,
			speakers.map((speaker) => knownHere(speaker, model)),
		),
	);
}

function readSampleUrl(item: Item, model: SpeechModel, additionalFields: object): string {
	const sampleUrl = optionalText(item, 'audioUrl', 'Sample URL');
	const isMissing = model.sample?.isRequired && sampleUrl === '' && !(model.sample.key in additionalFields);
	if (isMissing) throw sampleMissing(model);
	return sampleUrl;
}

/** The speaker as this model takes it. */
function knownHere(speaker: Speaker, model: SpeechModel): Speaker {
	if ('preset' in speaker) return { preset: presetName(speaker.preset) };
	if (model.speakers?.takesSamples) return speaker;
	throw new Failure(
		'invalid_input',
		`'${model.name}' cannot clone a voice from a sample. Set 'Source' of every speaker in 'Speakers' to Preset, or choose another 'Model'.`,
		{ field: 'Speakers' },
	);
}

function sampleMissing(model: SpeechModel): Failure {
	return new Failure(
		'invalid_input',
		`'${model.name}' speaks with a voice that it takes from a recording. Enter the address of one in 'Sample URL', or choose another 'Model'.`,
		{ field: 'Sample URL' },
	);
}
