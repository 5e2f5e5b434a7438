import type { AudioFacts } from './facts';
import type { AudioFormat } from './format';

/** One piece of the file to be: measured beforehand, read when its turn comes. */
export interface JoinPart {
	facts: AudioFacts;
	/** Silence between this part and the next; of the last part it is ignored. */
	pauseAfterMs: number;
}

/**
 * Gives the bytes of a part, by its place among the parts, from 0. Chunks are handed on without being copied, so they must not be
 * overwritten afterwards; those of Node.js streams never are.
 */
export type OpenPart = (index: number) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;

/** What the joined file will be, known before the first byte of it. */
export interface JoinedFacts {
	format: AudioFormat;
	sizeBytes: number;
	durationSeconds: number;
	sampleRateHz: number;
	channels: number;
	/** Where the sound of every part lies. */
	parts: Array<{ startSeconds: number; endSeconds: number }>;
}

export type JoinRefusalReason =
	/** The parts' format cannot be joined without loss. */
	| 'unsupported'
	/** The parts differ from each other. */
	| 'different'
	/** The file would be larger than its format can be. */
	| 'too_large'
	/** A part is not the file that was measured. */
	| 'changed';

/** Says in a sentence for the user why parts do not become one file. */
export class JoinRefusal extends Error {
	override readonly name = 'JoinRefusal';
	readonly reason: JoinRefusalReason;

	constructor(reason: JoinRefusalReason, message: string) {
		super(message);
		this.reason = reason;
	}
}

export const refusePart = (reason: JoinRefusalReason, index: number, what: string): JoinRefusal =>
	new JoinRefusal(reason, `Part ${index + 1} ${what}.`);

/** Refuses parts of which one differs from the first in a property of the table, naming both. */
export function requireSame(
	parts: readonly JoinPart[],
	properties: Record<string, (facts: AudioFacts) => string>,
): void {
	for (const [name, read] of Object.entries(properties)) {
		const values = parts.map(({ facts }) => read(facts));
		const other = values.findIndex((value) => value !== values[0]);
		if (other < 0) continue;
		const difference = `Part 1 is ${values[0]} and part ${other + 1} is ${values[other]}`;
		throw new JoinRefusal('different', `${difference}: parts of one file need the same ${name}.`);
	}
}
