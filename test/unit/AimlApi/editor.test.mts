import { NodeHelpers } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INode, INodeProperties } from 'n8n-workflow';

import { AimlApi } from '../../../nodes/AimlApi/AimlApi.node';
import { SPEECH_MODELS } from '../../../nodes/AimlApi/models';

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

	test('its own formats can be chosen, its default first', () => {
		const formats = options.filter(({ name }) => name === 'format');
		expect(formats).toHaveLength(model.format.key ? 1 : 0);
		for (const field of formats) {
			const values = (field.options as Array<{ value: string }>).map(({ value }) => value);
			expect(values).toEqual(model.format.values);
			expect(values).toContain(field.default);
			if (model.format.default) expect(field.default).toBe(model.format.default);
		}
	});
});

test.each([
	['an unknown model by ID', 'acme/speech-9', 'id'],
	['a model from an expression', '={{ $json.model }}', 'id'],
])('For %s, the format is a text to enter', (_what, model, mode) => {
	const formats = shown(model, mode).options.filter(({ name }) => name === 'format');
	expect(formats.map(({ type }) => type)).toEqual(['string']);
});

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

	test.each([undefined, '', null, 'acme/speech-9', 'bytedance/seed-audio-1-0'])(
		'list no voices for %p, without an error',
		async (model) => {
			expect((await searchVoices.call(editor(model))).results).toEqual([]);
		},
	);
});
