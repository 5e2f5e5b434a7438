import { Failure } from '../../../../nodes/shared/speech/failure';
import { assignSpeakers, formatScript, parseScript } from '../../../../nodes/shared/speech/script';

const PRESETS = ['Alice [EN]', 'Carter [EN]', 'Frank [EN]', 'Maya [EN]'];

/** Each row: what is written, and how it is sent. */
const scripts: Record<string, [text: string, sent: string[]]> = {
	'plain text is one turn of speaker 0': ['Good morning.', ['Speaker 0: Good morning.']],
	'line breaks of plain text become spaces': ['One.\nTwo.\r\n\r\nThree.', ['Speaker 0: One. Two. Three.']],
	'numbering from 0 stays': ['Speaker 0: Hi.\nSpeaker 1: Hello.', ['Speaker 0: Hi.', 'Speaker 1: Hello.']],
	'numbering from 1 is shifted': [
		'Speaker 1: Hi.\nSpeaker 2: Hello.',
		['Speaker 0: Hi.', 'Speaker 1: Hello.'],
	],
	'gaps are closed in the order of the numbers': [
		'Speaker 5: Five.\nSpeaker 1: One.\nSpeaker 3: Three.',
		['Speaker 2: Five.', 'Speaker 0: One.', 'Speaker 1: Three.'],
	],
	'a line without a prefix continues the turn above': [
		'Speaker 0: One\n  and two.\n\nand three.\nSpeaker 1: Four.',
		['Speaker 0: One and two. and three.', 'Speaker 1: Four.'],
	],
	'text before the first prefix belongs to the lowest number': [
		'A title\nSpeaker 2: Two.\nSpeaker 1: One.',
		['Speaker 0: A title', 'Speaker 1: Two.', 'Speaker 0: One.'],
	],
	'a literal \\n before a speaker is a line break': [
		'Speaker 0: Hi.\\nSpeaker 1: Hello.\\r\\nSpeaker 0: Bye.\\n\\n Speaker 1: Bye.',
		['Speaker 0: Hi.', 'Speaker 1: Hello.', 'Speaker 0: Bye.', 'Speaker 1: Bye.'],
	],
	'a literal \\n elsewhere stays': ['Speaker 0: Open C:\\new.', ['Speaker 0: Open C:\\new.']],
	CRLF: ['Speaker 1: Hi.\r\nSpeaker 2: Hello.\r\n', ['Speaker 0: Hi.', 'Speaker 1: Hello.']],
	'any case, spaces and a full-width colon': [
		'  SPEAKER 1 : Hi.\nspeaker 2:你好。',
		['Speaker 0: Hi.', 'Speaker 1: 你好。'],
	],
	'turns without text are dropped': ['Speaker 0:\nSpeaker 1: Hi.\nSpeaker 2:   ', ['Speaker 0: Hi.']],
	'a speaker named inside a line is text': [
		'Speaker 0: Ask Speaker 1: yes.',
		['Speaker 0: Ask Speaker 1: yes.'],
	],
};

describe('parseScript', () => {
	it.each(Object.entries(scripts))('%s', (_rule, [text, sent]) => {
		expect(formatScript(parseScript(text)).split('\n')).toEqual(sent);
	});

	it('counts the speakers', () => {
		expect(parseScript('Speaker 1: a\nSpeaker 4: b\nSpeaker 1: c').speakerCount).toBe(2);
		expect(parseScript('plain').speakerCount).toBe(1);
	});

	it('reads what it has written as the same script', () => {
		const script = parseScript('Intro\nSpeaker 3: a\nSpeaker 1: b\nc');
		expect(parseScript(formatScript(script))).toEqual(script);
	});

	it('refuses more than four speakers', () => {
		const text = [1, 2, 3, 4, 5].map((n) => `Speaker ${n}: hello`).join('\n');
		expect(refusal(() => parseScript(text))).toMatch(/'Text' has 5 speakers.*at most 4/);
	});

	it.each(['', ' \n\t', 'Speaker 0:', 'Speaker 1:\nSpeaker 2: \n'])(
		'refuses %j, which says nothing',
		(text) => {
			expect(refusal(() => parseScript(text))).toMatch(/nothing to say in 'Text'/);
		},
	);

	it('reads a megabyte of hostile white space and escapes quickly', () => {
		const text = ['\\n'.repeat(300_000), 'Speaker '.repeat(50_000), ' '.repeat(300_000)].join('x');
		const before = performance.now();
		parseScript(text);
		expect(performance.now() - before).toBeLessThan(1_000);
	});
});

describe('assignSpeakers', () => {
	const two = parseScript('Speaker 0: a\nSpeaker 1: b');

	it('gives each speaker a preset of its own when none are set', () => {
		expect(assignSpeakers(two, [], PRESETS)).toEqual([{ preset: 'Alice [EN]' }, { preset: 'Carter [EN]' }]);
	});

	it('takes what is set', () => {
		const set = [{ preset: 'Maya [EN]' }, { audio_url: 'https://example.com/me.wav' }];
		expect(assignSpeakers(two, set, PRESETS)).toEqual(set);
	});

	it('takes the first of more than are needed', () => {
		expect(assignSpeakers(two, ['a', 'b', 'c'], PRESETS)).toEqual(['a', 'b']);
	});

	it('refuses fewer than the script has, naming both counts', () => {
		expect(refusal(() => assignSpeakers(two, ['a'], PRESETS))).toMatch(
			/has 2 speakers, but 'Speakers' has 1/,
		);
	});

	it('refuses when the list of presets is too short to give each its own', () => {
		expect(refusal(() => assignSpeakers(two, [], ['Frank [EN]']))).toMatch(/'Speakers' has 0/);
	});
});

/** The sentence of the `invalid_input` that `act` throws. */
function refusal(act: () => unknown): string {
	try {
		act();
	} catch (failure) {
		if (!(failure instanceof Failure)) throw failure;
		expect(failure.code).toBe('invalid_input');
		expect(failure.message).not.toMatch(/error|problem|failure|mistake/i);
		return failure.message;
	}
	throw new Error('nothing was thrown');
}
