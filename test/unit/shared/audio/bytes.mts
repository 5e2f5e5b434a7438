/** Bytes for tests: pieces of audio files, put together field by field. */

export const latin1 = (text: string): Uint8Array =>
	Uint8Array.from(text, (character) => character.charCodeAt(0));
export const le16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
export const le32 = (value: number): Uint8Array => {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, value, true);
	return bytes;
};
export const le64 = (value: number): Uint8Array =>
	joined(le32(value % 0x1_0000_0000), le32(Math.floor(value / 0x1_0000_0000)));
export const joined = (...pieces: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(pieces));

/** A RIFF chunk, padded to an even length. */
export const chunk = (id: string, body: Uint8Array, sizeBytes = body.length): Uint8Array =>
	joined(latin1(id), le32(sizeBytes), body, new Uint8Array(body.length % 2));

export interface FmtFields {
	tag?: number;
	channels?: number;
	rateHz?: number;
	bits?: number;
	extensible?: boolean;
}

export function fmtChunk({
	tag = 1,
	channels = 1,
	rateHz = 8000,
	bits = 16,
	extensible = false,
}: FmtFields = {}) {
	const block = (channels * bits) / 8;
	const plain = joined(
		le16(extensible ? 0xfffe : tag),
		le16(channels),
		le32(rateHz),
		le32(rateHz * block),
		le16(block),
		le16(bits),
	);
	if (!extensible) return chunk('fmt ', plain);
	const guid = joined(le16(tag), Uint8Array.of(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71));
	return chunk('fmt ', joined(plain, le16(22), le16(bits), le32(channels === 1 ? 4 : 3), guid));
}

export function riff(
	chunks: Uint8Array[],
	{ id = 'RIFF', sizeBytes }: { id?: string; sizeBytes?: number } = {},
) {
	const body = joined(latin1('WAVE'), ...chunks);
	return joined(latin1(id), le32(sizeBytes ?? body.length), body);
}

/** `count` samples of 16 bits, a ramp that never repeats a neighbour. */
export const samples = (count: number): Uint8Array =>
	joined(...Array.from({ length: count }, (_, at) => le16((at * 37) % 3000)));

/** An ID3v2.4 tag with a body of zeros. */
export const id3v2 = (bodyBytes: number, footer = false): Uint8Array =>
	joined(
		latin1('ID3\x04\x00'),
		Uint8Array.of(footer ? 0x10 : 0, 0, 0, bodyBytes >> 7, bodyBytes & 0x7f),
		new Uint8Array(bodyBytes),
		footer
			? joined(latin1('3DI\x04\x00\x10'), Uint8Array.of(0, 0, bodyBytes >> 7, bodyBytes & 0x7f))
			: new Uint8Array(0),
	);

/** Silent MPEG-1 layer III frames of 128 kbit/s at 44.1 kHz, mono, 417 bytes each. */
export const mp3Frames = (count: number): Uint8Array =>
	joined(
		...Array.from({ length: count }, () =>
			joined(Uint8Array.of(0xff, 0xfb, 0x90, 0xc0), new Uint8Array(413)),
		),
	);

/** ADTS frames of AAC-LC at 44.1 kHz, stereo, 64 bytes each. */
export const adtsFrames = (count: number): Uint8Array =>
	joined(
		...Array.from({ length: count }, () =>
			joined(Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x08, 0x1f, 0xfc), new Uint8Array(57)),
		),
	);
