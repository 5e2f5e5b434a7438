import { u16be, u24be, u32be, u8 } from './bytes';
import { nothingMeasured } from './facts';
import type { Measured } from './facts';
import type { ByteReader, Reading } from './feed';

/**
 * FLAC by its STREAMINFO block (RFC 9639, 8.2), which comes first, and by the headers of its frames:
 * a file whose frames end before the declared number of samples is truncated. A streaming writer
 * leaves that number 0, so the duration is unknown.
 */
export function* measureFlac(bytes: ByteReader): Reading<Measured> {
	const head = yield* bytes.peek(4 + 4 + 34);
	const isStreamInfo = (u8(head, 4) & 0x7f) === 0;
	const sampleRateHz = u24be(head, 18) >> 4;
	if (head.length < 42 || !isStreamInfo || sampleRateHz === 0) {
		return nothingMeasured({
			truncated: head.length < 42,
			problem: 'The FLAC file does not say what it holds.',
		});
	}
	const samples = (u8(head, 21) & 0xf) * 0x1_0000_0000 + u32be(head, 22);
	const channels = ((u8(head, 20) >> 1) & 7) + 1;
	const blockSamples = u16be(head, 8);
	bytes.skip(4);
	const hasMetadataEnd = yield* skipMetadata(bytes);
	const endSamples = hasMetadataEnd ? yield* lastFrameEnd(bytes, blockSamples) : 0;
	const truncated = !hasMetadataEnd || endSamples < samples;
	const durationSeconds = samples > 0 ? Math.min(samples, endSamples) / sampleRateHz : null;
	return nothingMeasured({ durationSeconds, sampleRateHz, channels, truncated });
}

const BLOCK_HEADER_BYTES = 4;
const LAST_BLOCK_FLAG = 0x80;

/** Passes over the metadata blocks; false when the file ends before the last one begins. */
function* skipMetadata(bytes: ByteReader): Reading<boolean> {
	for (;;) {
		const view = yield* bytes.peek(BLOCK_HEADER_BYTES);
		if (view.length < BLOCK_HEADER_BYTES) return false;
		let at = 0;
		let isLast = false;
		while (!isLast && at + BLOCK_HEADER_BYTES <= view.length) {
			isLast = (u8(view, at) & LAST_BLOCK_FLAG) !== 0;
			at += BLOCK_HEADER_BYTES + u24be(view, at + 1);
		}
		bytes.skip(at);
		if (isLast) return true;
	}
}

/** Sync code 4 bytes with the fields, number up to 7, block size and sample rate up to 2 each, CRC-8. */
const MAX_FRAME_HEADER_BYTES = 16;

/** The highest sample at which a frame ends, by the frame headers (RFC 9639, 9.1). */
function* lastFrameEnd(bytes: ByteReader, blockSamples: number): Reading<number> {
	let endSamples = 0;
	for (;;) {
		const view = yield* bytes.peek(MAX_FRAME_HEADER_BYTES);
		if (view.length === 0) return endSamples;
		const isEnd = view.length < MAX_FRAME_HEADER_BYTES;
		const limit = isEnd ? view.length : view.length - MAX_FRAME_HEADER_BYTES + 1;
		for (let at = view.indexOf(0xff); at >= 0 && at < limit; at = view.indexOf(0xff, at + 1)) {
			endSamples = Math.max(endSamples, frameEnd(view, at, blockSamples));
		}
		bytes.skip(limit);
	}
}

/** Where the frame at `at` ends, in samples; 0 where no valid frame header stands. */
function frameEnd(view: Uint8Array, at: number, streamBlockSamples: number): number {
	const second = u8(view, at + 1);
	if ((second & 0xfe) !== 0xf8) return 0;
	const sizeCode = u8(view, at + 2) >> 4;
	const rateCode = u8(view, at + 2) & 0xf;
	if (sizeCode === 0 || rateCode === 0xf || (u8(view, at + 3) & 1) !== 0) return 0;

	const first = u8(view, at + 4);
	const ones = Math.clz32(~(first << 24));
	if (ones === 1 || ones > 7) return 0;
	let number = first & (0x7f >> ones);
	let end = at + 5;
	for (; end < at + 4 + ones; end += 1) number = number * 0x40 + (u8(view, end) & 0x3f);

	let size = sizeCode === 1 ? 192 : sizeCode < 6 ? 144 << sizeCode : 1 << sizeCode;
	if (sizeCode === 6) size = u8(view, end) + 1;
	if (sizeCode === 7) size = u16be(view, end) + 1;
	end += sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
	end += rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
	if (end >= view.length || crc8(view, at, end) !== u8(view, end)) return 0;
	const isVariable = (second & 1) !== 0;
	return (isVariable ? number : number * streamBlockSamples) + size;
}

/** CRC-8 with the polynomial 0x07, from 0. */
function crc8(view: Uint8Array, from: number, to: number): number {
	let crc = 0;
	for (let at = from; at < to; at += 1) {
		crc ^= u8(view, at);
		for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc >> 7 ? 0x107 : 0);
	}
	return crc;
}
