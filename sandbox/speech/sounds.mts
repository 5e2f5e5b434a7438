import { createHash } from 'node:crypto';

const SAMPLE_RATE_HZ = 22_050;
const LOUDNESS = 11_000;

/** A major pentatonic scale in semitones; all of its notes are consonant. */
const SCALE = [0, 2, 4, 7, 9, 12, 14, 16];
const NOTE_SECONDS = 0.4;

/**
 * A series of thuds and whooshes: bursts of noise through a filter that opens and closes. The
 * prompt determines the series.
 */
export function soundEffectSamples(prompt: string, seconds: number): Int16Array {
	const [first = 0, second = 0, third = 0] = createHash('sha256').update(prompt).digest();
	const burstsPerSecond = 1 + (first % 4);
	const openness = 0.05 + (second / 255) * 0.4;
	const random = createRandom(third + 1);
	let filtered = 0;
	return Int16Array.from({ length: Math.round(seconds * SAMPLE_RATE_HZ) }, (_, index) => {
		const phase = ((index / SAMPLE_RATE_HZ) * burstsPerSecond) % 1;
		const loudness = 0.1 + Math.exp(-4 * phase);
		filtered += (openness * (1 - phase) + 0.03) * (random() * 2 - 1 - filtered);
		return Math.round(LOUDNESS * 1.6 * loudness * filtered);
	});
}

/** A melody on plucked notes over a bass note. The prompt determines the key and the tune. */
export function musicSamples(prompt: string, seconds: number): Int16Array {
	const tune = createHash('sha256').update(prompt).digest();
	const rootHz = 196 * 2 ** (((tune[0] ?? 0) % 12) / 12);
	const pitchHz = (note: number) =>
		rootHz * 2 ** ((SCALE[(tune[note % tune.length] ?? 0) % SCALE.length] ?? 0) / 12);
	return Int16Array.from({ length: Math.round(seconds * SAMPLE_RATE_HZ) }, (_, index) => {
		const time = index / SAMPLE_RATE_HZ;
		const note = Math.floor(time / NOTE_SECONDS);
		const sinceNote = time - note * NOTE_SECONDS;
		const wave = (hz: number) => Math.sin(2 * Math.PI * hz * time) + 0.4 * Math.sin(4 * Math.PI * hz * time);
		const attack = Math.min(1, sinceNote * 200);
		const melody = wave(pitchHz(note)) * Math.exp(-5 * sinceNote) * attack;
		return Math.round(LOUDNESS * 0.6 * (melody + 0.35 * wave(rootHz / 2)));
	});
}

/** A pseudo-random generator for repeatable noise (Park and Miller, 1988). */
function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};
}
