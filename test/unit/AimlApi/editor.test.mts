import { NodeHelpers } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INode, INodeProperties } from 'n8n-workflow';

import { AimlApi } from '../../../nodes/AimlApi/AimlApi.node';
import { SPEECH_MODELS } from '../../../nodes/AimlApi/models';
import { VIBEVOICE_PRESETS } from '../../../nodes/AimlApi/voices';

const { description, methods } = new AimlApi();
const speech = { resource: 'speech', operation: 'generate' };
const node = { typeVersion: 1 } as INode;

/** What the editor shows of the node while this model is chosen. */
function shown(model: string, mode = 'list') {
	const values = { ...speech, model: { __rl: true, mode, value: model }, options: {} };
	const isShown = (fields: INodeProperties[], nested: boolean) =>
		fields.filter((field) =>
			NodeHelpers.displayParameter(nested ? {} : values, field, node, description, values),
		);
	const fields = isShown(description.properties, false);
	const options = isShown(fields.find(({ name }) => name === 'options')!.options as INodeProperties[], true);
	return { fields: fields.map(({ name }) => name), options };
}

describe.each(SPEECH_MODELS.map((model) => [model.id, model] as const))('For %s', (id, model) => {
	const { fields, options } = shown(id);
	const names = options.map(({ name }) => name);

	test('the fields of its voice or its speakers show, and no others', () => {
		expect(fields.includes('voice')).toBe(model.voice !== undefined);
		expect(fields.includes('speakers')).toBe(model.presets !== undefined);
	});

	test('each option that it has shows once, and none that it has not', () => {
		const everyModelHas = ['language'];
		const some = new Set(SPEECH_MODELS.flatMap((other) => Object.keys(other.options)));
		const wanted = [...some].filter((name) => everyModelHas.includes(name) || name in model.options);
		expect(names.filter((name) => some.has(name as never)).sort()).toEqual(wanted.sort());
	});

	test('the formats that it has can be chosen', () => {
		const formats = options.filter(({ name }) => name === 'format');
		expect(formats).toHaveLength(1);
		const values = (formats[0]!.options as Array<{ value: string }>).map(({ value }) => value);
		if (model.format.key) expect(values).toEqual(expect.arrayContaining([...model.format.values]));
	});
});

test('who sets no speakers is told which of them has music in the background', () => {
	const speakers = description.properties.find(({ name }) => name === 'speakers')!;
	const withMusic = VIBEVOICE_PRESETS.slice(0, 4).map((preset) => preset.includes('Background Music'));
	expect(withMusic).toEqual([false, true, false, false]);
	expect(speakers.description).toContain('The second one has music in the background');
});

test('a voice does not outlast its model', () => {
	const voice = description.properties.find(({ name }) => name === 'voice')!;
	expect(voice.typeOptions?.loadOptionsDependsOn).toEqual(['model.value']);
});

test.each(description.properties.flatMap(conditionsOf))(
	'%s is shown or hidden without a regular expression, for which a busy n8n has no time',
	(_name, conditions) => {
		expect(conditions).not.toContain('regex');
	},
);

/** Of a field and the fields within it. */
function conditionsOf(field: INodeProperties): Array<[name: string, conditions: string]> {
	const inner = (field.options ?? []).filter(
		(option): option is INodeProperties => 'displayOptions' in option,
	);
	return [[field.displayName, JSON.stringify(field.displayOptions ?? {})], ...inner.flatMap(conditionsOf)];
}

test('For an unknown model, what most models have shows: voice, speed and seed', () => {
	const { fields, options } = shown('acme/speech-9', 'id');
	const names = options.map(({ name }) => name);
	expect(fields).toContain('voice');
	expect(fields).not.toContain('speakers');
	expect(names).toEqual(expect.arrayContaining(['speed', 'seed', 'additionalFields']));
	expect(names).not.toContain('cfgScale');
});

describe('Drop-downs', () => {
	/** An editor in which this model is chosen, and AI/ML API cannot be reached. */
	const editor = (model: unknown) =>
		({
			getCurrentNodeParameter: () => model,
			getCredentials: async () => await Promise.reject(new Error('No credential is chosen')),
		}) as unknown as ILoadOptionsFunctions;
	const { searchModels, searchVoices } = methods.listSearch;

	test('list the models even when AI/ML API cannot be reached', async () => {
		const { results } = await searchModels.call(editor(''));
		expect(results.map(({ value }) => value)).toEqual(SPEECH_MODELS.map(({ id }) => id));
	});

	test('find a model by words of its name or ID', async () => {
		const { results } = await searchModels.call(editor(''), 'hd MINIMAX 2.8');
		expect(results).toEqual([expect.objectContaining({ value: 'minimax/speech-2.8-hd' })]);
	});

	test('list the voices of the model that is chosen', async () => {
		const { results } = await searchVoices.call(editor('deepgram/aura'), 'or');
		expect(results.map(({ value }) => value)).toEqual(['orion', 'orpheus']);
	});

	test('show voices by a name for people, alphabetical, and send the ID', async () => {
		const { results } = await searchVoices.call(editor('minimax/speech-2.8-hd'), 'girl');
		expect(results.map(({ name, value }) => [name, value])).toEqual([
			['Exuberant Girl', 'Exuberant_Girl'],
			['Inspirational Girl', 'Inspirational_girl'],
			['Lively Girl', 'Lively_Girl'],
			['Lovely Girl', 'Lovely_Girl'],
			['Sweet Girl 2', 'Sweet_Girl_2'],
		]);
	});

	test.each([undefined, '', null, 'acme/speech-9', 'bytedance/seed-audio-1-0'])(
		'list no voices for %p, without an error',
		async (model) => {
			expect((await searchVoices.call(editor(model))).results).toEqual([]);
		},
	);
});
