import { hasAscii, u16le, u32le, u64le, u8 } from './bytes';
import { type Measured, nothingMeasured } from './facts';
import type { ByteReader, Reading } from './feed';

interface OggStream {
	serial: number;
	sampleRateHz: number;
	channels: number;
	/** Samples at the start that a player does not play (Opus). */
	preSkipSamples: number;
	/** Samples at the end of the last page seen, pre-skip included. */
	endSamples: number;
}

const PAGE_HEADER_BYTES = 27;
const CAPTURE_INITIAL = 0x4f; // OggS
const FIRST_PACKET_BYTES = 19;
const FIRST_PAGE_FLAG = 2;
/** Granule positions of Opus always count at this rate (RFC 7845, 4). */
const OPUS_RATE_HZ = 48000;

/** Ogg pages (RFC 3533) of Vorbis or Opus, by the last granule position of every stream in the file. */
export function* measureOgg(bytes: ByteReader): Reading<Measured> {
	let stream: OggStream | null = null;
	let seconds = 0;
	let missingBytes = 0;

	/** The page whose header and first packet lie at `at`. */
	const readPage = (view: Uint8Array, at: number): void => {
		const serial = u32le(view, at + 14);
		const isFirst = (u8(view, at + 5) & FIRST_PAGE_FLAG) !== 0;
		const packetStart = at + PAGE_HEADER_BYTES + u8(view, at + 26);
		const opened = isFirst ? readFirstPacket(view.subarray(packetStart), serial) : null;
		if (opened) {
			seconds += durationSeconds(stream);
			stream = opened;
		} else if (stream?.serial === serial) {
			stream.endSamples = readGranule(view, at) ?? stream.endSamples;
		}
	};

	for (;;) {
		const view = yield* bytes.peek(PAGE_HEADER_BYTES);
		if (view.length < PAGE_HEADER_BYTES) break;

		// All pages that lie in the view are read at once: a file may consist of millions of empty ones.
		let at = 0;
		while (at + PAGE_HEADER_BYTES <= view.length) {
			if (hasAscii(view, at, 'OggS')) {
				const headEnd = at + PAGE_HEADER_BYTES + u8(view, at + 26) + FIRST_PACKET_BYTES;
				const end = headEnd <= view.length ? at + pageLengthBytes(view, at) : Infinity;
				if (end > view.length) break;
				readPage(view, at);
				at = end;
			} else {
				at += 1;
				while (at < view.length && view[at] !== CAPTURE_INITIAL) at += 1;
			}
		}
		if (at > 0) {
			bytes.skip(at);
			continue;
		}

		const page = yield* bytes.peek(PAGE_HEADER_BYTES + u8(view, 26) + FIRST_PACKET_BYTES);
		const pageBytes = pageLengthBytes(page, 0);
		readPage(page, 0);
		missingBytes = pageBytes - (yield* bytes.take(pageBytes, () => {}));
	}

	const truncated = missingBytes > 0;
	const last = stream as OggStream | null;
	if (!last) return nothingMeasured({ truncated });
	const { sampleRateHz, channels } = last;
	return nothingMeasured({
		durationSeconds: seconds + durationSeconds(last),
		sampleRateHz,
		channels,
		truncated,
	});
}

/** Header, segment table and body of the page at `at`. */
function pageLengthBytes(view: Uint8Array, at: number): number {
	const segments = u8(view, at + 26);
	let length = PAGE_HEADER_BYTES + segments;
	for (let index = 0; index < segments; index += 1) length += u8(view, at + PAGE_HEADER_BYTES + index);
	return length;
}

const durationSeconds = (stream: OggStream | null): number =>
	stream ? Math.max(0, stream.endSamples - stream.preSkipSamples) / stream.sampleRateHz : 0;

/** null: no packet ends on this page (-1), or the number cannot be one of samples. */
function readGranule(view: Uint8Array, at: number): number | null {
	const granule = u64le(view, at + 6);
	return granule < 2 ** 53 ? granule : null;
}

function readFirstPacket(packet: Uint8Array, serial: number): OggStream | null {
	if (hasAscii(packet, 0, 'OpusHead')) {
		const preSkipSamples = u16le(packet, 10);
		return { serial, sampleRateHz: OPUS_RATE_HZ, channels: u8(packet, 9), preSkipSamples, endSamples: 0 };
	}
	if (!hasAscii(packet, 0, '\x01vorbis')) return null;
	const sampleRateHz = u32le(packet, 12);
	if (sampleRateHz === 0) return null;
	return { serial, sampleRateHz, channels: u8(packet, 11), preSkipSamples: 0, endSamples: 0 };
}
