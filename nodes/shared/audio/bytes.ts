/** Readers of fixed-width fields. Bytes beyond the end of the view count as 0, so no reader throws. */

export const u8 = (view: Uint8Array, at: number): number => view[at] ?? 0;

export const u16le = (view: Uint8Array, at: number): number => u8(view, at) + u8(view, at + 1) * 0x100;

export const u32le = (view: Uint8Array, at: number): number =>
	u16le(view, at) + u16le(view, at + 2) * 0x1_0000;

/** A 64-bit count as a number: exact up to 2^53, which no audio file reaches. */
export const u64le = (view: Uint8Array, at: number): number =>
	u32le(view, at) + u32le(view, at + 4) * 0x1_0000_0000;

export const u16be = (view: Uint8Array, at: number): number => u8(view, at) * 0x100 + u8(view, at + 1);

export const u24be = (view: Uint8Array, at: number): number => u8(view, at) * 0x1_0000 + u16be(view, at + 1);

export const u32be = (view: Uint8Array, at: number): number =>
	u16be(view, at) * 0x1_0000 + u16be(view, at + 2);

/** The bytes from `at` on as Latin-1 characters: four-character codes, tag names. */
export const ascii = (view: Uint8Array, at: number, length: number): string =>
	String.fromCharCode(...view.subarray(at, at + length));

/** Whether `text`, in Latin-1, stands at `at`. */
export const hasAscii = (view: Uint8Array, at: number, text: string): boolean => isAsciiAt(view, at, text);

/** Compares without a copy, because parsers look for short names at every page and tag. */
function isAsciiAt(view: Uint8Array, at: number, text: string): boolean {
	for (let index = 0; index < text.length; index += 1) {
		if (view[at + index] !== text.charCodeAt(index)) return false;
	}
	return true;
}

export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
	const joined = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		joined.set(piece, at);
		at += piece.length;
	}
	return joined;
}
