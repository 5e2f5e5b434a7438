import type { ServerResponse } from 'node:http';

import type { Answer, Effect } from './types.mts';

/** The number of chunks in which a slow body is sent. */
const SLOW_PIECES = 8;

const HTML_PAGE =
	'<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Something went wrong</h1></body></html>';

/** An HTML error page, as a gateway or a CDN in front of an API returns it. */
export function htmlAnswer(status: number): Answer {
	return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: HTML_PAGE };
}

/** The Retry-After header of an effect, in the format that the effect specifies. */
export function retryAfterHeader({
	retryAfterSeconds,
	retryAfterForm = 'seconds',
}: Effect): Record<string, string> {
	if (retryAfterSeconds === undefined || retryAfterForm === 'none') return {};
	if (retryAfterForm === 'seconds') return { 'retry-after': String(retryAfterSeconds) };
	return { 'retry-after': new Date(Date.now() + retryAfterSeconds * 1000).toUTCString() };
}

/**
 * Everything that shapes a response besides the answer: the relevant parts of an effect, and the
 * signal for the sandbox's end.
 */
export interface Tampering {
	headersDelayMs?: number;
	bodyDelayMs?: number;
	reset?: Effect['reset'];
	empty?: boolean;
	truncated?: boolean;
	html?: boolean;
	contentType?: string;
	/** Content-Length gives the full size, and the connection ends after half of it. */
	breaksOff?: boolean;
}

/**
 * Writes an answer, changed as `tampering` specifies. Resolves once the last byte is handed over or
 * the connection is closed. Never rejects.
 */
export async function respond(
	response: ServerResponse,
	answer: Answer,
	tampering: Tampering,
	signal: AbortSignal,
): Promise<void> {
	if (tampering.headersDelayMs) await pause(tampering.headersDelayMs, signal);
	if (response.destroyed || signal.aborted) return void response.destroy();
	if (tampering.reset === 'beforeRequest' || tampering.reset === 'beforeAnswer') return reset(response);

	const { status, headers, sizeBytes, chunks } = wireForm(
		tampering.html ? htmlAnswer(answer.status) : answer,
	);
	if (tampering.contentType !== undefined) headers['content-type'] = tampering.contentType;
	if (headers['content-type'] === '') delete headers['content-type'];

	const breaksOff = tampering.breaksOff || tampering.reset === 'duringAnswer';
	const sentBytes = tampering.empty
		? 0
		: tampering.truncated || breaksOff
			? Math.floor(sizeBytes / 2)
			: sizeBytes;
	headers['content-length'] = String(breaksOff ? sizeBytes : sentBytes);

	response.writeHead(status, headers);
	response.flushHeaders();
	await writeBody(response, chunks, sentBytes, tampering.bodyDelayMs ?? 0, signal);
	if (breaksOff) return reset(response);
	await new Promise<void>((resolve) => {
		response.once('close', resolve);
		response.end(resolve);
	});
	if (tampering.reset === 'afterAnswer') reset(response);
}

/** Resolves after the given time, or immediately when the sandbox stops. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, milliseconds);
		signal.addEventListener('abort', done);
		if (signal.aborted) done();
	});
}

/**
 * Closes the connection with a TCP reset, so that the client sees ECONNRESET instead of a clean
 * end.
 */
function reset(response: ServerResponse): void {
	const { socket } = response;
	if (socket && !socket.destroyed) socket.resetAndDestroy();
}

interface WireForm {
	status: number;
	headers: Record<string, string>;
	sizeBytes: number;
	chunks: () => Iterable<Uint8Array>;
}

function wireForm({ status, headers = {}, body, stream }: Answer): WireForm {
	if (stream) return { status, headers: { ...headers }, sizeBytes: stream.sizeBytes, chunks: stream.chunks };
	const isText = typeof body === 'string';
	const bytes = isText ? Buffer.from(body) : body instanceof Uint8Array ? body : encodeJson(body);
	const contentType: Record<string, string> =
		isText || body instanceof Uint8Array ? {} : { 'content-type': 'application/json; charset=utf-8' };
	return { status, headers: { ...contentType, ...headers }, sizeBytes: bytes.length, chunks: () => [bytes] };
}

const encodeJson = (body: unknown) =>
	body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));

async function writeBody(
	response: ServerResponse,
	chunks: () => Iterable<Uint8Array>,
	limitBytes: number,
	delayMs: number,
	signal: AbortSignal,
): Promise<void> {
	let left = limitBytes;
	const pieceBytes = delayMs > 0 ? Math.max(1, Math.ceil(limitBytes / SLOW_PIECES)) : Infinity;
	for (const chunk of chunks()) {
		for (let start = 0; start < chunk.length && left > 0; ) {
			const piece = chunk.subarray(start, start + Math.min(chunk.length - start, pieceBytes, left));
			start += piece.length;
			left -= piece.length;
			if (delayMs > 0) await pause(delayMs / SLOW_PIECES, signal);
			if (response.destroyed || signal.aborted) return;
			if (!response.write(piece)) await drained(response);
		}
		if (left <= 0) return;
	}
}

function drained(response: ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};
		response.once('drain', done);
		response.once('close', done);
	});
}
