import type { IExecuteFunctions } from 'n8n-workflow';

import { detectFormat, formatFromMimeType, HEAD_BYTES } from '../audio/format';
import type { AudioFormat, AudioFormatName } from '../audio/format';

/** Node's readable stream, as n8n's helpers give and take it. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** Audio that has not been read yet, or all of it when it is short. */
export interface AudioBody {
	kind: 'audio';
	format: AudioFormat;
	bytes: Buffer | ByteStream;
}

/** What an answer holds, decided by its first bytes and only then by its declared type: providers send generic types. */
export type Body =
	| AudioBody
	| { kind: 'json'; value: unknown; text: string }
	| { kind: 'html' | 'text'; text: string }
	| { kind: 'empty' };

/** No JSON answer is longer, audio in base64 included. */
const LONGEST_TEXT_BYTES = 128 * 1024 * 1024;

/**
 * Reads as much of a body as it takes to know what it is: JSON and text are read whole, audio is left to be streamed.
 *
 * @param expected what it is if it is audio of a kind that does not tell, nor its declared type either
 * @throws the stream's own error when the body breaks off
 */
export async function readBody(
	stream: ByteStream,
	contentType: string,
	expected: AudioFormat | null = null,
): Promise<Body> {
	const { head, ended } = await peek(stream, HEAD_BYTES);
	const format = detectFormat(head) ?? headerlessAudio(head, contentType, expected);
	if (format) return { kind: 'audio', format, bytes: ended ? head : stream };

	const bytes = ended ? head : await readAll(stream);
	const text = bytes.toString('utf8').trim();
	if (text === '') return { kind: 'empty' };
	if (text.startsWith('<')) return { kind: 'html', text };
	try {
		return { kind: 'json', value: JSON.parse(text), text };
	} catch {
		return { kind: 'text', text };
	}
}

/**
 * Breaks a body off that takes longer than its item has: n8n's time limit starts anew with every byte. Whoever reads it then sees
 * it end too early.
 */
export function breakOffAfter(stream: ByteStream, milliseconds: number): void {
	const timeUp = AbortSignal.timeout(Math.max(1, milliseconds));
	const breakOff = () => stream.destroy(new Error('The time is up.'));
	// Nobody may be reading at that moment, and n8n ends at what nobody listens to.
	stream.on('error', () => undefined);
	timeUp.addEventListener('abort', breakOff, { once: true });
	// Or the signal would hold on to every stream until then.
	stream.once('close', () => timeUp.removeEventListener('abort', breakOff));
}

const HEADERLESS: ReadonlySet<AudioFormatName> = new Set<AudioFormatName>(['pcm', 'mulaw', 'alaw']);

/** PCM and its like have no magic bytes: the declared type is believed, then what was asked for, unless it is plainly text. */
function headerlessAudio(
	head: Buffer,
	contentType: string,
	expected: AudioFormat | null,
): AudioFormat | null {
	const start = head.subarray(0, 16);
	const isPrintable = start.every(
		(byte) => (byte >= 0x20 && byte < 0x7f) || [0x09, 0x0a, 0x0d].includes(byte),
	);
	const firstCharacter = start.toString('latin1').trimStart().charAt(0);
	if (isPrintable && ['', '{', '[', '<'].includes(firstCharacter)) return null;

	const declared = formatFromMimeType(contentType);
	if (declared) return declared;
	return expected && HEADERLESS.has(expected.name) && !isPrintable ? expected : null;
}

async function readAll(stream: ByteStream): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let sizeBytes = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		sizeBytes += chunk.length;
		if (sizeBytes > LONGEST_TEXT_BYTES) {
			stream.destroy();
			break;
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/** The first bytes, left in the stream unless they were all of it. */
async function peek(stream: ByteStream, wantedBytes: number): Promise<{ head: Buffer; ended: boolean }> {
	const chunks: Buffer[] = [];
	let sizeBytes = 0;
	let ended = false;
	while (sizeBytes < wantedBytes && !ended) {
		const chunk = stream.read() as Buffer | null;
		if (chunk) {
			chunks.push(chunk);
			sizeBytes += chunk.length;
		} else {
			ended = await readableOrEnded(stream);
		}
	}
	const head = Buffer.concat(chunks);
	if (!ended) stream.unshift(head);
	return { head, ended };
}

async function readableOrEnded(stream: ByteStream): Promise<boolean> {
	if (stream.readableEnded) return true;
	if (stream.errored) throw stream.errored;
	return await new Promise<boolean>((resolve, reject) => {
		const settle = (finish: () => void) => () => {
			stream.off('readable', onReadable).off('end', onEnd).off('error', onBreak).off('close', onBreak);
			finish();
		};
		const onReadable = settle(() => resolve(false));
		const onEnd = settle(() => resolve(true));
		const onBreak = settle(() => reject(stream.errored ?? new Error('The answer broke off.')));
		stream.once('readable', onReadable).once('end', onEnd).once('error', onBreak).once('close', onBreak);
	});
}
