import { concatBytes, u8 } from './bytes';
import type { AudioFacts, Mp3Facts } from './facts';
import { createFeed } from './feed';
import { skipLeadingTags } from './frames';
import { lengthTag } from './id3';
import { type JoinPart, type OpenPart, refusePart, requireSame } from './joinParts';
import { scanMp3 } from './mp3';
import { type Layer3Stream, layer3Samples, type MpegHeader, silentLayer3Frame } from './mpeg';
import { infoFrame, mainDataBeginBytes, sideInfoBytes } from './xing';

export interface Mp3Plan {
	kind: 'mp3';
	/** Tag and Info frame. */
	header: Uint8Array;
	silentFrame: Uint8Array;
	parts: Mp3PartPlan[];
	frameSamples: number;
	/** Samples between the start of the first part's first frame and what a player plays first. */
	originSamples: number;
	soundSamples: number;
	sizeBytes: number;
}

interface Mp3PartPlan {
	facts: Mp3Facts;
	/** Frames kept: all but those at the end that hold padding only and for which there is no room. */
	frames: number;
	frameBytes: number;
	silentFramesAfter: number;
	/** Where its sound lies, in samples from the start of the first part's first frame. */
	start: number;
	end: number;
}

/** What a layer III decoder adds to the encoder's delay. http://lame.sourceforge.net/tech-FAQ.txt */
const DECODER_DELAY_SAMPLES = 529;
/** The farthest that a frame refers back. */
const RESERVOIR_BYTES = 511;

const MUST_BE_SAME: Record<string, (facts: AudioFacts) => string> = {
	'sample rate': ({ sampleRateHz }) => `${sampleRateHz} Hz`,
	'number of channels': ({ channels }) => (channels === 1 ? 'mono' : 'stereo'),
	'MPEG version': ({ mp3 }) => `MPEG-${mp3!.version}`,
};

/**
 * Plans a file of whole frames. Pauses are rounded to frames so that what one is too long the next is shorter; the padding that
 * encoders leave around every part counts as pause.
 */
export function planMp3(parts: readonly JoinPart[]): Mp3Plan {
	for (const [index, { facts }] of parts.entries()) {
		if (!facts.mp3 || !facts.sampleRateHz) throw refusePart('unsupported', index, 'holds no sound');
		if (facts.mp3.layer !== 3) throw refusePart('unsupported', index, 'is MPEG audio, but not MP3');
		if (!facts.mp3.isUniform)
			throw refusePart('different', index, 'changes its sample rate or channels on the way');
	}
	requireSame(parts, MUST_BE_SAME);

	const first = parts[0]!.facts;
	const mp3 = first.mp3!;
	const stream: Layer3Stream = {
		version: mp3.version,
		sampleRateHz: first.sampleRateHz!,
		channels: first.channels === 1 ? 1 : 2,
		channelMode: mp3.channelMode,
	};
	const isConstant = parts.every(
		({ facts }) => !facts.mp3!.hasVariableBitrate && facts.mp3!.bitrateKbps === mp3.bitrateKbps,
	);
	const silentFrame = silentLayer3Frame(stream, isConstant ? mp3.bitrateKbps : 0, 4 + sideInfoBytes(stream));

	const frameSamples = layer3Samples(mp3.version);
	const planned = placeParts(parts, frameSamples, stream.sampleRateHz);
	const frames = planned.reduce((total, part) => total + part.frames + part.silentFramesAfter, 0);
	const soundEnd = planned[planned.length - 1]!.end;
	const delay = mp3.encoderDelay && {
		encoder: mp3.encoderDelay.encoder,
		startSamples: mp3.encoderDelay.startSamples,
		endSamples: frames * frameSamples + DECODER_DELAY_SAMPLES - soundEnd,
	};
	const info = infoFrame({
		stream,
		bitrateKbps: isConstant ? mp3.bitrateKbps : null,
		sections: planned.flatMap((part) => sectionsOf(part, silentFrame.length)),
		delay,
	});
	const originSamples = delay ? planned[0]!.start : 0;
	const soundSamples = (delay ? soundEnd : frames * frameSamples) - originSamples;
	const header = concatBytes([lengthTag(soundSamples / stream.sampleRateHz), info]);
	return {
		...{ kind: 'mp3', header, silentFrame, parts: planned, frameSamples, originSamples, soundSamples },
		sizeBytes: planned.reduce(
			(total, part) => total + part.frameBytes + part.silentFramesAfter * silentFrame.length,
			header.length,
		),
	};
}

function placeParts(parts: readonly JoinPart[], frameSamples: number, sampleRateHz: number): Mp3PartPlan[] {
	const planned: Mp3PartPlan[] = [];
	let frame = 0;
	let wantedStart = soundOf(parts[0]!.facts.mp3!, frameSamples).lead;

	for (const [index, { facts, pauseAfterMs }] of parts.entries()) {
		const mp3 = facts.mp3!;
		const { lead, samples, trail } = soundOf(mp3, frameSamples);
		const start = frame * frameSamples + lead;
		const next = parts[index + 1]?.facts.mp3;
		wantedStart += samples + (pauseAfterMs * sampleRateHz) / 1000;

		const nextLead = next ? soundOf(next, frameSamples).lead : 0;
		const unpaused = (frame + mp3.frames) * frameSamples + nextLead;
		const spareFrames = Math.max(
			0,
			Math.min(Math.floor(trail / frameSamples), mp3.lastFrameBytes.length - 1),
		);
		const extraFrames = next
			? Math.max(-spareFrames, Math.round((wantedStart - unpaused) / frameSamples))
			: 0;
		const dropped = Math.max(0, -extraFrames);
		const droppedBytes = mp3.lastFrameBytes
			.slice(mp3.lastFrameBytes.length - dropped)
			.reduce((a, b) => a + b, 0);

		planned.push({
			facts: mp3,
			frames: mp3.frames - dropped,
			frameBytes: mp3.frameBytes - droppedBytes,
			silentFramesAfter: Math.max(0, extraFrames),
			start,
			end: start + samples,
		});
		frame += mp3.frames + extraFrames;
	}
	return planned;
}

/** Where the sound lies in what the frames of one part are decoded to: samples before it, its own, and those behind it. */
function soundOf({ frames, encoderDelay }: Mp3Facts, frameSamples: number) {
	const all = frames * frameSamples;
	if (!encoderDelay) return { lead: 0, samples: all, trail: 0 };
	const lead = encoderDelay.startSamples + DECODER_DELAY_SAMPLES;
	const samples = all - encoderDelay.startSamples - encoderDelay.endSamples;
	return { lead, samples, trail: all - lead - samples };
}

const sectionsOf = (part: Mp3PartPlan, silentBytes: number) => [
	{ frames: part.frames, bytes: part.frameBytes, index: part.facts.index },
	{ frames: part.silentFramesAfter, bytes: part.silentFramesAfter * silentBytes, index: null },
];

export const mp3Timeline = ({ parts, originSamples }: Mp3Plan): Array<{ start: number; end: number }> =>
	parts.map(({ start, end }) => ({ start: start - originSamples, end: end - originSamples }));

export async function* joinMp3(plan: Mp3Plan, openPart: OpenPart): AsyncGenerator<Uint8Array> {
	yield plan.header;
	for (const [index, part] of plan.parts.entries()) {
		yield* partFrames(part, index, await openPart(index));
		for (let count = 0; count < part.silentFramesAfter; count++) yield plan.silentFrame;
	}
}

/** Exactly the frames that were measured, less those that the plan drops. */
async function* partFrames(
	{ facts, frames }: Mp3PartPlan,
	index: number,
	chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	let waiting: Uint8Array[] = [];
	let seenFrames = 0;
	let seenBytes = 0;
	let mainDataBytes = 0;
	const feed = createFeed(function* (bytes) {
		yield* skipLeadingTags(bytes);
		yield* scanMp3(bytes, (header, frame) => {
			seenFrames += 1;
			seenBytes += frame.length;
			const isBroken = mainDataBeginBytes(header, frame) > mainDataBytes;
			mainDataBytes = Math.min(RESERVOIR_BYTES, mainDataBytes + mainBytes(header));
			if (seenFrames <= frames) waiting.push(isBroken ? muted(header, frame) : frame.slice());
		});
	});

	for await (const chunk of chunks) {
		feed.push(chunk);
		if (waiting.length > 0) yield concatBytes(waiting);
		waiting = [];
	}
	feed.end();
	if (waiting.length > 0) yield concatBytes(waiting);
	if (seenFrames !== facts.frames || seenBytes !== facts.frameBytes) {
		throw refusePart('changed', index, 'is not the file that was measured');
	}
}

const mainBytes = (header: MpegHeader): number =>
	header.lengthBytes - 4 - (header.hasCrc ? 2 : 0) - sideInfoBytes(header);

/**
 * The frame without its own sound, which begins in a frame that is not there: a decoder would take it from the part before. What
 * the frame holds for the frames behind it stays in its place.
 */
function muted(header: MpegHeader, frame: Uint8Array): Uint8Array {
	const silent = frame.slice().fill(0, 4, frame.length - mainBytes(header));
	silent[1] = u8(silent, 1) | 1;
	return silent;
}
