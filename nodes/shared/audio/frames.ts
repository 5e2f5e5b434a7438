import { hasAscii, u32be, u32le, u8 } from './bytes';
import type { ByteReader, Reading } from './feed';

/** What the header of one self-contained frame (MPEG audio, ADTS) says. */
export interface FrameHeader {
	lengthBytes: number;
	samples: number;
	sampleRateHz: number;
	/** null when the header leaves it to the stream. */
	channels: number | null;
	/** Differs between headers that cannot belong to the same stream. */
	stream: string;
}

export interface ScanResult {
	/** Whether the file ends within a frame, or within a tag that declares its length. */
	cutShort: boolean;
	/** Bytes from the start of the file to its end. */
	endPosition: number;
}

interface ScanOptions<H extends FrameHeader> {
	readHeader(view: Uint8Array, at: number): H | null;
	/** The view is valid during the call only. */
	onFrame(header: H, frame: Uint8Array): void;
}

/** The longest of the headers looked at here: ID3v2 10 bytes, APE 32, ADTS 7, MPEG 4. */
const LOOKAHEAD_BYTES = 32;
/** Scanning ends where this many bytes in a row are neither frame nor tag: before the first frame, and after it. */
const GARBAGE_LIMIT_BYTES = { leading: 64 * 1024, inner: 1024 * 1024 };

/**
 * Length of the ID3v2 tag at `at`, header and footer included, or 0.
 * https://id3.org/id3v2.4.0-structure
 */
export function id3v2Bytes(view: Uint8Array, at: number): number {
	if (!hasAscii(view, at, 'ID3') || view.length < at + 10) return 0;
	if (u8(view, at + 3) === 0xff || u8(view, at + 4) === 0xff) return 0;
	const size = u32be(view, at + 6);
	if ((size & 0x8080_8080) !== 0) return 0;
	const syncSafe =
		((size >> 3) & 0xfe0_0000) | ((size >> 2) & 0x1f_c000) | ((size >> 1) & 0x3f80) | (size & 0x7f);
	const hasFooter = (u8(view, at + 5) & 0x10) !== 0;
	return 10 + syncSafe + (hasFooter ? 10 : 0);
}

/** Length of an APEv1 or APEv2 tag, its header and footer included, or 0. https://wiki.hydrogenaud.io/index.php?title=APE_Tags_Header */
function apeBytes(view: Uint8Array, at: number): number {
	if (!hasAscii(view, at, 'APETAGEX') || view.length < at + 32) return 0;
	const isHeader = (u32le(view, at + 20) & 0x2000_0000) !== 0;
	return isHeader ? 32 + u32le(view, at + 12) : 32;
}

/** Length of an ID3v1 tag (`TAG`) or of the extension before it (`TAG+`), or 0. */
const id3v1Bytes = (view: Uint8Array, at: number): number =>
	hasAscii(view, at, 'TAG+') ? 227 : hasAscii(view, at, 'TAG') ? 128 : 0;

const tagBytes = (view: Uint8Array, at: number): number => id3v2Bytes(view, at) || apeBytes(view, at);

/** Passes over the ID3v2 tags that may stand before audio of any kind; gives whether there were any. */
export function* skipLeadingTags(bytes: ByteReader): Reading<boolean> {
	for (let found = false; ; found = true) {
		const length = id3v2RunBytes(yield* bytes.peek(LOOKAHEAD_BYTES));
		if (length === 0) return found;
		bytes.skip(length);
	}
}

/** Length of all ID3v2 tags that begin in the view, one right behind the other. */
function id3v2RunBytes(view: Uint8Array): number {
	let end = 0;
	for (let next = id3v2Bytes(view, end); next > 0; next = id3v2Bytes(view, end)) end += next;
	return end;
}

/**
 * Walks a stream of frames to its end. Tags between frames are passed over. Where neither frame nor tag stands, it looks for the
 * next header that another header of the same stream, a tag or the end of the file follows at the distance it declares.
 */
export function* scanFrames<H extends FrameHeader>(
	bytes: ByteReader,
	options: ScanOptions<H>,
): Reading<ScanResult> {
	const isFollowed = function* (header: H): Reading<boolean> {
		const end = header.lengthBytes;
		const view = yield* bytes.peek(end + LOOKAHEAD_BYTES);
		if (view.length <= end) return view.length === end;
		if (tagBytes(view, end) > 0 || id3v1Bytes(view, end) > 0) return true;
		return options.readHeader(view, end)?.stream === header.stream;
	};

	let stream: string | null = null;
	let inStep = false;
	let garbageRunBytes = 0;
	let limitBytes = GARBAGE_LIMIT_BYTES.leading;
	let cutShort = false;

	while (garbageRunBytes < limitBytes && !cutShort) {
		const view = yield* bytes.peek(LOOKAHEAD_BYTES);
		if (view.length === 0) break;

		const tag = id3v2RunBytes(view) || tagBytes(view, 0) || (inStep ? id3v1Bytes(view, 0) : 0);
		const header = options.readHeader(view, 0);
		if (header && ((inStep && header.stream === stream) || (yield* isFollowed(header)))) {
			const frame = yield* bytes.peek(header.lengthBytes);
			cutShort = frame.length < header.lengthBytes;
			if (cutShort) break;
			options.onFrame(header, frame.subarray(0, header.lengthBytes));
			bytes.skip(header.lengthBytes);
			stream = header.stream;
			inStep = true;
			garbageRunBytes = 0;
			limitBytes = GARBAGE_LIMIT_BYTES.inner;
			continue;
		}

		if (tag > 0) {
			cutShort = (yield* bytes.take(tag, () => {})) < tag;
			continue;
		}

		const skipped = Math.min(nextCandidate(yield* bytes.peek(1)), limitBytes - garbageRunBytes);
		bytes.skip(skipped);
		garbageRunBytes += skipped;
		inStep = false;
	}
	yield* bytes.take(Infinity, () => {});
	return { cutShort, endPosition: bytes.position };
}

const FRAME_SYNC = 0xff;
const TAG_INITIALS = [0x49, 0x41]; // ID3, APETAGEX

/** Distance from the start of the view to the next byte with which a frame or a tag may begin; at least 1. */
function nextCandidate(view: Uint8Array): number {
	let at = 1;
	while (at < view.length && view[at] !== FRAME_SYNC && !TAG_INITIALS.includes(u8(view, at))) at++;
	return at;
}
