import { jsonBody } from '../../../../nodes/shared/http/jsonBody';

test.each([
	['a key', [['text', 'Hi']], {}, { text: 'Hi' }],
	['a key with a dot leads into an object', [['voice.id', 'Ann']], {}, { voice: { id: 'Ann' } }],
	[
		'two such keys share the object',
		[
			['voice.id', 'Ann'],
			['voice.speed', 2],
		],
		{},
		{ voice: { id: 'Ann', speed: 2 } },
	],
	['what has no key is left out', [[undefined, 'Hi']], {}, {}],
	['what has no value is left out', [['text', undefined]], {}, {}],
	['additional fields go over the others', [['text', 'Hi']], { text: 'Ho' }, { text: 'Ho' }],
	['and into their objects', [['voice.id', 'Ann']], { voice: { vol: 3 } }, { voice: { id: 'Ann', vol: 3 } }],
	['a list is replaced', [['speakers', [1, 2]]], { speakers: [3] }, { speakers: [3] }],
] as Array<[string, Array<[string | undefined, unknown]>, object, object]>)(
	'%s',
	(_what, fields, additionalFields, expected) => {
		expect(jsonBody(fields, additionalFields)).toEqual(expected);
	},
);

test('the fields given stay as they are', () => {
	const voice = { id: 'Ann' };
	jsonBody([['voice', voice]], { voice: { id: 'Bob' } });
	expect(voice).toEqual({ id: 'Ann' });
});
