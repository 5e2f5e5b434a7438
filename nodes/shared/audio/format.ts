import { readAdtsHeader } from './adts';
import { ascii, hasAscii, u8 } from './bytes';
import { id3v2Bytes } from './frames';
import { type MpegHeader, readMpegHeader } from './mpeg';

export type AudioFormatName =
	| 'wav'
	| 'mp3'
	| 'flac'
	| 'ogg'
	| 'opus'
	| 'aac'
	| 'm4a'
	| 'webm'
	| 'mka'
	| 'aiff'
	| 'amr'
	| 'pcm'
	| 'mulaw'
	| 'alaw';

export interface AudioFormat {
	readonly name: AudioFormatName;
	/** The one for new file names, without the dot. */
	readonly extension: string;
	readonly mimeType: string;
	/** For sentences that a person reads. */
	readonly label: string;
	readonly otherExtensions: readonly string[];
	readonly otherMimeTypes: readonly string[];
}

const row = (
	name: AudioFormatName,
	extension: string,
	mimeType: string,
	label: string,
	otherExtensions: string[] = [],
	otherMimeTypes: string[] = [],
): AudioFormat => ({ name, extension, mimeType, label, otherExtensions, otherMimeTypes });

/**
 * Registered MIME types (IANA media types; RFC 3003 mpeg, RFC 5334 ogg, RFC 7845 Opus in Ogg, RFC 9639 flac, RFC 9559 matroska)
 * and, as other ones, those that are met in the wild. WAV and raw PCM have none that is registered.
 */
export const AUDIO_FORMATS: readonly AudioFormat[] = [
	row(
		'wav',
		'wav',
		'audio/wav',
		'WAV',
		['wave'],
		['audio/x-wav', 'audio/wave', 'audio/vnd.wave', 'audio/x-pn-wav'],
	),
	row(
		'mp3',
		'mp3',
		'audio/mpeg',
		'MP3',
		['mpga', 'mp2', 'mp1'],
		['audio/mp3', 'audio/mpga', 'audio/x-mp3', 'audio/x-mpeg', 'audio/mpeg3', 'audio/x-mpeg-3'],
	),
	row('flac', 'flac', 'audio/flac', 'FLAC', [], ['audio/x-flac']),
	row('ogg', 'ogg', 'audio/ogg', 'Ogg', ['oga'], ['application/ogg', 'audio/vorbis', 'audio/x-ogg']),
	row('opus', 'opus', 'audio/ogg', 'Opus', [], ['audio/opus', 'audio/ogg_opus', 'audio/x-opus']),
	row('aac', 'aac', 'audio/aac', 'AAC', ['adts'], ['audio/aacp', 'audio/x-aac', 'audio/x-hx-aac-adts']),
	row('m4a', 'm4a', 'audio/mp4', 'M4A', ['mp4', 'm4b'], ['audio/m4a', 'audio/x-m4a', 'audio/mp4a-latm']),
	row('webm', 'webm', 'audio/webm', 'WebM', ['weba']),
	row('mka', 'mka', 'audio/matroska', 'Matroska', ['mkv'], ['audio/x-matroska']),
	row('aiff', 'aiff', 'audio/aiff', 'AIFF', ['aif', 'aifc'], ['audio/x-aiff']),
	row('amr', 'amr', 'audio/amr', 'AMR', [], ['audio/amr-wb']),
	row(
		'pcm',
		'pcm',
		'audio/pcm',
		'raw PCM',
		['raw', 's16le'],
		['audio/l16', 'audio/x-pcm', 'audio/raw', 'audio/linear16'],
	),
	row(
		'mulaw',
		'ulaw',
		'audio/basic',
		'raw µ-law',
		['mulaw', 'ul'],
		['audio/pcmu', 'audio/mulaw', 'audio/x-mulaw', 'audio/ulaw'],
	),
	row('alaw', 'alaw', 'audio/pcma', 'raw A-law', ['al'], ['audio/alaw', 'audio/x-alaw']),
];

export function audioFormat(name: AudioFormatName): AudioFormat {
	return AUDIO_FORMATS.find((format) => format.name === name)!;
}

/** The format that a Content-Type names, its parameters ignored; null for `application/octet-stream` and whatever else is not audio. */
export function formatFromMimeType(mimeType: string): AudioFormat | null {
	const type = (mimeType.split(';')[0] ?? '').trim().toLowerCase();
	const isNamedBy = (format: AudioFormat) => format.mimeType === type || format.otherMimeTypes.includes(type);
	return AUDIO_FORMATS.find(isNamedBy) ?? null;
}

/** The format that the last extension of a file name, path or URL names; a URL's host, query and hash do not count. */
export function formatFromExtension(nameOrUrl: string): AudioFormat | null {
	const path = nameOrUrl.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
	const isUrl = path.length < nameOrUrl.length;
	const withoutQuery = path.replace(/[?#].*$/s, '');
	return formatOfFileName(withoutQuery) ?? (isUrl ? null : formatOfFileName(path));
}

function formatOfFileName(path: string): AudioFormat | null {
	const fileName = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
	const dot = fileName.lastIndexOf('.');
	if (dot < 0) return null;
	const extension = fileName
		.slice(dot + 1)
		.trim()
		.toLowerCase();
	const isNamedBy = (format: AudioFormat) =>
		format.extension === extension || format.otherExtensions.includes(extension);
	return AUDIO_FORMATS.find(isNamedBy) ?? null;
}

/** Enough for `detectFormat` to see two MPEG frames of any kind. */
export const HEAD_BYTES = 4096;

const SIGNATURES: ReadonlyArray<readonly [AudioFormatName, (head: Uint8Array) => boolean]> = [
	['wav', (head) => ['RIFF', 'RF64', 'BW64'].includes(ascii(head, 0, 4)) && hasAscii(head, 8, 'WAVE')],
	['opus', (head) => hasAscii(head, 0, 'OggS') && hasAscii(head, oggBodyStart(head), 'OpusHead')],
	['ogg', (head) => hasAscii(head, 0, 'OggS')],
	['flac', (head) => hasAscii(head, 0, 'fLaC')],
	['m4a', (head) => hasAscii(head, 4, 'ftyp')],
	['webm', (head) => isEbml(head) && ascii(head, 0, 64).includes('webm')],
	['mka', (head) => isEbml(head) && ascii(head, 0, 64).includes('matroska')],
	['aiff', (head) => hasAscii(head, 0, 'FORM') && ['AIFF', 'AIFC'].includes(ascii(head, 8, 4))],
	['amr', (head) => hasAscii(head, 0, '#!AMR')],
	['aac', isAdts],
	['mp3', isMpeg],
];

/**
 * The format of a file by its first bytes; `HEAD_BYTES` of them are enough, 16 are mostly. An ID3v2 tag is looked behind when it ends
 * within `head`, because it may stand before AAC and FLAC too; one that does not end there is taken for MP3. Raw PCM, µ-law and A-law cannot be
 * told from noise: null, like everything else unknown.
 */
export function detectFormat(bytes: Uint8Array): AudioFormat | null {
	// No more is looked at when there is more: what a file is must not depend on how its bytes came.
	const head = bytes.subarray(0, HEAD_BYTES);
	const tagBytes = id3v2Bytes(head, 0);
	if (tagBytes > 0) {
		const behind = tagBytes < head.length ? detectFormat(head.subarray(tagBytes)) : null;
		return behind ?? audioFormat('mp3');
	}
	const match = SIGNATURES.find(([, matches]) => matches(head));
	return match ? audioFormat(match[0]) : null;
}

const isEbml = (head: Uint8Array) => hasAscii(head, 0, '\x1a\x45\xdf\xa3');

const oggBodyStart = (head: Uint8Array) => 27 + u8(head, 26);

/** One header alone is enough when the second would lie beyond `head`. */
function isAdts(head: Uint8Array): boolean {
	const first = readAdtsHeader(head, 0);
	if (!first) return false;
	if (head.length < first.lengthBytes + 7) return true;
	return readAdtsHeader(head, first.lengthBytes)?.stream === first.stream;
}

/**
 * One layer III header alone is enough when the second would lie beyond `head`. Not so for layers I and II: `FF FE`, which begins UTF-16 text,
 * is also a layer I header.
 */
function isMpeg(head: Uint8Array): boolean {
	const first: MpegHeader | null = readMpegHeader(head, 0);
	if (!first) return false;
	if (head.length < first.lengthBytes + 4) return first.layer === 3;
	return (
		readMpegHeader(head, first.lengthBytes)?.stream === first.stream ||
		(first.layer === 3 && ['TAG', 'ID3', 'APE'].includes(ascii(head, first.lengthBytes, 3)))
	);
}
