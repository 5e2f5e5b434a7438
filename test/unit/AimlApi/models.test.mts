import { isKnown, presetName, SPEECH_MODELS, speechModel } from '../../../nodes/AimlApi/models';
import type { ModelOption, OptionRule, SpeechModel } from '../../../nodes/AimlApi/models';
import { formatName, speechRequest } from '../../../nodes/AimlApi/speechRequest';
import { complaint, parameterAt, PUBLISHED_MODELS, published } from './schema.mts';

type Body = Record<string, any>;
const TEXT = 'Speaker 0: Good morning.';
const bodyFor = (model: SpeechModel, options: Record<string, unknown> = {}, voice = '') =>
	speechRequest(model, {
		text: TEXT,
		voice,
		speakers: model.presets && [{ preset: 'Carter [EN]' }],
		options,
	}).body as Body;
const at = (body: Body, path: string) => path.split('.').reduce((value, name) => value?.[name], body);
const rulesOf = (model: SpeechModel) => Object.entries(model.options) as Array<[ModelOption, OptionRule]>;
const refusalOf = (call: () => unknown) => {
	try {
		call();
	} catch (thrown) {
		return thrown;
	}
	return undefined;
};

test('The table has the models that are published', () => {
	expect(SPEECH_MODELS.map(({ id }) => id).sort()).toEqual(PUBLISHED_MODELS.map(({ model }) => model).sort());
});

describe.each(SPEECH_MODELS.map((model) => [model.id, model] as const))('%s', (id, model) => {
	const schema = published(id);

	test('has the text key and the limit of its schema', () => {
		expect(model.text.key).toBe(schema.textField);
		expect(model.text.maxCharacters).toBe(parameterAt(schema, model.text.key)?.maxLength ?? null);
	});

	test('has the voices and the default voice of its schema', () => {
		const parameter = parameterAt(schema, model.voice?.key ?? 'voice');
		const ids = parameter?.enum ?? parameter?.anyOf?.[0]?.enum;
		expect(model.voice?.ids).toEqual(ids);
		expect(model.voice?.default).toBe(parameter?.default);
		expect(model.presets).toEqual(parameterAt(schema, 'speakers')?.items?.properties?.preset?.enum);
	});

	test('has the formats and the default format of its schema', () => {
		const { key, values, default: byDefault } = model.format;
		const keys = ['response_format', 'format', 'encoding', 'output_format'];
		const parameter = key ? parameterAt(schema, key) : undefined;
		if (!key) expect(keys.filter((name) => parameterAt(schema, name))).toEqual([]);
		else expect([values, byDefault]).toEqual([parameter?.enum, parameter?.default ?? null]);
	});

	test('takes the smallest request', () => {
		const body = bodyFor(model);
		expect(complaint(id, body)).toBeUndefined();
		expect(body).toMatchObject({ model: id, [schema.textField]: TEXT });
	});

	test('E.3: is asked not to stream wherever its schema has a word for it', () => {
		expect(bodyFor(model).stream).toBe(parameterAt(schema, 'stream') ? false : undefined);
	});

	test('takes every voice under its own key', () => {
		for (const voice of model.voice?.ids ?? []) {
			const body = bodyFor(model, {}, voice);
			expect(complaint(id, body)).toBeUndefined();
			expect(at(body, model.voice!.key)).toBe(voice);
		}
	});

	test('sends a voice that is not in its list as it is', () => {
		const body = bodyFor(model, {}, 'a-voice-of-tomorrow');
		if (model.voice) expect(at(body, model.voice.key)).toBe('a-voice-of-tomorrow');
		else expect(JSON.stringify(body)).not.toContain('a-voice-of-tomorrow');
	});

	test('takes every format under its own key, and says which file it makes', () => {
		const wanted = model.format.key
			? [...model.format.values, ...Object.keys(model.format.aliases ?? {})]
			: [];
		for (const format of wanted) {
			const body = bodyFor(model, { format });
			expect(complaint(id, body)).toBeUndefined();
			expect(at(body, model.format.key!)).toBe(model.format.aliases?.[format] ?? format);
			expect(formatName(model, format)).toBeDefined();
		}
	});

	test('refuses a format that it has not, naming those that it has', () => {
		const refusal = refusalOf(() => bodyFor(model, { format: 'aiff' }));
		expect(refusal).toMatchObject({ code: 'invalid_input', field: 'Format' });
		for (const format of model.format.values) expect((refusal as Error).message).toContain(format);
	});

	const fittingRows = rulesOf(model).flatMap(([name, rule]) =>
		fitting(name, rule).map((value) => [name, value, rule] as const),
	);
	for (const [name, value, rule] of fittingRows) {
		test(`takes ${name} ${JSON.stringify(value)} as its schema wants it`, () => {
			const body = bodyFor(model, { [name]: value });
			expect(complaint(id, body)).toBeUndefined();
			expect(at(body, rule.key)).toBeDefined();
		});
	}

	test('takes all its options together', () => {
		const options = Object.fromEntries(rulesOf(model).map(([name, rule]) => [name, fitting(name, rule)[0]]));
		const body = bodyFor(model, { ...options, format: model.format.values[0] }, model.voice?.ids[1]);
		expect(complaint(id, body)).toBeUndefined();
	});

	const unfittingRows = rulesOf(model).flatMap(([name, rule]) =>
		unfitting(name, rule).map((value) => [name, value] as const),
	);
	for (const [name, value] of unfittingRows) {
		test(`refuses ${name} ${JSON.stringify(value)} before anything is sent`, () => {
			const refusal = refusalOf(() => bodyFor(model, { [name]: value })) as Error;
			expect(refusal).toMatchObject({ code: 'invalid_input' });
			expect(refusal.message).toMatch(
				/^'.+' in Options cannot be .+: .+ takes .+\. Change it, or choose another 'Model'\.$/,
			);
		});
	}

	test("leaves out options that are other models'", () => {
		const others = Object.fromEntries(
			SPEECH_MODELS.flatMap(rulesOf)
				.filter(([name]) => !(name in model.options))
				.map(([name, rule]) => [name, fitting(name, rule)[0]]),
		);
		expect(bodyFor(model, others)).toEqual(bodyFor(model));
	});
});

/** Values at and between the limits of a rule. */
function fitting(name: ModelOption, { least, most, values }: OptionRule): readonly unknown[] {
	const samples: Partial<Record<ModelOption, unknown[]>> = {
		language: ['de-AT', 'English', 'zh', 'yue-HK', 'auto', 'NB'],
		referenceUrls: ['https://example.com/a.wav', 'https://example.com/a.wav, https://example.com/b.mp3'],
		sampleRate: values ? undefined : [24000, '48000'],
		seed: [0, '42', -1],
		speakerBoost: [true, false],
	};
	return samples[name] ?? values ?? (least === undefined ? ['calm and warm'] : [least, most, String(most)]);
}

function unfitting(name: ModelOption, { least, most, values }: OptionRule): unknown[] {
	const samples: Partial<Record<ModelOption, unknown[]>> = {
		language: ['tlh', 'Klingon'],
		referenceUrls: [
			'my-voice.wav',
			'https://a.example https://b.example https://c.example https://d.example',
		],
		sampleRate: values ? [12345] : ['high', 0.5],
		seed: [1.5, 'lucky'],
	};
	if (samples[name]) return samples[name];
	if (values) return ['other'];
	return least === undefined || most === undefined ? [] : [least - 1, most + 1, 'much'];
}

describe('Values that a model wants otherwise', () => {
	test.each([
		['bytedance/seed-audio-1-0', { speed: 2 }, { audio_config: { speech_rate: 100 } }],
		['bytedance/seed-audio-1-0', { speed: 0.5 }, { audio_config: { speech_rate: -50 } }],
		['bytedance/seed-audio-1-0', { volume: 1 }, { audio_config: { loudness_rate: 0 } }],
		['deepgram/aura-2', { sampleRate: 16000 }, { sample_rate: '16000' }],
		['minimax/speech-2.8-hd', { language: 'yue-HK' }, { language_boost: 'Chinese,Yue' }],
		['minimax/speech-2.8-hd', { language: 'de-AT' }, { language_boost: 'German' }],
		['elevenlabs/v3_alpha', { format: 'mp3' }, { output_format: 'mp3_44100_128' }],
		['deepgram/aura', { format: 'wav' }, { encoding: 'linear16' }],
	])('%s: %j is sent as %j', (id, options, sent) => {
		expect(bodyFor(speechModel(id), options)).toMatchObject(sent);
	});

	test('MiniMax knows every language that its schema names', () => {
		const names = parameterAt(published('minimax/speech-2.8-hd'), 'language_boost')!.enum as string[];
		for (const name of names)
			expect(bodyFor(speechModel('minimax/speech-2.8-hd'), { language: name }).language_boost).toBe(name);
	});
});

describe('Additional fields', () => {
	test('join the objects that are there already', () => {
		const additionalFields = { voice_setting: { vol: 2 }, subtitle_enable: true };
		const body = bodyFor(speechModel('minimax/speech-2.8-hd'), { additionalFields }, 'Abbess');
		expect(body).toMatchObject({ voice_setting: { voice_id: 'Abbess', vol: 2 }, subtitle_enable: true });
		expect(complaint('minimax/speech-2.8-hd', body)).toBeUndefined();
	});

	test('go before the fields of the node', () => {
		const body = bodyFor(speechModel('openai/tts-1'), { speed: 2, additionalFields: { speed: 3 } });
		expect(body.speed).toBe(3);
	});

	test('replace lists as a whole', () => {
		const additionalFields = { speakers: [{ preset: 'Maya [EN]' }] };
		expect(bodyFor(speechModel('microsoft/vibevoice-7b'), { additionalFields }).speakers).toEqual(
			additionalFields.speakers,
		);
	});
});

describe('Older ids', () => {
	const aliases = PUBLISHED_MODELS.flatMap(({ model, aliases: ids }) =>
		ids.map((id) => [id, model] as const),
	);
	test('are there', () => expect(aliases.length).toBe(56));
	test.each(aliases)('%s is %s with the voice that it names', (alias, model) => {
		const body = bodyFor(speechModel(alias));
		expect(body.model).toBe(model);
		expect(alias).toContain(`-${body.voice}-`);
		expect(complaint(model, body)).toBeUndefined();
	});
	test('give way to a voice that is chosen', () => {
		expect(bodyFor(speechModel('#g1_aura-2-zeus-en'), {}, 'luna').voice).toBe('luna');
	});
	test('of a voice that does not exist are unknown models', () => {
		expect(isKnown('#g1_aura-2-nobody-en')).toBe(false);
		expect(bodyFor(speechModel('#g1_aura-2-nobody-en')).model).toBe('#g1_aura-2-nobody-en');
	});
});

describe('A model that the table does not have', () => {
	const model = speechModel('acme/speech-9');
	test('is sent the text and nothing that was not asked for', () => {
		expect(bodyFor(model)).toEqual({ model: 'acme/speech-9', text: TEXT });
	});
	test('is sent what was asked for under the usual names', () => {
		const options = { format: 'mp3', speed: 1.5, seed: 7, additionalFields: { mood: 'calm' } };
		expect(bodyFor(model, options, 'Nova')).toEqual({
			model: 'acme/speech-9',
			text: TEXT,
			voice: 'Nova',
			response_format: 'mp3',
			speed: 1.5,
			seed: 7,
			mood: 'calm',
		});
	});
});

test('E.13: openai/tts-1 is sent `text`, VibeVoice `script`, by the same endpoint', () => {
	const [openAi, vibeVoice] = ['openai/tts-1', 'microsoft/vibevoice-7b'].map((id) =>
		speechRequest(speechModel(id), { text: TEXT, options: {} }),
	);
	expect([openAi!.path, vibeVoice!.path]).toEqual(['/v1/tts', '/v1/tts']);
	expect(Object.keys(openAi!.body!)).toContain('text');
	expect(Object.keys(openAi!.body!)).not.toContain('script');
	expect(Object.keys(vibeVoice!.body!)).toContain('script');
	expect(Object.keys(vibeVoice!.body!)).not.toContain('text');
});

test('mai-voice-2 is sent `text`, although it is by Microsoft as VibeVoice is', () => {
	expect(bodyFor(speechModel('microsoft/mai-voice-2'))).toMatchObject({ text: TEXT });
});

test('E.8: a CFG scale of 0.1 to 2 is taken, the published range', () => {
	const model = speechModel('microsoft/vibevoice-7b');
	expect([0.1, 1.3, 2].map((cfgScale) => bodyFor(model, { cfgScale }).cfg_scale)).toEqual([0.1, 1.3, 2]);
	expect(() => bodyFor(model, { cfgScale: 2.1 })).toThrow('numbers from 0.1 to 2');
});

test('E.22: the preset that others call Mary is Alice here', () => {
	expect(presetName('Mary [EN] (Background Music)')).toBe('Alice [EN] (Background Music)');
	const body = speechRequest(speechModel('microsoft/vibevoice-7b'), {
		text: TEXT,
		speakers: [{ preset: 'Mary [EN] (Background Music)' }],
		options: {},
	}).body as Body;
	expect(body.speakers).toEqual([{ preset: 'Alice [EN] (Background Music)' }]);
	expect(complaint('microsoft/vibevoice-7b', body)).toBeUndefined();
});
