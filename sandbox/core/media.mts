import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import type { Surroundings } from './providerServer.mts';
import { htmlAnswer, pause, respond, type Tampering } from './respond.mts';
import { CREDENTIAL_HEADERS, recordHeaders } from './transcript.mts';
import type { Answer, Effect, MediaEffect, RecordedRequest } from './types.mts';
import { virtualWav } from '../speech/wav.mts';

/** The limit of published files that are kept; the oldest are removed first. */
const KEPT_FILES = 20_000;

export interface PublishedFile {
	contentType: string;
	/** Generates the bytes. Called at every download, so the renderer must cache. */
	render: () => Promise<Uint8Array>;
	/** When set, the file is a streamed WAV of this size and `render` is not called. */
	sizeBytes?: number;
}

export interface MediaHost {
	server: Server;
	/** Serves a file at this path and returns its URL, including the query if there is one. */
	publish(path: string, file: PublishedFile, effect?: Effect, query?: Record<string, string>): string;
	/** The URL of a path on this host. The path need not exist. */
	urlOf(path: string): string;
	clear(): void;
}

interface ServedFile extends PublishedFile {
	effect: MediaEffect;
	requests: number;
	publishedAt: number;
}

/**
 * Serves the files on an origin of its own, which must never receive a credential. `origins` is a
 * function because ports are assigned late.
 */
export function createMediaHost(
	around: Surroundings,
	origins: () => { public: string; other: string },
): MediaHost {
	const files = new Map<string, ServedFile>();

	const publish: MediaHost['publish'] = (path, file, effect = {}, query = {}) => {
		const sizeBytes =
			file.sizeBytes ?? effect.audioSizeBytes ?? (around.settings.audioSizeBytes || undefined);
		files.set(path, { ...file, sizeBytes, effect: effect.media ?? {}, requests: 0, publishedAt: Date.now() });
		const oldest = files.keys().next().value;
		if (files.size > KEPT_FILES && oldest !== undefined) files.delete(oldest);
		const search = new URLSearchParams(query).toString();
		return `${origins().public}${path}${search ? `?${search}` : ''}`;
	};

	const server = createServer((request, response) => void serve(request, response));

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const started = performance.now();
		const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
		const path = url.pathname;
		const record = around.transcript.open(startRecord(request, path, url, around.nextId()));
		const queued = around.scenarios.take({ host: 'media', operation: 'media.get', paid: false });
		record.effect = queued;
		if (around.settings.mediaLatencyMs > 0) await pause(around.settings.mediaLatencyMs, around.signal);
		const { answer, tampering } = await decide(request, path, record, queued).catch((error: unknown) => ({
			answer: { status: 500, body: { sandboxError: String(error) } } as Answer,
			tampering: {} as Tampering,
		}));
		record.status = answer.status;
		if (request.method === 'HEAD') response.writeHead(answer.status, answer.headers).end();
		else await respond(response, answer, tampering, around.signal);
		record.durationMs = Math.round(performance.now() - started);
		around.transcript.close(record);
	}

	async function decide(
		request: IncomingMessage,
		path: string,
		record: RecordedRequest,
		queued: Effect | null,
	): Promise<{ answer: Answer; tampering: Tampering }> {
		if (record.leaks.length > 0) {
			const body = { error: `credentials do not belong here: ${record.leaks.join(', ')}` };
			return { answer: { status: 400, body }, tampering: {} };
		}
		if (request.method !== 'GET' && request.method !== 'HEAD')
			return { answer: { status: 405 }, tampering: {} };
		if (queued?.status !== undefined) {
			const answer =
				queued.body === undefined ? htmlAnswer(queued.status) : { status: queued.status, body: queued.body };
			return { answer: { ...answer, headers: { ...answer.headers, ...queued.headers } }, tampering: {} };
		}
		const file = files.get(path);
		if (!file) return { answer: htmlAnswer(404), tampering: queued ?? {} };
		file.requests += 1;
		const effect = { ...file.effect, ...queued?.media };
		const refusal = refusalOf(file, effect, path, origins());
		if (refusal) return { answer: refusal, tampering: {} };
		return { answer: await wholeFile(file, effect), tampering: { ...tamperingOf(file, effect), ...queued } };
	}

	return { server, publish, urlOf: (path) => `${origins().public}${path}`, clear: () => files.clear() };
}

/** A path segment that cannot be guessed. */
export const unguessable = (): string => createHash('sha256').update(randomUUID()).digest('hex').slice(0, 32);

function refusalOf(
	file: ServedFile,
	effect: MediaEffect,
	path: string,
	origins: { public: string; other: string },
): Answer | undefined {
	const isMissing =
		file.requests <= (effect.missingRequests ?? 0) || Date.now() - file.publishedAt < (effect.missingMs ?? 0);
	if (isMissing) return htmlAnswer(404);
	if (effect.status && file.requests <= (effect.status.times ?? Infinity))
		return htmlAnswer(effect.status.status);
	if (effect.redirect === 'loop') return { status: 302, headers: { location: `${origins.public}${path}` } };
	if (effect.redirect === 'otherHost' && file.requests === 1) {
		return { status: 302, headers: { location: `${origins.other}${path}` } };
	}
	if (effect.html) return htmlAnswer(200);
	return undefined;
}

async function wholeFile(file: ServedFile, effect: MediaEffect): Promise<Answer> {
	const headers = { 'content-type': effect.contentType ?? file.contentType };
	if (file.sizeBytes) {
		return { status: 200, headers: { 'content-type': 'audio/wav' }, stream: virtualWav(file.sizeBytes) };
	}
	const bytes = await file.render();
	return {
		status: 200,
		headers,
		body: effect.cutShort ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes,
	};
}

function tamperingOf(file: ServedFile, effect: MediaEffect): Tampering {
	const breaksOff = effect.truncated === true || file.requests <= (effect.resetRequests ?? 0);
	return { headersDelayMs: effect.headersDelayMs, bodyDelayMs: effect.bodyDelayMs, breaksOff };
}

function startRecord(request: IncomingMessage, path: string, url: URL, id: number): RecordedRequest {
	return {
		id,
		provider: 'media',
		operation: 'media.get',
		method: request.method ?? '',
		path,
		query: Object.fromEntries(url.searchParams),
		headers: recordHeaders(request.headers),
		credential: 'none needed',
		leaks: CREDENTIAL_HEADERS.filter((name) => request.headers[name] !== undefined),
		body: null,
		files: [],
		effect: null,
		status: 0,
		answer: null,
		accepted: false,
		charged: false,
		jobId: null,
		spoken: [],
		time: new Date().toISOString(),
		durationMs: 0,
	};
}
