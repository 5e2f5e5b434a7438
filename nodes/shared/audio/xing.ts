import { ascii, hasAscii, u16be, u24be, u32be, u8 } from './bytes';
import type { Mp3Facts } from './facts';
import { type Layer3Stream, type MpegHeader, silentLayer3Frame } from './mpeg';

/**
 * What the first frame of an MP3 says about the file instead of sound: Xing (variable bitrate) or Info (constant), with the LAME extension, or
 * Fraunhofer's VBRI. http://gabriel.mp3-tech.org/mp3infotag.html
 */
export interface InfoFrame {
	declaredFrames: number | null;
	/** Bytes of the file from this frame on. */
	declaredBytes: number | null;
	encoderDelay: Mp3Facts['encoderDelay'];
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

export interface InfoSection {
	frames: number;
	bytes: number;
	/** Where its frames lie; null when all have the same length. */
	index: Mp3Facts['index'] | null;
}

interface InfoFrameFields {
	stream: Layer3Stream;
	/** null: it varies. */
	bitrateKbps: number | null;
	/** What follows the frame. */
	sections: readonly InfoSection[];
	delay: InfoFrame['encoderDelay'];
}

const TOC_ENTRIES = 100;
const XING_BYTES = 8 + 4 + 4 + TOC_ENTRIES + 4;
const LAME_BYTES = 36;
const METHOD_CONSTANT = 1;

/**
 * The frame that tells players how long the file is and where to seek; with the LAME extension when `delay` is given. The extension's checksum of
 * the whole file stays 0 ("not known"), because the file does not exist yet.
 */
export function infoFrame({ stream, bitrateKbps, sections, delay }: InfoFrameFields): Uint8Array {
	const start = 4 + sideInfoBytes(stream);
	const frame = silentLayer3Frame(stream, bitrateKbps ?? 0, start + XING_BYTES + LAME_BYTES);
	const frames = sections.reduce((total, section) => total + section.frames, 0);
	const bytes = sections.reduce((total, section) => total + section.bytes, frame.length);
	const view = new DataView(frame.buffer);

	putAscii(frame, start, bitrateKbps === null ? 'Xing' : 'Info');
	view.setUint32(start + 4, XING_FLAGS.frames | XING_FLAGS.bytes | XING_FLAGS.toc | XING_FLAGS.quality);
	view.setUint32(start + 8, frames);
	view.setUint32(start + 12, bytes);
	for (let entry = 0; entry < TOC_ENTRIES; entry++) {
		const offset = frame.length + byteOffset(sections, Math.floor((entry * frames) / TOC_ENTRIES));
		frame[start + 16 + entry] = Math.min(255, Math.floor((offset / bytes) * 256));
	}
	if (!delay) return frame;

	const lame = start + XING_BYTES;
	putAscii(frame, lame, delay.encoder);
	frame[lame + 9] = bitrateKbps === null ? 0 : METHOD_CONSTANT;
	frame[lame + 20] = Math.min(255, bitrateKbps ?? 0);
	view.setUint16(lame + 21, (delay.startSamples << 4) | (delay.endSamples >> 8));
	frame[lame + 23] = delay.endSamples & 0xff;
	view.setUint32(lame + 28, bytes);
	view.setUint16(lame + 34, crc16(frame.subarray(0, lame + 34)));
	return frame;
}

/** Bytes before the given frame, counted from the first section on. */
function byteOffset(sections: readonly InfoSection[], frame: number): number {
	let offset = 0;
	let left = frame;
	for (const section of sections) {
		if (left < section.frames) return offset + offsetWithin(section, left);
		offset += section.bytes;
		left -= section.frames;
	}
	return offset;
}

function offsetWithin({ frames, bytes, index }: InfoSection, frame: number): number {
	if (!index) return (bytes * frame) / frames;
	const entry = Math.floor(frame / index.everyFrames);
	const from = index.byteOffsets[entry] ?? 0;
	const firstFrame = entry * index.everyFrames;
	const nextFrame = Math.min(frames, firstFrame + index.everyFrames);
	const to = index.byteOffsets[entry + 1] ?? bytes;
	return from + ((to - from) * (frame - firstFrame)) / Math.max(1, nextFrame - firstFrame);
}

function putAscii(frame: Uint8Array, at: number, text: string): void {
	frame.set(
		Array.from(text, (character) => character.charCodeAt(0)),
		at,
	);
}

/** CRC-16 with the polynomial 0x8005, reflected, from 0: what the LAME extension carries of the bytes before it. */
function crc16(bytes: Uint8Array): number {
	return bytes.reduce((crc, byte) => {
		let next = crc ^ byte;
		for (let bit = 0; bit < 8; bit++) next = (next >> 1) ^ ((next & 1) * 0xa001);
		return next;
	}, 0);
}
