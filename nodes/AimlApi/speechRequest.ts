import type { AudioFormatName } from '../shared/audio/format';
import { jsonBody } from '../shared/http/jsonBody';
import type { HttpRequest } from '../shared/http/service';
import type { Speaker } from '../shared/run/speakers';
import { Failure } from '../shared/speech/failure';
import { OPTION_TITLES, presetName } from './models';
import type { ModelOption, OptionRule, SpeechModel } from './models';

/** What is asked of a model, before it is put under the keys that the model has for it. */
export interface SpeechOrder {
	/** Of a model with speakers, a script for which `speakers` are the voices. */
	text: string;
	speakers?: Speaker[];
	/** Empty: the model's default. */
	voice?: string;
	/** As the user set them; those that the model does not have are left out, as the editor hides them. */
	options: Readonly<Record<string, unknown>>;
}

/** @throws {Failure} `invalid_input` for a format or an option's value that the model does not take, naming what it takes */
export function speechRequest(model: SpeechModel, order: SpeechOrder): HttpRequest {
	const { additionalFields, format, ...options } = order.options;
	const rules = Object.entries(model.options) as Array<[ModelOption, OptionRule]>;
	const fields: Array<[key: string | undefined, value: unknown]> = [
		['model', model.id],
		[model.text.key, order.text],
		['speakers', order.speakers?.map(asNamedHere)],
		[model.voice?.key, order.voice || model.voice?.default],
		[model.format.key, formatOf(model, format)],
		...rules.map(([name, rule]): [string, unknown] => [rule.key, optionOf(model, name, rule, options[name])]),
		['stream', model.canRefuseStream ? false : undefined],
	];
	return {
		method: 'POST',
		path: '/v1/tts',
		body: jsonBody(fields, additionalFields as object | undefined),
		spends: true,
		expects: formatName(model, format),
	};
}

/** What the model will make of the format that is wanted; undefined: not known. */
export function formatName(model: SpeechModel, wanted: unknown): AudioFormatName | undefined {
	const value = formatOf(model, wanted) ?? model.format.default ?? model.format.aliases?.mp3;
	const [codec = ''] = (value ?? '').split('_');
	return FORMAT_NAMES[codec];
}

/** By the first word of a model's own name for a format. */
const FORMAT_NAMES: Record<string, AudioFormatName> = {
	...{ aac: 'aac', alaw: 'alaw', flac: 'flac', linear16: 'wav', mp3: 'mp3', mulaw: 'mulaw' },
	...{ ogg: 'opus', opus: 'opus', pcm: 'pcm', ulaw: 'mulaw', wav: 'wav' },
};

function asNamedHere(speaker: Speaker): Speaker {
	return 'preset' in speaker ? { preset: presetName(speaker.preset) } : speaker;
}

function formatOf(model: SpeechModel, wanted: unknown): string | undefined {
	if (wanted === undefined) return undefined;
	const { aliases, key, values } = model.format;
	const value = aliases?.[String(wanted)] ?? String(wanted);
	const isUnlisted = key !== undefined && values.length === 0;
	if (isUnlisted || values.includes(value)) return value;
	throw notTaken('Format', wanted, `${model.name} makes ${inWords(values)}`);
}

function optionOf(model: SpeechModel, name: ModelOption, rule: OptionRule, wanted: unknown): unknown {
	if (wanted === undefined) return undefined;
	const fitting = fit(rule, wanted);
	const value = fitting !== undefined && rule.encode ? rule.encode(fitting) : fitting;
	if (value !== undefined) return value;
	throw notTaken(OPTION_TITLES[name], wanted, `${model.name} takes ${limitsInWords(rule)}`);
}

/** The value as the rule wants it, or undefined when it breaks the rule. Expressions yield numbers as text. */
function fit(rule: OptionRule, wanted: unknown): unknown {
	if (rule.values) return rule.values.find((value) => String(value) === String(wanted));
	if (rule.least === undefined && rule.most === undefined && !rule.isWhole) return wanted;
	const number = Number(wanted);
	const { least = -Infinity, most = Infinity } = rule;
	const isTaken = number >= least && number <= most && (!rule.isWhole || Number.isInteger(number));
	return isTaken ? number : undefined;
}

function limitsInWords({ isWhole, least, most, takes, values }: OptionRule): string {
	if (takes) return takes;
	if (values) return inWords(values);
	const numbers = isWhole ? 'whole numbers' : 'numbers';
	if (most === undefined) return least === undefined ? numbers : `${numbers} from ${least}`;
	return `${numbers} from ${least} to ${most}`;
}

function inWords(values: ReadonlyArray<string | number>): string {
	return values.length < 2
		? `${values.join('')} only`
		: `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}

function notTaken(title: string, wanted: unknown, what: string): Failure {
	return new Failure(
		'invalid_input',
		`'${title}' in Options cannot be ${JSON.stringify(wanted)}: ${what}. Change it, or choose another 'Model'.`,
		{ field: title },
	);
}
