import { ascii, u16le, u32le, u64le } from './bytes';
import { type Measured, nothingMeasured, type WavFacts } from './facts';
import type { ByteReader, Reading } from './feed';

/**
 * RIFF/WAVE: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" and WAVEFORMATEXTENSIBLE; RF64 and BW64 with
 * 64-bit sizes: EBU Tech 3306, ITU-R BS.2088.
 */
export interface WavLayout {
	fmt: WavFormat;
	/** Bytes that the data chunk declares; null for a streaming writer's "not known yet". */
	declaredBytes: number | null;
	/** What the field itself says. */
	sizeFieldBytes: number;
	/** Sample frames by the `fact` chunk. */
	factSamples: number | null;
}

export type WavFormat = Omit<WavFacts, 'dataBytes'> & {
	channels: number;
	sampleRateHz: number;
	bytesPerSecond: number;
};

/** What must be the same for sound to be put behind sound. */
export type WavSound = Pick<WavFacts, 'encoding' | 'bitsPerSample' | 'blockAlignBytes'> & {
	channels: number;
	sampleRateHz: number;
};

export const FORMAT_TAGS = { pcm: 1, float: 3, alaw: 6, mulaw: 7 } as const;
export const EXTENSIBLE_TAG = 0xfffe;
/** Bytes 2 to 15 of the sub-format's GUID, 0000xxxx-0000-0010-8000-00aa00389b71, whose first two are the format tag. */
export const SUBFORMAT_TAIL = [
	0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71,
];

const CHUNK_HEADER_BYTES = 8;
const FMT_BYTES = 40;
const DS64_BYTES = 28;
const FIELD_MAX = 0xffff_ffff;
const SIGNED_FIELD_MAX = 0x7fff_ffff;
/** Streaming writers put the largest number of the field there, often less the header or rounded down to a block. */
const UNKNOWN_MARGIN_BYTES = 4096;

const isUnknownSize = (sizeBytes: number): boolean =>
	sizeBytes >= FIELD_MAX - UNKNOWN_MARGIN_BYTES ||
	Math.abs(sizeBytes - SIGNED_FIELD_MAX) <= UNKNOWN_MARGIN_BYTES;

/** Walks the chunks up to the first byte of sound; null when the file has none or does not say what it is. The cursor stands at `RIFF`. */
export function* readWavLayout(bytes: ByteReader): Reading<WavLayout | null> {
	const start = bytes.position;
	const riffBytes = u32le(yield* bytes.peek(12), 4);
	bytes.skip(12);

	let fmt: WavFormat | null = null;
	let dataBytes64: number | null = null;
	let factSamples: number | null = null;

	for (;;) {
		const view = yield* bytes.peek(CHUNK_HEADER_BYTES);
		const id = ascii(view, 0, 4);
		if (view.length < CHUNK_HEADER_BYTES || !/^[ -~]{4}$/.test(id)) return null;
		const sizeBytes = u32le(view, 4);
		bytes.skip(CHUNK_HEADER_BYTES);

		if (id === 'data') {
			if (!fmt) return null;
			const declares = {
				sizeBytes,
				dataBytes64,
				declaredEnd: start + 8 + riffBytes,
				dataStart: bytes.position,
			};
			return { fmt, factSamples, declaredBytes: declaredDataBytes(declares), sizeFieldBytes: sizeBytes };
		}
		if (id === 'fmt ')
			fmt = readFormat((yield* bytes.peek(Math.min(sizeBytes, FMT_BYTES))).subarray(0, sizeBytes));
		if (id === 'ds64') dataBytes64 = u64le(yield* bytes.peek(DS64_BYTES), 8);
		if (id === 'fact') factSamples = u32le(yield* bytes.peek(4), 0);
		bytes.skip(sizeBytes);
		if (sizeBytes % 2 === 1) yield* skipPadding(bytes);
	}
}

interface DataDeclaration {
	sizeBytes: number;
	dataBytes64: number | null;
	/** Where the file ends by the RIFF chunk's size. */
	declaredEnd: number;
	dataStart: number;
}

/** 0 counts as unknown unless the RIFF size leaves room for chunks behind the empty data chunk. */
function declaredDataBytes({
	sizeBytes,
	dataBytes64,
	declaredEnd,
	dataStart,
}: DataDeclaration): number | null {
	if (sizeBytes === FIELD_MAX && dataBytes64) return Number.isSafeInteger(dataBytes64) ? dataBytes64 : null;
	if (sizeBytes === 0) return declaredEnd > dataStart && !isUnknownSize(declaredEnd - 8) ? 0 : null;
	return isUnknownSize(sizeBytes) ? null : sizeBytes;
}

/** Chunks of odd size are followed by a zero byte, which some writers forget: then the next chunk's name stands there. */
function* skipPadding(bytes: ByteReader): Reading<void> {
	const view = yield* bytes.peek(4);
	const isForgotten = /^[A-Za-z][A-Za-z0-9 ]{3}$/.test(ascii(view, 0, 4));
	if (!isForgotten) bytes.skip(1);
}

/** The fields of a `fmt ` chunk, or null when they cannot be those of any sound. */
function readFormat(chunk: Uint8Array): WavFormat | null {
	const outerTag = u16le(chunk, 0);
	const isExtensible = outerTag === EXTENSIBLE_TAG && chunk.length >= FMT_BYTES;
	const formatTag = isExtensible ? u16le(chunk, 24) : outerTag;
	const channels = u16le(chunk, 2);
	const sampleRateHz = u32le(chunk, 4);
	const bitsPerSample = u16le(chunk, 14);
	if (chunk.length < 14 || channels === 0 || sampleRateHz === 0) return null;

	const known = Object.entries(FORMAT_TAGS).find(([, tag]) => tag === formatTag);
	const encoding = known ? (known[0] as keyof typeof FORMAT_TAGS) : 'other';
	const wholeBlockBytes = channels * Math.ceil(bitsPerSample / 8);
	const blockAlignBytes = encoding === 'other' ? u16le(chunk, 12) : wholeBlockBytes || u16le(chunk, 12);
	return {
		encoding,
		formatTag,
		channels,
		sampleRateHz,
		bitsPerSample,
		blockAlignBytes: blockAlignBytes || 1,
		bytesPerSecond: u32le(chunk, 8),
		extensible: isExtensible ? { validBitsPerSample: u16le(chunk, 18), channelMask: u32le(chunk, 20) } : null,
	};
}

export function* measureWav(bytes: ByteReader): Reading<Measured> {
	const layout = yield* readWavLayout(bytes);
	if (!layout) {
		const truncated = (yield* bytes.peek(CHUNK_HEADER_BYTES)).length < CHUNK_HEADER_BYTES;
		const why = truncated ? 'ends before its sound begins' : 'does not say what its sound is';
		return nothingMeasured({ truncated, problem: `The WAV file ${why}.` });
	}
	const { fmt, declaredBytes, sizeFieldBytes } = layout;
	const { channels, sampleRateHz, encoding, formatTag, bitsPerSample, blockAlignBytes, extensible } = fmt;

	let cameBytes = yield* bytes.take(declaredBytes ?? Infinity, () => {});
	if (sizeFieldBytes > 0 && sizeFieldBytes < FIELD_MAX) cameBytes = Math.min(cameBytes, sizeFieldBytes);

	const blocks = Math.floor(cameBytes / blockAlignBytes);
	const dataBytes = blocks * blockAlignBytes;
	return nothingMeasured({
		durationSeconds: encoding === 'other' ? otherDurationSeconds(layout, cameBytes) : blocks / sampleRateHz,
		sampleRateHz,
		channels,
		truncated: declaredBytes !== null && cameBytes < declaredBytes,
		problem: dataBytes > 0 ? null : 'The WAV file holds no sound.',
		wav: { encoding, formatTag, bitsPerSample, blockAlignBytes, extensible, dataBytes },
	});
}

/** Of a compressed encoding: by its `fact` chunk when the sound came whole, else by its average rate. */
function otherDurationSeconds(
	{ fmt, factSamples, declaredBytes }: WavLayout,
	cameBytes: number,
): number | null {
	if (factSamples && declaredBytes === cameBytes) return factSamples / fmt.sampleRateHz;
	return fmt.bytesPerSecond > 0 ? cameBytes / fmt.bytesPerSecond : null;
}
