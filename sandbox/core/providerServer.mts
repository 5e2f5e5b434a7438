import { createHash } from 'node:crypto';

import multipart from '@fastify/multipart';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { htmlAnswer, pause, respond, retryAfterHeader } from './respond.mts';
import { readKey, type ScenarioBook } from './scenarios.mts';
import {
	CREDENTIAL_HEADERS,
	keep,
	recordHeaders,
	redact,
	summarize,
	type Transcript,
} from './transcript.mts';
import type {
	Answer,
	Call,
	Effect,
	Operation,
	ProviderModule,
	RecordedRequest,
	Settings,
	UploadedFile,
} from './types.mts';

const LARGEST_BODY_BYTES = 64 * 1024 * 1024;
const LARGEST_UPLOAD_BYTES = 4 * 1024 * 1024 * 1024;

/** State that all servers of one sandbox share. */
export interface Surroundings {
	settings: Settings;
	scenarios: ScenarioBook;
	transcript: Transcript;
	/** Aborted when the sandbox stops. */
	signal: AbortSignal;
	nextId(): number;
}

type Credential = { state: RecordedRequest['credential']; key?: string };

/**
 * A server that answers one provider's documented paths and records every request. The order is:
 * record, scenario, rate limit, credential, the provider's own answer, and the scenario's changes
 * to that answer.
 */
export async function createProviderServer(
	provider: ProviderModule,
	around: Surroundings,
): Promise<FastifyInstance> {
	const server = fastify({ bodyLimit: LARGEST_BODY_BYTES, routerOptions: { ignoreTrailingSlash: false } });
	const limiter = createRateLimiter();
	await server.register(multipart, { limits: { fileSize: LARGEST_UPLOAD_BYTES } });
	server.removeContentTypeParser(['application/json', 'text/plain']);
	server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

	for (const operation of provider.operations) {
		server.route({
			method: operation.method,
			url: operation.path,
			handler: (request, reply) => serve(provider, operation, around, limiter, request, reply),
		});
	}
	const notFound: Operation = {
		name: 'unknown',
		method: 'GET',
		path: '*',
		open: true,
		answer: (call) => refuse(provider, 'notFound', call),
	};
	server.setNotFoundHandler((request, reply) => serve(provider, notFound, around, limiter, request, reply));
	server.setErrorHandler(
		(error, _request, reply) => void reply.code(500).send({ sandboxError: String(error) }),
	);
	return server;
}

async function serve(
	provider: ProviderModule,
	operation: Operation,
	around: Surroundings,
	limiter: RateLimiter,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<void> {
	reply.hijack();
	const started = performance.now();
	const credential = readCredential(provider, operation, request);
	const effect = around.scenarios.take({
		host: provider.name,
		operation: operation.name,
		paid: operation.paid === true,
		key: credential.key,
	});
	const call = await readCall(provider, operation, around, request, effect ?? {});
	const record = around.transcript.open(startRecord(provider, call, credential, effect));
	try {
		const answer = await decide(provider, operation, around, limiter, call, credential);
		record.accepted = answer.accepted === true;
		record.charged = answer.charged === true;
		record.jobId = answer.jobId ?? null;
		record.spoken = answer.spoken ?? [];
		record.answer = redact(summarizeAnswer(answer), credential.key).value;
		if (around.settings.latencyMs > 0) {
			await pause(around.settings.latencyMs - (performance.now() - started), around.signal);
		}
		const unanswered = effect?.reset === 'beforeRequest' || effect?.reset === 'beforeAnswer';
		record.status = unanswered ? 0 : answer.status;
		await respond(
			reply.raw,
			answer,
			effect?.status ? { ...effect, html: false } : (effect ?? {}),
			around.signal,
		);
	} catch (error) {
		record.status = 599;
		record.answer = { sandboxError: String(error) };
		if (!reply.raw.headersSent) reply.raw.writeHead(500).end(JSON.stringify({ sandboxError: String(error) }));
		else reply.raw.destroy();
	} finally {
		record.durationMs = Math.round(performance.now() - started);
		around.transcript.close(record);
	}
}

/** The answer to a call before a scenario's transport effects are applied. */
async function decide(
	provider: ProviderModule,
	operation: Operation,
	around: Surroundings,
	limiter: RateLimiter,
	call: Call,
	credential: Credential,
): Promise<Answer> {
	const { effect } = call;
	if (effect.reset === 'beforeRequest') return { status: 0 };
	if (operation.name === 'unknown') return operation.answer(call);
	if (!operation.open && credential.state !== 'right') {
		return refuse(provider, credential.state === 'missing' ? 'missingKey' : 'wrongKey', call);
	}
	const waitSeconds = limiter.waitSeconds(around.settings.requestsPerSecond);
	if (waitSeconds > 0) return limited(provider, call, { retryAfterSeconds: waitSeconds });
	if (effect.status === 429) return limited(provider, call, effect);
	if (effect.status !== undefined) return scripted(provider, call, effect, effect.status);
	return operation.answer(call);
}

const limited = (provider: ProviderModule, call: Call, effect: Effect): Answer => {
	const answer =
		effect.body === undefined ? refuse(provider, '429', call) : { status: 429, body: effect.body };
	return { ...answer, headers: { ...answer.headers, ...retryAfterHeader(effect), ...effect.headers } };
};

function scripted(provider: ProviderModule, call: Call, effect: Effect, status: number): Answer {
	const headers = { ...retryAfterHeader(effect), ...effect.headers };
	if (effect.body !== undefined) return { status, body: effect.body, headers };
	const reason = [`${status}:${effect.kind}`, String(status)].find((name) => name in provider.refusals);
	const answer = effect.kind === 'html' || !reason ? htmlAnswer(status) : refuse(provider, reason, call);
	return { ...answer, status, headers: { ...answer.headers, ...headers } };
}

/**
 * The provider's documented answer for a reason in its table. Throws when the table has no such
 * reason, because that is a defect of the sandbox.
 */
export function refuse(
	provider: Pick<ProviderModule, 'name' | 'refusals'>,
	reason: string,
	call: Call,
): Answer {
	const refusal = provider.refusals[reason];
	if (!refusal) throw new Error(`${provider.name} has no refusal "${reason}"`);
	return refusal(call);
}

function readCredential(provider: ProviderModule, operation: Operation, request: FastifyRequest): Credential {
	const header = request.headers[provider.credentialHeader];
	const key = typeof header === 'string' ? provider.keyOf(header) : undefined;
	const known = key === undefined ? undefined : readKey(key);
	if (known) return { state: 'right', key };
	if (key !== undefined) return { state: 'wrong', key };
	return { state: operation.open ? 'none needed' : 'missing' };
}

async function readCall(
	provider: ProviderModule,
	operation: Operation,
	around: Surroundings,
	request: FastifyRequest,
	effect: Effect,
): Promise<Call> {
	const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	const url = new URL(request.url, 'http://sandbox.invalid');
	const parsed =
		contentType === 'multipart/form-data'
			? await readMultipart(request)
			: readBody(contentType, request.body);
	return {
		provider: provider.name,
		operation: operation.name,
		method: request.method,
		path: url.pathname,
		params: { ...(request.params as Record<string, string>) },
		query: Object.fromEntries(url.searchParams),
		headers: request.headers,
		contentType,
		files: [],
		...parsed,
		effect,
		settings: around.settings,
		id: around.nextId(),
	};
}

type ParsedBody = Pick<Call, 'body'> & Partial<Pick<Call, 'bodyError' | 'files'>>;

function readBody(contentType: string, raw: unknown): ParsedBody {
	if (!Buffer.isBuffer(raw) || raw.length === 0) return { body: undefined };
	const text = raw.toString('utf8');
	if (contentType === 'application/x-www-form-urlencoded')
		return { body: Object.fromEntries(new URLSearchParams(text)) };
	if (contentType !== 'application/json')
		return { body: undefined, bodyError: `content type ${contentType || 'missing'}` };
	try {
		return { body: JSON.parse(text) };
	} catch (error) {
		return { body: undefined, bodyError: (error as Error).message };
	}
}

/** Reads a multipart body as a stream: files are hashed and counted, never held in memory. */
async function readMultipart(request: FastifyRequest): Promise<ParsedBody> {
	const fields: Record<string, string> = {};
	const files: UploadedFile[] = [];
	try {
		for await (const part of request.parts()) {
			if (part.type === 'field') {
				fields[part.fieldname] = String(part.value);
				continue;
			}
			const hash = createHash('sha256');
			let sizeBytes = 0;
			for await (const chunk of part.file) {
				hash.update(chunk as Buffer);
				sizeBytes += (chunk as Buffer).length;
			}
			files.push({
				field: part.fieldname,
				fileName: part.filename,
				mimeType: part.mimetype,
				sizeBytes,
				sha256: hash.digest('hex'),
			});
		}
		return { body: fields, files };
	} catch (error) {
		return { body: fields, files, bodyError: (error as Error).message };
	}
}

function startRecord(
	provider: ProviderModule,
	call: Call,
	credential: Credential,
	effect: Effect | null,
): RecordedRequest {
	const ownHeader = provider.credentialHeader;
	const foreign = CREDENTIAL_HEADERS.filter((name) => name !== ownHeader && call.headers[name] !== undefined);
	const headers = redact(recordHeaders(call.headers), credential.key);
	const path = redact(call.path, credential.key);
	const query = redact(call.query, credential.key);
	const body = redact(keep(call.body), credential.key);
	const places = { headers, path, query, body };
	const found = Object.entries(places).filter(([, { found: isFound }]) => isFound);
	return {
		id: call.id,
		provider: provider.name,
		operation: call.operation,
		method: call.method,
		path: path.value,
		query: query.value,
		headers: headers.value,
		credential: credential.state,
		leaks: [...foreign, ...found.map(([place]) => place)],
		body: body.value,
		files: call.files,
		effect,
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

function summarizeAnswer({ body, stream }: Answer): unknown {
	if (stream) return { sizeBytes: stream.sizeBytes };
	if (body instanceof Uint8Array) return summarize(body);
	return keep(body);
}

interface RateLimiter {
	/** Takes one permit and returns 0, or returns the number of whole seconds to wait. */
	waitSeconds(requestsPerSecond: number): number;
}

/** A token bucket with a capacity of one second's requests. */
function createRateLimiter(): RateLimiter {
	let tokens = Infinity;
	let filledAt = performance.now();
	return {
		waitSeconds(requestsPerSecond) {
			if (requestsPerSecond <= 0) {
				tokens = Infinity;
				return 0;
			}
			const now = performance.now();
			const capacity = Math.max(1, requestsPerSecond);
			tokens = Math.min(capacity, tokens + ((now - filledAt) / 1000) * requestsPerSecond);
			filledAt = now;
			if (tokens < 1) return Math.max(1, Math.ceil((1 - tokens) / requestsPerSecond));
			tokens -= 1;
			return 0;
		},
	};
}
