import { readRetryAfter } from '../../../../nodes/shared/http/refusal';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 7);

test.each([
	['120', 120],
	[' 3 ', 3],
	['0', 0],
	['1.5', 1.5],
	['Sun, 06 Nov 1994 08:49:37 GMT', 30],
	['Sunday, 06-Nov-94 08:49:37 GMT', 30],
	['Sun Nov  6 08:49:37 1994', 30],
	['1994-11-06T08:49:37Z', 30],
	['Sun, 06 Nov 1994 08:00:00 GMT', 0],
])('%j asks to wait %d s', (header, seconds) => {
	expect(readRetryAfter(header, NOW)).toBe(seconds);
});

test.each([
	undefined,
	'',
	'soon',
	'soon 5',
	'-5',
	'1,5',
	'5 seconds',
	'0x10',
	'Infinity',
	'NaN',
	'9'.repeat(400),
	'Sun',
])('%j asks for nothing', (header) => {
	expect(readRetryAfter(header, NOW)).toBeNull();
});
