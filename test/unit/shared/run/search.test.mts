import { pageOf, type Choice } from '../../../../nodes/shared/run/search';

const CHOICES: Choice[] = [
	{ id: 'vibevoice', name: 'VibeVoice' },
	{ id: 'anna-1', name: 'Anna', description: 'de-DE · female · GCP Voices' },
	{ id: 'otto-1', name: 'Otto', description: 'de-DE · male · Azure Voices' },
	{ id: 'openai/tts-1-hd', name: 'TTS-1 HD' },
];

const found = (typed: string) => pageOf(CHOICES, typed).results.map(({ value }) => value);

test.each([
	['', ['vibevoice', 'anna-1', 'otto-1', 'openai/tts-1-hd']],
	['male', ['otto-1']],
	['fem', ['anna-1']],
	['DE male', ['otto-1']],
	['voice', ['vibevoice', 'anna-1', 'otto-1']],
	['vibev', ['vibevoice']],
	['tts-1', ['openai/tts-1-hd']],
	['nobody', []],
])('typing "%s" finds %j', (typed, ids) => {
	expect(found(typed)).toEqual(ids);
});

test('an entry has what the editor shows of it', () => {
	const shown = { name: 'Anna', description: 'de-DE', url: 'https://voices.example.com/anna.mp3' };
	expect(pageOf([{ id: 'anna-1', ...shown }]).results).toEqual([{ value: 'anna-1', ...shown }]);
});

test('long lists come in pages, each telling where the next begins', () => {
	const many = Array.from({ length: 250 }, (_, index) => ({ id: String(index), name: `Voice ${index}` }));

	const first = pageOf(many, 'voice');
	const second = pageOf(many, 'voice', first.paginationToken as string);
	const third = pageOf(many, 'voice', second.paginationToken as string);

	expect([first, second, third].flatMap(({ results }) => results.map(({ value }) => value))).toEqual(
		many.map(({ id }) => id),
	);
	expect(third.paginationToken).toBeUndefined();
});
