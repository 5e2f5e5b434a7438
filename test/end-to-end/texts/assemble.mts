import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectDirectory } from '../../../sandbox/setup.mjs';

/** The articles beside this file: prose as `<language>-<subject>.txt`, dialogues as `.script.txt`. */
const FOLDER = join(projectDirectory, 'test', 'end-to-end', 'texts');

const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8').trim();

function articles(): string[][] {
	const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt') && !file.endsWith('.script.txt'));
	return files.sort().map((file) => read(file).split(/\n\n+/));
}

const rotated = <T,>(list: readonly T[], by: number): T[] => [
	...list.slice(by % list.length),
	...list.slice(0, by % list.length),
];

/**
 * A text of at least this many characters (code points) in nine languages, with an empty line
 * between paragraphs. Each round through the articles has its own heading, order and starting
 * paragraphs.
 */
export function longArticle(leastCharacters: number): string {
	const all = articles();
	const paragraphs: string[] = [];
	let characters = 0;
	for (let round = 0; characters < leastCharacters; round += 1) {
		const [heading, ...body] = rotated(all, round * 4).flatMap(([title = '', ...rest]) => [
			title,
			...rotated(rest, round),
		]);
		for (const paragraph of [`Part ${round + 1}. ${heading}`, ...body]) {
			if (characters >= leastCharacters) break;
			paragraphs.push(paragraph);
			characters += [...paragraph].length + (characters > 0 ? 2 : 0);
		}
	}
	return paragraphs.join('\n\n');
}

/**
 * A script of four speakers with at least this many characters, one line per turn. Each round
 * starts at another turn.
 */
export function longDialogue(leastCharacters: number): string {
	const turns = read('en-lighthouse.script.txt').split('\n');
	const lines: string[] = [];
	let characters = 0;
	for (let round = 0; characters < leastCharacters; round += 1) {
		for (const line of rotated(turns, round * 7)) {
			if (characters >= leastCharacters) break;
			lines.push(line);
			characters += [...line].length + 1;
		}
	}
	return lines.join('\n');
}
