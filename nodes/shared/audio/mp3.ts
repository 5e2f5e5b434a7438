import { LAST_FRAMES, type Measured, type Mp3Facts, nothingMeasured } from './facts';
import type { ByteReader, Reading } from './feed';
import { scanFrames, type ScanResult } from './frames';
import { type MpegHeader, readMpegHeader } from './mpeg';
import { type InfoFrame, readInfoFrame } from './xing';

const INDEX_ENTRIES = 128;

export interface Mp3Scan extends ScanResult {
	info: InfoFrame | null;
	/** Bytes of the file from the Xing, Info or VBRI frame on. */
	bytesFromInfo: number;
	/** Bytes of that frame; 0 when there is none. */
	infoBytes: number;
}

/** Walks all frames of an MP3; the one that describes the file comes out as `info`, the others go to `onFrame`. */
export function* scanMp3(
	bytes: ByteReader,
	onFrame: (header: MpegHeader, frame: Uint8Array) => void,
): Reading<Mp3Scan> {
	let info: InfoFrame | null = null;
	let infoStart = 0;
	let infoBytes = 0;
	let isFirst = true;

	const result = yield* scanFrames<MpegHeader>(bytes, {
		readHeader: readMpegHeader,
		onFrame(header, frame) {
			if (isFirst) info = readInfoFrame(header, frame);
			if (isFirst && info) {
				infoStart = bytes.position;
				infoBytes = frame.length;
			} else {
				onFrame(header, frame);
			}
			isFirst = false;
		},
	});
	return { ...result, info, infoBytes, bytesFromInfo: result.endPosition - infoStart };
}

/** Counts frames: exact for constant and variable bitrates, with and without a header that describes the file. */
export function* measureMp3(bytes: ByteReader): Reading<Measured> {
	let first: MpegHeader | null = null;
	let seconds = 0;
	let frames = 0;
	let frameBytes = 0;
	let hasVariableBitrate = false;
	let isUniform = true;
	const index = createFrameIndex();
	const lastFrameBytes: number[] = [];

	const scan = yield* scanMp3(bytes, (header, frame) => {
		first ??= header;
		hasVariableBitrate ||= header.bitrateKbps !== first.bitrateKbps;
		isUniform &&= header.stream === first.stream && header.channels === first.channels;
		index.add(frameBytes);
		seconds += header.samples / header.sampleRateHz;
		frames += 1;
		lastFrameBytes.push(frame.length);
		if (lastFrameBytes.length > LAST_FRAMES) lastFrameBytes.shift();
		frameBytes += frame.length;
	});

	const stream = first as MpegHeader | null;
	const truncated = declaresMore(scan, frames);
	if (!stream) {
		return nothingMeasured({
			truncated: truncated || scan.cutShort,
			problem: 'The MP3 file has no whole frame of sound.',
		});
	}
	const { version, layer, bitrateKbps, channelMode, sampleRateHz, channels, samples } = stream;
	const encoderDelay = plausibleDelay(scan.info, frames * samples);
	const silentSamples = (encoderDelay?.startSamples ?? 0) + (truncated ? 0 : (encoderDelay?.endSamples ?? 0));
	const mp3: Mp3Facts = {
		...{
			version,
			layer,
			bitrateKbps,
			channelMode,
			frames,
			lastFrameBytes,
			frameBytes,
			hasVariableBitrate,
			isUniform,
			encoderDelay,
		},
		index: index.entries(),
	};
	const durationSeconds = isUniform ? (frames * samples - silentSamples) / sampleRateHz : seconds;
	return nothingMeasured({ durationSeconds, sampleRateHz, channels, truncated, mp3 });
}

/** A cut last frame alone does not count: encoders that are stopped leave one. */
function declaresMore({ info, bytesFromInfo }: Mp3Scan, frames: number): boolean {
	if (!info) return false;
	const { declaredBytes, declaredFrames } = info;
	if (declaredBytes !== null) return declaredBytes > bytesFromInfo && (declaredFrames ?? Infinity) > frames;
	return false;
}

/** A delay longer than the sound was written for another file. */
function plausibleDelay(info: InfoFrame | null, samples: number): InfoFrame['encoderDelay'] {
	const delay = info?.encoderDelay ?? null;
	return delay && delay.startSamples + delay.endSamples < samples ? delay : null;
}

/** Where frames lie, in constant memory: when the table is full, every second entry goes. */
function createFrameIndex() {
	let byteOffsets: number[] = [];
	let everyFrames = 1;
	let frame = 0;
	return {
		add(byteOffset: number): void {
			if (frame++ % everyFrames !== 0) return;
			if (byteOffsets.length === INDEX_ENTRIES) {
				byteOffsets = byteOffsets.filter((_, position) => position % 2 === 0);
				everyFrames *= 2;
			}
			byteOffsets.push(byteOffset);
		},
		entries: (): Mp3Facts['index'] => ({ everyFrames, byteOffsets }),
	};
}
