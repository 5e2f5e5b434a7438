import { NodeHelpers } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INode, INodeProperties } from 'n8n-workflow';

import { SPEECH_MODELS } from '../../../nodes/Pixazo/models';
import { Pixazo } from '../../../nodes/Pixazo/Pixazo.node';

const { description, methods } = new Pixazo();
const node = { typeVersion: 1 } as INode;

/** What the editor shows of Speech: Generate while this model is chosen: names of fields, and of options. */
function shown(model: string, mode = 'list') {
	const values = {
		resource: 'speech',
		operation: 'generate',
		model: { __rl: true, mode, value: model },
		downloadAudio: true,
		options: {},
	};
	const names = (fields: INodeProperties[], nested: boolean) =>
		fields
			.filter((field) => NodeHelpers.displayParameter(nested ? {} : values, field, node, description, values))
			.map(({ name }) => name);
	const options = description.properties.find(
		(field) =>
			field.name === 'options' && NodeHelpers.displayParameter(values, field, node, description, values),
	)!.options as INodeProperties[];
	return { fields: names(description.properties, false), options: names(options, true) };
}

describe.each(SPEECH_MODELS.map((model) => [model.id, model] as const))('For %s', (id, model) => {
	const { fields, options } = shown(id);

	test('the fields of its voice, its sample or its speakers show, and no others', () => {
		expect({
			speakers: fields.includes('speakers'),
			voice: fields.includes('voice'),
			audioUrl: fields.includes('audioUrl'),
			textKey: fields.includes('textKey'),
		}).toEqual({
			speakers: model.speakers !== undefined,
			voice: model.voice !== undefined,
			audioUrl: model.sample !== undefined,
			textKey: false,
		});
	});

	test('the options that only some models have show where they belong', () => {
		const some = ['cfgScale', 'format', 'seed', 'speed', 'style'];
		expect(options.filter((name) => some.includes(name)).sort()).toEqual(
			some.filter((name) => name in model.optionKeys),
		);
	});
});

test.each(['/tracks/v1/generate', 'https://gateway.pixazo.ai/tracks/v1/generate'])(
	'For the path %s, its text key can be said, and no voice',
	(path) => {
		const { fields } = shown(path, 'path');
		expect(fields).toContain('textKey');
		expect(fields).not.toContain('voice');
		expect(fields).not.toContain('speakers');
	},
);

test('IDs and paths of the table are there once', () => {
	for (const key of ['id', 'path', 'name'] as const)
		expect(new Set(SPEECH_MODELS.map((model) => model[key])).size).toBe(SPEECH_MODELS.length);
});

describe('drop-downs', () => {
	const on = (model: string) =>
		({ getCurrentNodeParameter: () => model }) as unknown as ILoadOptionsFunctions;
	const { searchModels, searchVoices } = methods.listSearch;

	test.each([
		['vibevoice', ['vibevoice', 'vibevoice-realtime-0-5b-135']],
		['QWEN 1.7', ['qwen-3-tts-text-to-speech-1-7b', 'qwen-3-tts-voice-design-1-7b']],
		['no such model', []],
	])('models are found by %j', async (typed, ids) => {
		const { results } = await searchModels.call(on(''), typed);
		expect(results.map(({ value }) => value)).toEqual(ids);
	});

	test('the first model is VibeVoice, and the list has all', async () => {
		const { results } = await searchModels.call(on(''));
		expect(results).toHaveLength(SPEECH_MODELS.length);
		expect(results[0]).toMatchObject({ name: 'VibeVoice', value: 'vibevoice' });
	});

	test.each([
		['xai-text-to-speech', '', ['eve', 'adam', 'lucy', 'max', 'sage']],
		['xai-text-to-speech', 'A', ['adam']],
		['tts-1', '', []],
		['unknown', '', []],
		[undefined, '', []],
	])('voices of %s, found by %j', async (model, typed, ids) => {
		const { results } = await searchVoices.call(on(model as string), typed);
		expect(results.map(({ value }) => value)).toEqual(ids);
	});
});

test('a voice does not outlast its model', () => {
	const voice = description.properties.find(({ name }) => name === 'voice')!;
	expect(voice.typeOptions?.loadOptionsDependsOn).toEqual(['model.value']);
});
