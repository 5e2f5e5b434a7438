import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

import { numeric } from '../http/answerFields';
import { Failure } from '../speech/failure';

/** An option of a generate operation: its field in the editor, and what may be in it. */
interface Option {
	field: INodeProperties;
	schema: z.ZodTypeAny;
	/** What may be in it, as a sentence goes on after "it takes". */
	takes: string;
}

const inWords = (value: number) => value.toLocaleString('en-US');
const range = (what: string, least: number, most: number) =>
	`${what} from ${inWords(least)} ${most === Infinity ? 'on' : `to ${inWords(most)}`}`;

const number = (least: number, most = Infinity) => ({
	schema: numeric.pipe(z.number().min(least).max(most)),
	takes: range('a number', least, most),
});

const whole = (least: number, most: number) => ({
	schema: numeric.pipe(z.number().int().min(least).max(most)),
	takes: range('a whole number', least, most),
});

const text = {
	schema: z.union([z.string(), z.number(), z.boolean()]).transform(String),
	takes: 'a text',
};

/** Expressions may as well yield a name that the editor shows. */
const choice = <Value extends string>(...values: [Value, ...Value[]]) => ({
	schema: z.preprocess(
		(value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
		z.enum(values),
	),
	takes: values.join(' or '),
});

/**
 * Every option that more than one operation may have, in one place: an option has the same name, wording and limits wherever
 * it appears. What it applies to is for each operation to say, with {@link optionsField}.
 */
const OPTIONS = {
	additionalFields: {
		field: {
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'json',
			default: '{}',
			description: 'JSON object that is merged into the request body, for what this node has no field for',
		},
		schema: z.preprocess(parseJson, z.record(z.unknown())),
		takes: 'a JSON object such as {"key": "value"}',
	},
	callbackUrl: {
		field: {
			displayName: 'Callback URL',
			name: 'callbackUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.example.com/webhook/audio-ready',
			description: 'Address that the provider calls when the job has ended. It has to start with https://.',
		},
		...text,
	},
	captions: {
		field: {
			displayName: 'Captions',
			name: 'captions',
			type: 'options',
			options: [
				{ name: 'SubRip (.srt)', value: 'srt' },
				{ name: 'WebVTT (.vtt)', value: 'vtt' },
			],
			default: 'srt',
			description: 'Add a captions file beside the audio, in a binary field whose name ends in _captions',
		},
		...choice('srt', 'vtt'),
	},
	concurrency: {
		field: {
			displayName: 'Concurrency',
			name: 'concurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 1_000, numberPrecision: 0 },
			default: 5,
			description: 'How many items are worked on at the same time. Read once, from the first item.',
		},
		...whole(1, 1_000),
	},
	cfgScale: {
		field: {
			displayName: 'CFG Scale',
			name: 'cfgScale',
			type: 'number',
			typeOptions: { minValue: 0.1, maxValue: 2, numberPrecision: 2 },
			default: 1.3,
			description:
				'How closely the speech keeps to the script, from 0.1 to 2. Usually 1 to 2: higher is closer, but less natural.',
		},
		...number(0.1, 2),
	},
	fileName: {
		field: {
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. morning-news',
			description: 'Name of the audio file. The extension that fits its format is added.',
		},
		...text,
	},
	language: {
		field: {
			displayName: 'Language',
			name: 'language',
			type: 'string',
			default: '',
			placeholder: 'e.g. en-US',
			description:
				'Language of the text. Sent where the provider, or the chosen model, has a field for it; it always tells where sentences end when a long text is split.',
		},
		...text,
	},
	longText: {
		field: {
			displayName: 'Long Text',
			name: 'longText',
			type: 'options',
			options: [
				{
					name: 'Split',
					value: 'split',
					description: 'Cut it at natural places, and join the audio of the parts into one file',
				},
				{
					name: 'Refuse',
					value: 'refuse',
					description:
						'Do not send it. Where the provider publishes no limit, it is sent in one piece all the same.',
				},
			],
			default: 'split',
			description: 'What to do with a text that is longer than one request takes',
		},
		...choice('split', 'refuse'),
	},
	maxCredits: {
		field: {
			displayName: 'Max Credits',
			name: 'maxCredits',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 100,
			description: 'Refuse to generate, before anything is spent, what is estimated to cost more than this',
		},
		...number(0),
	},
	maxRetries: {
		field: {
			displayName: 'Max Retries',
			name: 'maxRetries',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 20, numberPrecision: 0 },
			default: 4,
			description:
				'How often a request is sent again after a rate limit or an outage; a job that is waited for is asked about until the time is up. Requests that may have been charged are never sent again.',
		},
		...whole(0, 20),
	},
	pause: {
		field: {
			displayName: 'Pause Between Parts (Ms)',
			name: 'pause',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 60_000, numberPrecision: 0 },
			default: 250,
			description:
				'Silence between the joined parts of a long text, in milliseconds. Between paragraphs it is twice as long; within a sentence there is none.',
		},
		...whole(0, 60_000),
	},
	pollInterval: {
		field: {
			displayName: 'Poll Interval (Seconds)',
			name: 'pollInterval',
			type: 'number',
			typeOptions: { minValue: 0.1, maxValue: 300 },
			default: 5,
			description:
				'How long to wait before asking again whether a job is done. Once jobs of the run have ended, the others are asked for around the time that those took.',
		},
		...number(0.1, 300),
	},
	seed: {
		field: {
			displayName: 'Seed',
			name: 'seed',
			type: 'number',
			typeOptions: { numberPrecision: 0 },
			default: 0,
			description: 'Same seed, same text: mostly the same audio',
		},
		schema: numeric.pipe(z.number().int()),
		takes: 'a whole number',
	},
	speed: {
		field: {
			displayName: 'Speed',
			name: 'speed',
			type: 'number',
			typeOptions: { minValue: 0.25, maxValue: 4, numberPrecision: 2 },
			default: 1,
			description: 'How fast to speak: 1 is normal, 2 is twice as fast',
		},
		...number(0.25, 4),
	},
	style: {
		field: {
			displayName: 'Style',
			name: 'style',
			type: 'string',
			default: '',
			placeholder: 'e.g. calm and warm',
			description: 'How the voice should sound',
		},
		...text,
	},
	textFormat: {
		field: {
			displayName: 'Text Format',
			name: 'textFormat',
			type: 'options',
			options: [
				{
					name: 'HTML',
					value: 'html',
					description: 'Say the text of a page, without its tags and addresses',
				},
				{ name: 'Markdown', value: 'markdown', description: 'Say the text, without its marks and addresses' },
				{ name: 'Plain', value: 'plain', description: 'Say the text as it is' },
			],
			default: 'plain',
			description: 'How the text is written',
		},
		...choice('html', 'markdown', 'plain'),
	},
	timeout: {
		field: {
			displayName: 'Timeout (Seconds)',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 86_400 },
			default: 600,
			description:
				'How long one item may take, all waiting included. Where you do not set it, a text in several parts gets 600 s for every round of them. A job that is still running then can be collected later by its ID.',
		},
		...number(1, 86_400),
	},
} satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

/** The options of one item. A key is undefined when the user did not add that option and it has no default. */
export type Options = {
	[Name in Exclude<OptionName, keyof typeof DEFAULTS>]?: z.output<(typeof OPTIONS)[Name]['schema']>;
} & { [Name in keyof typeof DEFAULTS]: number } & { format?: string };

/** What holds where the user did not add the option: the field's own default, so that adding it changes nothing. */
const DEFAULTS = {
	concurrency: OPTIONS.concurrency.field.default,
	maxRetries: OPTIONS.maxRetries.field.default,
	pause: OPTIONS.pause.field.default,
	pollInterval: OPTIONS.pollInterval.field.default,
};

/** What an item may take, in seconds: what the user set, or the usual once for every round of its requests. */
export function timeoutSeconds({ timeout, concurrency }: Options, requests = 1): number {
	const { field } = OPTIONS.timeout;
	const rounds = Math.ceil(requests / concurrency);
	return timeout ?? Math.min(field.typeOptions.maxValue, field.default * rounds);
}

/** Every Speech: Generate has these. */
export const SPEECH_OPTIONS: OptionName[] = [
	'captions',
	'fileName',
	'language',
	'longText',
	'pause',
	'textFormat',
];

/** Every operation that calls a provider has these. */
export const RUN_OPTIONS: OptionName[] = ['concurrency', 'maxRetries', 'timeout'];

/** The Options collection of an operation, alphabetical; `own` are options that only this operation has. */
export function optionsField(names: OptionName[], own: INodeProperties[] = []): INodeProperties {
	const fields = [...names.map((name) => OPTIONS[name].field as INodeProperties), ...own];
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: fields.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

/** @throws {Failure} `invalid_input` naming the option by its display name */
export function readOptions(collection: Record<string, unknown>): Options {
	const read = Object.entries(collection)
		.filter(([, value]) => value !== '' && value !== undefined && value !== null)
		.map(([name, value]) => [name, readOption(name, value)]);
	return { ...DEFAULTS, ...Object.fromEntries(read) } as Options;
}

function readOption(name: string, value: unknown): unknown {
	const option = (OPTIONS as Record<string, Option>)[name];
	if (!option) return value;
	const parsed = option.schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const { displayName } = option.field;
	throw new Failure(
		'invalid_input',
		`'${displayName}' in Options cannot be ${JSON.stringify(value)}: it takes ${option.takes}. Change it, or remove the option.`,
		{ field: displayName },
	);
}

function parseJson(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value);
	} catch {
		return value;
	}
}
