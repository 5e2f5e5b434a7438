import { jsonBody } from '../shared/http/jsonBody';
import type { SpeechModel } from './models';
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

/** The request body of a model of the table: each thing under the key that this model has for it, and nothing that it has no key for. */
export function speechBody(model: SpeechModel, asked: Asked): object {
	const fields: Array<[key: string | undefined, value: unknown]> = [
		...Object.entries(model.defaults ?? {}),
		[model.textKey, asked.text],
		[model.speakers && 'speakers', asked.speakers],
		[model.voice?.key, asked.voice || model.voice?.fallback],
		[model.sample?.key, asked.sampleUrl],
		...Object.entries(model.optionKeys).map(([option, key]): [string, unknown] => [
			key,
			asked.options[option],
		]),
	];
	return jsonBody(
		fields.filter(([, value]) => value !== ''),
		asked.additionalFields,
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
