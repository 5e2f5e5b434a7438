import type { Item } from '../../../../nodes/shared/run/operation';
import { optionalText, requiredText } from '../../../../nodes/shared/run/parameters';

const itemWith = (value: unknown) =>
	({ index: 0, context: { getNodeParameter: () => value } }) as unknown as Item;

test.each([
	['  Hello ', 'Hello'],
	[7, '7'],
	[null, ''],
	[{ __rl: true, mode: 'list', value: 'alloy' }, 'alloy'],
])('%j is the text %j', (value, text) => {
	expect(optionalText(itemWith(value), 'text', 'Text')).toBe(text);
});

test.each([
	[{ rendered: 'Hello' }, "'Text' is an object. Pick the field in it that holds the text"],
	[{ mode: 'list', value: {} }, "'Text' is an object."],
	[['Hello'], "'Text' is a list. Pick one entry of it"],
])('%j is refused and never spoken', (value, sentence) => {
	expect(() => requiredText(itemWith(value), 'text', 'Text')).toThrow(
		expect.objectContaining({
			code: 'invalid_input',
			field: 'Text',
			message: expect.stringContaining(sentence),
		}),
	);
});

test('an empty text is refused where one is required', () => {
	expect(() => requiredText(itemWith(' '), 'text', 'Text')).toThrow("'Text' is empty");
});
