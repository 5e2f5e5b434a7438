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

	for (;;) {
		const view = yield* bytes.peek(PAGE_HEADER_BYTES);
		if (view.length < PAGE_HEADER_BYTES) break;
		if (!hasAscii(view, 0, 'OggS')) {
			const next = view.indexOf(CAPTURE_INITIAL, 1);
			bytes.skip(next < 0 ? view.length : next);
			continue;
		}
		const segments = u8(view, 26);
		const page: Uint8Array = yield* bytes.peek(PAGE_HEADER_BYTES + segments + FIRST_PACKET_BYTES);
		const pageBytes = page
			.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + segments)
			.reduce((total, segment) => total + segment, PAGE_HEADER_BYTES + segments);

		const serial = u32le(page, 14);
		const opened: OggStream | null =
			(u8(page, 5) & FIRST_PAGE_FLAG) !== 0
				? readFirstPacket(page.subarray(PAGE_HEADER_BYTES + segments), serial)
				: null;
		if (opened) {
			seconds += durationSeconds(stream);
			stream = opened;
		} else if (stream?.serial === serial) {
			stream.endSamples = readGranule(page) ?? stream.endSamples;
		}
		missingBytes = pageBytes - (yield* bytes.take(pageBytes, () => {}));
	}

	const truncated = missingBytes > 0;
	if (!stream) return nothingMeasured({ truncated });
	const { sampleRateHz, channels } = stream;
	return nothingMeasured({
		durationSeconds: seconds + durationSeconds(stream),
		sampleRateHz,
		channels,
		truncated,
	});
}

const durationSeconds = (stream: OggStream | null): number =>
	stream ? Math.max(0, stream.endSamples - stream.preSkipSamples) / stream.sampleRateHz : 0;

/** null: no packet ends on this page (-1), or the number cannot be one of samples. */
function readGranule(page: Uint8Array): number | null {
	const granule = u64le(page, 6);
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
