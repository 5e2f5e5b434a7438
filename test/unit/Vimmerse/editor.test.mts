import { NodeHelpers } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INode, INodeProperties } from 'n8n-workflow';

import { Vimmerse } from '../../../nodes/Vimmerse/Vimmerse.node';

const { description, methods } = new Vimmerse();
const node = { typeVersion: 1 } as INode;

function shown(values: Record<string, unknown>): INodeProperties[] {
	return description.properties.filter((field) =>
		NodeHelpers.displayParameter(values as never, field, node, description, values as never),
	);
}
const names = (fields: INodeProperties[]) => fields.map(({ name }) => name);

test.each([
	['speech', 'generate', ['text', 'voice', 'engine']],
	['soundEffect', 'generate', ['prompt', 'duration']],
	['music', 'generate', ['prompt']],
	['asset', 'get', ['assetId', 'waitForCompletion']],
])('%s: %s has the fields %j, and those of every audio', (resource, operation, own) => {
	const fields = names(shown({ resource, operation, downloadAudio: true }));

	expect(fields).toEqual([
		'resource',
		'operation',
		...own,
		'downloadAudio',
		'binaryPropertyName',
		'simplify',
		'options',
	]);
});

test.each([
	['binary', 'binaryPropertyName'],
	['url', 'audioUrl'],
])('Audio: Upload from %s has the field %s', (source, field) => {
	const fields = shown({ resource: 'audio', operation: 'upload', source }).filter(
		({ type }) => type !== 'hidden',
	);

	expect(names(fields)).toEqual(['resource', 'operation', 'source', field, 'options']);
});

test.each([
	['text-to-speech', ['prompt', 'voice', 'engine'], ['AutoA', 'ChirpTTS', 'ElevenLabsTTS']],
	['text-to-audio', ['prompt', 'duration', 'engine'], ['AutoA', 'ElevenLabsSE', 'MMAudio']],
	['text-to-music', ['prompt', 'engine'], ['AutoA', 'Lyria']],
	['upload-audio', ['duration'], undefined],
])('Credits: Estimate of %s has the fields %j and the engines %j', (service, own, engines) => {
	const fields = shown({ resource: 'credits', operation: 'estimate', service });
	const engine = fields.find(({ name }) => name === 'engine');

	expect(names(fields)).toEqual(['resource', 'operation', 'service', ...own, 'quantity', 'options']);
	expect((engine?.options as Array<{ value: string }> | undefined)?.map(({ value }) => value)).toEqual(
		engines,
	);
});

test.each([
	['', 22],
	['auto', 1],
	['char', 2],
	['nobody', 0],
])('%j finds %i voices', async (typed, count) => {
	const { results } = await methods.listSearch.searchVoices.call({} as ILoadOptionsFunctions, typed);

	expect(results).toHaveLength(count);
});
