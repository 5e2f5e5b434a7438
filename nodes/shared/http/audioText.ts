import { detectFormat, formatFromMimeType, HEAD_BYTES } from '../audio/format';
import type { AudioBody } from './body';

/** No audio is shorter, and no other text of an answer that looks like hex or base64 is longer. */
const FEWEST_CHARACTERS = 64;

/**
 * Where an answer says that the audio is: at addresses, or, where there is none among the texts, in the first of them that is the audio
 * itself. Whatever else they are leads nowhere: `urls` is empty then.
 */
export function audioAt(texts: readonly string[]): { urls: string[] } | { body: AudioBody } {
	const urls = texts.filter((text) => /^https?:\/\//i.test(text));
	const body = urls.length === 0 ? texts.map(audioFromText).find((read) => read !== null) : undefined;
	return body ? { body } : { urls };
}

/**
 * Audio that an answer holds as text: a data URL (RFC 2397), hex (what `output_format: hex` asks for) or base64 (what `sync_mode`
 * gives). Which of them it is, and that it is audio at all, is decided by the bytes that come of it.
 *
 * @returns null when it is none of these
 */
function audioFromText(text: string): AudioBody | null {
	const [, mimeType, base64] = /^data:([^;,]*)[^,]*;base64,(.*)$/is.exec(text) ?? [];
	if (base64 !== undefined) return recognised(Buffer.from(base64, 'base64'), mimeType);
	const packed = text.replace(/\s+/g, '');
	if (packed.length < FEWEST_CHARACTERS) return null;
	if (/^(0x)?([0-9a-f]{2})+$/i.test(packed))
		return recognised(Buffer.from(packed.replace(/^0x/i, ''), 'hex'));
	if (/^[a-z0-9+/_-]+={0,2}$/i.test(packed)) return recognised(Buffer.from(packed, 'base64'));
	return null;
}

function recognised(bytes: Buffer, mimeType = ''): AudioBody | null {
	const format = detectFormat(bytes.subarray(0, HEAD_BYTES)) ?? formatFromMimeType(mimeType);
	return format && bytes.length > 0 ? { kind: 'audio', format, bytes } : null;
}
