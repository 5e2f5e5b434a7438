import fc from 'fast-check';

/** Sentences in ten scripts, written for these tests, and what else real texts are full of. */
export const SCRIPTS: Record<string, string[]> = {
	Latin: [
		'The morning train left early.',
		'Who knew?',
		'She stayed, read, and waited; nobody came.',
		'Café déjà vu, naïve façade!',
	],
	Cyrillic: ['Утром шёл дождь.', 'Кто там?', 'Она ждала, читала и молчала.'],
	Greek: ['Το πρωί έβρεχε.', 'Ποιος είναι;', 'Περίμενε, διάβαζε και σώπαινε.'],
	Arabic: ['كان الصباح باردا.', 'من هناك؟', 'انتظرت، وقرأت، ثم رحلت.'],
	Hebrew: ['הבוקר היה קר.', 'מי שם?', 'היא חיכתה, קראה ושתקה.'],
	Devanagari: ['सुबह बारिश हो रही थी।', 'वहाँ कौन है?', 'वह रुकी, पढ़ती रही और चुप रही।'],
	Thai: ['เช้านี้ฝนตกหนักมาก', 'ใครอยู่ที่นั่น', 'เธอรอแล้วอ่านหนังสือ'],
	Chinese: ['早上下着大雨。', '谁在那里?', '她等着,读着书,没有人来。'],
	Japanese: ['朝から雨が降っていた。', 'そこにいるのは誰ですか?', '彼女は待って、本を読んだ。'],
	Korean: ['아침에 비가 내렸다.', '거기 누구세요?', '그녀는 기다리며, 책을 읽었다.'],
};

const EMOJI = ['👨‍👩‍👧‍👦', '🇺🇦', '👍🏽', '❤️', 'e\u0301', 'क्षि', '한', '🏴‍☠️', '\u0600'];
const SPACES = [' ', ' ', ' ', '\n', '\n\n', '  ', '\r\n', '\t', '\u00a0', '\u3000', ' \n \n ', ''];

/** What must not be cut while it fits. */
export const NUMBERS = [
	'3.14',
	'1,234.56',
	'-0.5',
	'12:30',
	'1’000’000',
	'$1,299.99',
	'99.9%',
	'1\u202f234\u202f567',
];
export const URLS = [
	'https://example.com/a.b?c=D&e=1!f',
	'http://www.example.org/#x,y;z',
	'www.example.com/Path.Html?q=Yes!',
	'ann.lee@mail.example.com',
];

export interface SampleText {
	text: string;
	/** Where the numbers and URLs lie. */
	tokens: Array<{ start: number; end: number }>;
}

const sentence = fc.constantFrom(...Object.values(SCRIPTS).flat());
const piece = fc.oneof(
	{ weight: 6, arbitrary: sentence.map((text) => ({ text, isToken: false })) },
	{
		weight: 1,
		arbitrary: fc
			.string({ unit: 'grapheme', maxLength: 8 })
			.map((text) => ({ text: letters(text), isToken: false })),
	},
	{ weight: 2, arbitrary: fc.constantFrom(...EMOJI).map((text) => ({ text, isToken: false })) },
	{ weight: 2, arbitrary: fc.constantFrom(...NUMBERS, ...URLS).map((text) => ({ text, isToken: true })) },
);

/** A text of up to forty pieces of any script. Numbers and URLs have a space on both sides. */
export const sampleText: fc.Arbitrary<SampleText> = fc
	.array(fc.tuple(piece, fc.constantFrom(...SPACES)), { maxLength: 40 })
	.map((pieces) => {
		const sample: SampleText = { text: '', tokens: [] };
		for (const [{ text, isToken }, space] of pieces) {
			const start = sample.text.length + (isToken ? 1 : 0);
			sample.text += isToken ? ` ${text} ` : text + space;
			if (isToken) sample.tokens.push({ start, end: start + text.length });
		}
		return sample;
	});

/** Random text without what would lengthen a number or a URL beyond the sample's own. */
function letters(text: string): string {
	return text.replace(/[\p{Nd}\p{Sc}:/@]/gu, 'x');
}
