import { readOptions, timeoutSeconds } from '../../../../nodes/shared/run/options';

test.each([
	['timeout', '90', 90],
	['longText', 'Refuse', 'refuse'],
	['language', 'en', 'en'],
	['fileName', 7, '7'],
	['additionalFields', '{"a":{"b":1}}', { a: { b: 1 } }],
	['additionalFields', { a: 1 }, { a: 1 }],
])('%s: %j is read as %j', (name, value, expected) => {
	expect(readOptions({ [name]: value })).toMatchObject({ [name]: expected });
});

test.each([
	['timeout', 0, `'Timeout (Seconds)' in Options cannot be 0: it takes a number from 1 to 86,400.`],
	['timeout', false, `cannot be false: it takes a number from 1 to 86,400.`],
	['concurrency', 1.5, `'Concurrency' in Options cannot be 1.5: it takes a whole number from 1 to 1,000.`],
	['seed', 'many', `'Seed' in Options cannot be "many": it takes a whole number.`],
	['maxCredits', -1, `'Max Credits' in Options cannot be -1: it takes a number from 0 on.`],
	['longText', 'cut', `'Long Text' in Options cannot be "cut": it takes split or refuse.`],
	['fileName', {}, `'File Name' in Options cannot be {}: it takes a text.`],
	['additionalFields', '[1]', `cannot be "[1]": it takes a JSON object such as {"key": "value"}.`],
	['additionalFields', '{', `cannot be "{": it takes a JSON object such as {"key": "value"}.`],
])('%s: %j is refused with what it takes', (name, value, sentence) => {
	expect(() => readOptions({ [name]: value })).toThrow(
		expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(sentence) }),
	);
});

describe('without a time limit of the user', () => {
	test.each([
		['one request', 1, 600],
		['as many as go at once', 5, 600],
		['one more', 6, 1_200],
		['ten rounds', 50, 6_000],
	])('%s: %i requests have %i s', (_, requests, seconds) => {
		expect(timeoutSeconds(readOptions({}), requests)).toBe(seconds);
	});

	test('what the user sets holds for all requests together', () => {
		expect(timeoutSeconds(readOptions({ timeout: 90 }), 50)).toBe(90);
	});
});
