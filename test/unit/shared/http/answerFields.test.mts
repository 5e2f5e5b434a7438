import { numeric, optional } from '../../../../nodes/shared/http/answerFields';

test.each([
	[12, 12],
	['12.5', 12.5],
	[' 0 ', 0],
	['-1e3', -1000],
])('%j is the number %d', (value, number) => {
	expect(numeric.parse(value)).toBe(number);
});

test.each([null, '', ' ', false, true, [], ['1'], {}, 'many', '0x10', undefined])(
	'%j is no number',
	(value) => {
		expect(numeric.safeParse(value).success).toBe(false);
	},
);

test.each([undefined, null, 'many', {}])('optional: %j is passed over', (value) => {
	expect(optional(numeric).parse(value) ?? null).toBeNull();
});
