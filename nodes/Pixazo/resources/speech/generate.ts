import type { INodeExecutionData } from 'n8n-workflow';

import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionalText, requiredText } from '../../../shared/run/parameters';
import { readScript } from '../../../shared/run/speakers';
import type { Speaker } from '../../../shared/run/speakers';
import { Failure } from '../../../shared/speech/failure';
import { generateRequest, readJob, status } from '../../contract';
import { PRESET_ALIASES, speechModel } from '../../models';
import type { SpeechModel } from '../../models';
import { bodyForPath, speechBody } from '../../speechRequest';
import { readCallbackUrl, readPath } from './addresses';
import { SPEECH_FIELDS } from './fields';

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate speech',
	description: 'Turn a text into spoken audio',
	kind: 'speech',
	properties: SPEECH_FIELDS,
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const model = requiredText(item, 'model', 'Model');
	const text = requiredText(item, 'text', 'Text');
	const path = readPath(model, item.channel.baseUrl);
	const callbackUrl = readCallbackUrl(item.options.callbackUrl);
	const {
		path: requestPath,
		body,
		...about
	} = path ? requestForPath(item, path, text) : requestForModel(item, speechModel(model), text);
	return await generateAudio(item, {
		...about,
		text,
		submit: generateRequest(requestPath, body, callbackUrl),
		read: readJob,
		status,
		isHandedOver: optionalText(item, 'completion') === 'submit',
	});
}

interface Wanted {
	model: string;
	maxCharacters?: number;
	path: string;
	body: object;
}

function requestForPath(item: Item, path: string, text: string): Wanted {
	const { additionalFields = {} } = item.options;
	const textKey = optionalText(item, 'textKey');
	return { model: path, path, body: bodyForPath(path, { text, textKey, additionalFields }) };
}

function requestForModel(item: Item, model: SpeechModel, text: string): Wanted {
	const { additionalFields = {}, ...options } = item.options;
	const scripted = model.speakers && readScript(item, text, model.speakers.presets);
	const sampleUrl = optionalText(item, 'audioUrl');
	if (model.sample?.isRequired && sampleUrl === '' && !(model.sample.key in additionalFields))
		throw sampleMissing(model);
	const body = speechBody(model, {
		text: scripted?.script ?? text,
		voice: optionalText(item, 'voice'),
		sampleUrl,
		speakers: scripted?.speakers.map((speaker) => knownHere(speaker, model)),
		options,
		additionalFields,
	});
	return { model: model.id, maxCharacters: model.maxCharacters, path: model.path, body };
}

/** The speaker as this model takes it. */
function knownHere(speaker: Speaker, model: SpeechModel): Speaker {
	if ('preset' in speaker) return { preset: PRESET_ALIASES[speaker.preset] ?? speaker.preset };
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
