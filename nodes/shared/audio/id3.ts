import { concatBytes } from './bytes';

const ASCII = new TextEncoder();
const LATIN_1 = 0;

/**
 * An ID3v2.3 tag with nothing but the length of the sound (TLEN, in milliseconds): players that read no Xing header find it there.
 * https://id3.org/id3v2.3.0
 */
export function lengthTag(seconds: number): Uint8Array {
	const text = ASCII.encode(String(Math.round(seconds * 1000)));
	const frame = concatBytes([
		ASCII.encode('TLEN'),
		bigEndian(text.length + 1),
		Uint8Array.of(0, 0, LATIN_1),
		text,
	]);
	const version = Uint8Array.of(3, 0, 0);
	return concatBytes([ASCII.encode('ID3'), version, bigEndian(frame.length), frame]);
}

/** Below 128 this is also the tag's own notation, which leaves out every eighth bit. */
const bigEndian = (value: number) => Uint8Array.of(0, 0, 0, value);
