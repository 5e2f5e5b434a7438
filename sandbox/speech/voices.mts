import { createHash } from 'node:crypto';

/** eSpeak NG's settings for one voice. Pitch and range are percentages; 50 is the default. */
export interface EspeakVoice {
	name: string;
	wordsPerMinute: number;
	pitch: number;
	range: number;
}

/**
 * Writing systems that identify a language; the first one in the text applies. The names are eSpeak
 * NG's.
 */
const LANGUAGE_BY_SCRIPT: Array<[RegExp, string]> = [
	[/[\u3040-\u30ff]/u, 'ja'],
	[/\p{Script=Han}/u, 'cmn'],
	[/\p{Script=Thai}/u, 'tai/th'],
	[/\p{Script=Hangul}/u, 'ko'],
	[/\p{Script=Arabic}/u, 'ar'],
	[/\p{Script=Cyrillic}/u, 'ru'],
	[/\p{Script=Devanagari}/u, 'hi'],
	[/\p{Script=Greek}/u, 'el'],
	[/\p{Script=Hebrew}/u, 'he'],
];

/** Accents for Latin text, so that voices differ in more than pitch. */
const ENGLISH_ACCENTS = [
	'gmw/en-US',
	'gmw/en',
	'gmw/en-GB-x-rp',
	'gmw/en-GB-scotland',
	'gmw/en-US-nyc',
	'gmw/en-029',
];

const WOMAN =
	/\b(female|woman|feminine|alice|maya|mary|rachel|aria|sarah|laura|charlotte|matilda|jessica|lily|nova|shimmer|coral|asteria)/i;
const MAN =
	/\b(male|man|masculine|carter|frank|bowen|roger|charlie|george|callum|liam|will|eric|chris|brian|daniel|bill|onyx|echo|ash)/i;

/**
 * eSpeak NG's name for the language that a text's writing system identifies; undefined for Latin
 * text.
 */
export function languageOf(text: string): string | undefined {
	return LANGUAGE_BY_SCRIPT.find(([script]) => script.test(text))?.[1];
}

/**
 * The voice for a provider's voice name. The same name always sounds the same; different names
 * differ in accent, pitch, range and speed. `speed` multiplies the rate.
 */
export function espeakVoiceFor(voiceName: string, text: string, speed = 1): EspeakVoice {
	const hash = createHash('sha256').update(voiceName).digest();
	const byte = (index: number) => (hash[index] ?? 0) / 255;
	const accent = ENGLISH_ACCENTS[(hash[0] ?? 0) % ENGLISH_ACCENTS.length] as string;
	const lowestPitch = WOMAN.test(voiceName) ? 58 : MAN.test(voiceName) ? 12 : 25;
	return {
		name: languageOf(text) ?? accent,
		wordsPerMinute: Math.round(Math.min(450, Math.max(80, (150 + 50 * byte(1)) * speed))),
		pitch: Math.round(lowestPitch + 32 * byte(2)),
		range: Math.round(35 + 35 * byte(3)),
	};
}
