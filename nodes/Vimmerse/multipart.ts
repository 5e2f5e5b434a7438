import { randomBytes } from 'crypto';

import type { ByteStream } from '../shared/http/body';
import type { HttpRequest } from '../shared/http/service';

/** A file on its way into a form: its bytes, or a way to open them as often as it takes. */
export interface FormFile {
	name: string;
	mimeType: string;
	sizeBytes: number;
	/** What tells its bytes from those of other files. */
	key: string;
	open: () => Promise<Buffer | ByteStream>;
}

/**
 * A form of one file (RFC 7578), sent as it is read: of a file of any length only a few pieces are in memory at a time. Its length
 * is told beforehand, as some servers take no form of unknown length.
 */
export function fileForm(
	field: string,
	file: FormFile,
): Pick<HttpRequest, 'headers' | 'openBody' | 'streamKey'> {
	const boundary = `----narration-${randomBytes(16).toString('hex')}`;
	const head = Buffer.from(
		[
			`--${boundary}`,
			`Content-Disposition: form-data; name="${field}"; filename="${quoted(file.name)}"`,
			`Content-Type: ${file.mimeType}`,
			'',
			'',
		].join('\r\n'),
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	return {
		headers: {
			'Content-Type': `multipart/form-data; boundary=${boundary}`,
			'Content-Length': String(head.length + file.sizeBytes + tail.length),
		},
		openBody: async () => enclosed(head, await file.open(), tail),
		streamKey: file.key,
	};
}

function enclosed(head: Buffer, content: Buffer | ByteStream, tail: Buffer): Buffer | ByteStream {
	if (Buffer.isBuffer(content)) return Buffer.concat([head, content, tail]);
	return content.compose(async function* (chunks: AsyncIterable<Buffer>) {
		yield head;
		yield* chunks;
		yield tail;
	}) as unknown as ByteStream;
}

/** As browsers write names in forms (WHATWG HTML, 4.10.21.8). */
function quoted(name: string): string {
	return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
