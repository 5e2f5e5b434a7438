/**
 * Voices that the legacy documentation names for the ElevenLabs engine; the list of version 2 is not published, and that of the
 * Chirp engine nowhere. Any other name is sent as it is.
 */
export const VOICES: readonly string[] = [
	'AutoV',
	...[
		'Alice',
		'Aria',
		'Bill',
		'Brian',
		'Callum',
		'Charlie',
		'Charlotte',
		'Chris',
		'Daniel',
		'Eric',
		'George',
	],
	...['Jessica', 'Laura', 'Liam', 'Lily', 'Matilda', 'Rachel', 'River', 'Roger', 'Sarah', 'Will'],
];
