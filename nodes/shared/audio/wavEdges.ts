import { concatBytes } from './bytes';
import type { WavSound } from './wav';

const RAMP_SECONDS = 0.01;
/** Of full scale: a step to silence from below this is not heard as a click. */
const STEP_THRESHOLD = 0.005;

export interface EdgeSmoother {
	/** Takes the next bytes of a part's sound, gives back those that are ready. */
	push(piece: Uint8Array): Uint8Array[];
}

interface Sample {
	bytes: number;
	/** From -1 to 1. */
	read(view: DataView, at: number): number;
	scale(view: DataView, at: number, factor: number): void;
}

const integer = (
	bytes: number,
	read: (view: DataView, at: number) => number,
	write: (view: DataView, at: number, value: number) => void,
): Sample => ({
	bytes,
	read: (view, at) => read(view, at) / 2 ** (8 * bytes - 1),
	scale: (view, at, factor) => write(view, at, Math.round(read(view, at) * factor)),
});

const write24 = (view: DataView, at: number, value: number): void => {
	view.setUint8(at, value & 0xff);
	view.setInt16(at + 1, value >> 8, true);
};

const SAMPLES: Record<string, Sample> = {
	pcm8: integer(
		1,
		(view, at) => view.getUint8(at) - 128,
		(view, at, value) => view.setUint8(at, value + 128),
	),
	pcm16: integer(
		2,
		(view, at) => view.getInt16(at, true),
		(view, at, value) => view.setInt16(at, value, true),
	),
	pcm24: integer(3, (view, at) => view.getInt16(at + 1, true) * 256 + view.getUint8(at), write24),
	pcm32: integer(
		4,
		(view, at) => view.getInt32(at, true),
		(view, at, value) => view.setInt32(at, value, true),
	),
	float32: {
		bytes: 4,
		read: (view, at) => view.getFloat32(at, true),
		scale: (view, at, factor) => view.setFloat32(at, view.getFloat32(at, true) * factor, true),
	},
	float64: {
		bytes: 8,
		read: (view, at) => view.getFloat64(at, true),
		scale: (view, at, factor) => view.setFloat64(at, view.getFloat64(at, true) * factor, true),
	},
};

/**
 * Keeps a join from clicking: where a part begins or ends away from zero, its first or last 10 ms are faded. Everything else, and
 * every part that begins and ends in silence, passes unchanged. A-law and µ-law pass unchanged, too.
 */
export function smoothEdges(
	sound: WavSound,
	dataBytes: number,
	edges: { start: boolean; end: boolean },
): EdgeSmoother {
	const sample = SAMPLES[`${sound.encoding}${sound.bitsPerSample}`];
	if (!sample) return { push: (piece) => [piece] };

	const blocks = dataBytes / sound.blockAlignBytes;
	const rampBlocks = Math.min(Math.ceil(RAMP_SECONDS * sound.sampleRateHz), Math.floor(blocks / 2));
	const rampBytes = rampBlocks * sound.blockAlignBytes;
	const zones = [
		{ end: rampBytes, towards: edges.start ? 'start' : null },
		{ end: dataBytes - rampBytes, towards: null },
		{ end: dataBytes, towards: edges.end ? 'end' : null },
	] as const;

	let at = 0;
	let gathered: Uint8Array[] = [];
	return {
		push(piece) {
			const ready: Uint8Array[] = [];
			let left = piece;
			while (left.length > 0) {
				const zone = zones.find(({ end }) => at < end);
				if (!zone) break;
				const inZone = left.subarray(0, zone.end - at);
				at += inZone.length;
				left = left.subarray(inZone.length);
				if (zone.towards === null) {
					ready.push(inZone);
					continue;
				}
				gathered.push(inZone.slice());
				if (at < zone.end) continue;
				const whole = concatBytes(gathered);
				gathered = [];
				fade(whole, sample, sound.blockAlignBytes, zone.towards);
				ready.push(whole);
			}
			return ready;
		},
	};
}

/** Fades in place, when the sample at the edge is away from zero in any channel. */
function fade(ramp: Uint8Array, sample: Sample, blockBytes: number, towards: 'start' | 'end'): void {
	const view = new DataView(ramp.buffer, ramp.byteOffset, ramp.length);
	const edge = towards === 'start' ? 0 : ramp.length - blockBytes;
	let loudest = 0;
	for (let at = edge; at < edge + blockBytes; at += sample.bytes) {
		loudest = Math.max(loudest, Math.abs(sample.read(view, at)));
	}
	if (loudest <= STEP_THRESHOLD) return;

	for (let at = 0; at < ramp.length; at += sample.bytes) {
		const block = Math.floor(at / blockBytes);
		const blocks = ramp.length / blockBytes;
		const fromEdge = towards === 'start' ? block : blocks - 1 - block;
		sample.scale(view, at, fromEdge / blocks);
	}
}
