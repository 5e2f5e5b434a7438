import { jsonBody } from '../shared/http/jsonBody';
import { Failure } from '../shared/speech/failure';
import type { ModelOption, SpeechModel } from './models';
import { SPEECH_MODELS } from './models';

/** What is asked of a model, in the words of this node; what is undefined or '' is not sent. */
export interface Asked {
	text: string;
	voice: string;
	sampleUrl: string;
	speakers?: object[];
	options: Record<string, unknown>;
	/** The user's own part of the body: goes over everything. */
	additionalFields: Record<string, unknown>;
}

/** The request body of a model of the table: each thing under the key that this model has for it, and nothing that it has no key for. @throws {Failure} `invalid_input` */
export function speechBody(model: SpeechModel, asked: Asked): object {
	refuseWithoutRequired(model, asked);
	const fields: Array<[key: string | undefined, value: unknown]> = [
		...Object.entries(model.defaults ?? {}),
		[model.textKey, asked.text],
		[model.speakers && 'speakers', asked.speakers],
		[model.voice?.key, asked.voice || (model.voice?.isRequired ? model.voice.ids[0] : undefined)],
		[model.sample?.key, asked.sampleUrl],
		...Object.entries(model.optionKeys).map(([option, key]): [string, unknown] => [
			key,
			option === 'language' ? languageFor(model, asked) : asked.options[option],
		]),
	];
	return jsonBody(
		fields.filter(([, value]) => value !== ''),
		asked.additionalFields,
	);
}

/** The key says what is missing, wherever the user puts it. */
function refuseWithoutRequired(model: SpeechModel, { additionalFields, options }: Asked): void {
	const missing = (model.requires ?? []).find(
		(option) => !options[option] && !((model.optionKeys[option] ?? '') in additionalFields),
	);
	if (missing === undefined) return;
	const title = REQUIRED_TITLES[missing] ?? missing;
	throw new Failure(
		'invalid_input',
		`'${model.name}' does not speak without a ${title.toLowerCase()}. Add '${title}' in Options, or choose another 'Model'.`,
		{ field: title },
	);
}

const REQUIRED_TITLES: Partial<Record<ModelOption, string>> = { language: 'Language', style: 'Style' };

function languageFor(model: SpeechModel, { options }: Asked): unknown {
	const { language } = options;
	if (!language || !model.languageOf) return language;
	const known = model.languageOf(String(language));
	if (known !== undefined) return known;
	throw new Failure(
		'invalid_input',
		`'Language' in Options cannot be ${JSON.stringify(language)}: '${model.name}' does not speak it. Change it, or choose another 'Model'.`,
		{ field: 'Language' },
	);
}

/** Keys under which the documented models take their text. */
const TEXT_KEYS = ['script', 'text', 'prompt', 'text_prompt'];

/**
 * The request body for any other path: the additional fields, and the text under `textKey`. Without a `textKey` the text goes under
 * the key that the table has for this path, or else `text`, unless the additional fields bring a text of their own.
 */
export function bodyForPath(
	path: string,
	asked: Pick<Asked, 'text' | 'additionalFields'> & { textKey: string },
): object {
	const { additionalFields, text, textKey } = asked;
	if (textKey) return { [textKey]: text, ...additionalFields };
	if (TEXT_KEYS.some((key) => key in additionalFields)) return additionalFields;
	const known = SPEECH_MODELS.find((model) => model.path === path)?.textKey;
	return { [known ?? 'text']: text, ...additionalFields };
}
