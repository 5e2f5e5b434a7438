import { ascii, hasAscii, u16be, u24be, u32be, u8 } from './bytes';
import type { MpegHeader } from './mpeg';

/**
 * What the first frame of an MP3 says about the file instead of sound: Xing (variable bitrate) or Info (constant), with the LAME extension, or
 * Fraunhofer's VBRI. http://gabriel.mp3-tech.org/mp3infotag.html
 */
export interface InfoFrame {
	declaredFrames: number | null;
	/** Bytes of the file from this frame on. */
	declaredBytes: number | null;
	encoderDelay: { startSamples: number; endSamples: number; encoder: string } | null;
}

export const XING_FLAGS = { frames: 1, bytes: 2, toc: 4, quality: 8 } as const;
const VBRI_OFFSET = 36;
/** Encoders whose delay fields mean what LAME's mean. */
const LAME_LIKE = /^(LAME|Lavf|Lavc|GOGO)/;

/** Bytes of side information that follow a layer III header. */
export const sideInfoBytes = ({ version, channels }: Pick<MpegHeader, 'version' | 'channels'>): number =>
	version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;

/** null: the frame holds sound. */
export function readInfoFrame(header: MpegHeader, frame: Uint8Array): InfoFrame | null {
	if (header.layer !== 3) return null;
	const afterSideInfo = 4 + sideInfoBytes(header);
	for (const at of [afterSideInfo, afterSideInfo + 2]) {
		if (hasAscii(frame, at, 'Xing') || hasAscii(frame, at, 'Info')) return readXing(frame, at);
	}
	if (!hasAscii(frame, VBRI_OFFSET, 'VBRI')) return null;
	return {
		declaredFrames: u32be(frame, VBRI_OFFSET + 14),
		declaredBytes: u32be(frame, VBRI_OFFSET + 10),
		encoderDelay: null,
	};
}

function readXing(frame: Uint8Array, start: number): InfoFrame {
	const flags = u32be(frame, start + 4);
	let at = start + 8;
	const next = (flag: number, bytes: number): number | null => {
		if ((flags & flag) === 0) return null;
		at += bytes;
		return at - bytes;
	};
	const framesAt = next(XING_FLAGS.frames, 4);
	const bytesAt = next(XING_FLAGS.bytes, 4);
	next(XING_FLAGS.toc, 100);
	next(XING_FLAGS.quality, 4);
	return {
		declaredFrames: framesAt === null ? null : u32be(frame, framesAt),
		declaredBytes: bytesAt === null ? null : u32be(frame, bytesAt),
		encoderDelay: readLameDelay(frame, at),
	};
}

/** 12 bits each, 21 bytes into the LAME extension. */
function readLameDelay(frame: Uint8Array, at: number): InfoFrame['encoderDelay'] {
	const encoder = ascii(frame, at, 9);
	if (!LAME_LIKE.test(encoder) || frame.length < at + 24) return null;
	const both = u24be(frame, at + 21);
	return { startSamples: both >> 12, endSamples: both & 0xfff, encoder };
}

/** Bytes of earlier frames in which the sound of this layer III frame begins (`main_data_begin`, ISO/IEC 11172-3, 2.4.1.7). */
export function mainDataBeginBytes(header: MpegHeader, frame: Uint8Array): number {
	const at = header.hasCrc ? 6 : 4;
	return header.version === 1 ? u16be(frame, at) >> 7 : u8(frame, at);
}
