import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';

import { audioFormat } from '../audio/format';
import { Failure } from '../speech/failure';
import { breakOffAfter, readBody } from './body';
import type { ByteStream } from './body';
import { createPacer } from './pacer';
import type { Hold, Pacer } from './pacer';
import { cancelled, millisecondsLeft } from './patience';
import type { Patience } from './patience';
import { readNetworkFault } from './networkFault';
import { redacted } from './redact';
import { refusalFailure, serviceFailure } from './refusal';
import { resendPolicy, retrying } from './retry';
import type { Answer, HttpRequest, Service } from './service';

export type HttpContext = IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions;

/** The way to one provider for one run of a node: its address, its credential, and how fast it lets itself be asked. */
export interface Channel {
	service: Service;
	/** Without a trailing slash. */
	baseUrl: string;
	/**
	 * What costs and what does not are limited apart by some providers, so their rates are found apart. A pause is kept by both; but a job
	 * that was paid for is asked about, in an item that has no time for the pause that was asked of others.
	 */
	pacers: Record<'costly' | 'free', Pacer>;
	/** The pause that the provider asked for last. */
	hold: Hold;
	/**
	 * Sends a request with the credential, again where nothing can have been accepted.
	 *
	 * @returns an answer with a 2xx status; what it holds is for the caller to judge
	 * @throws {Failure} any other status, or no answer
	 */
	send(request: HttpRequest, patience: Patience): Promise<Answer>;
}

/** @throws {Failure} `invalid_input` when the credential's base URL is not http(s) */
export async function openChannel(context: HttpContext, service: Service): Promise<Channel> {
	const credential = await context.getCredentials<{ baseUrl?: string; apiKey?: string }>(
		service.credentialType,
	);
	const baseUrl = readBaseUrl(credential.baseUrl, service);
	const hold: Hold = { until: 0 };
	const pacers = { costly: createPacer(hold), free: createPacer(hold, true) };
	return {
		...{ service, baseUrl, pacers, hold },
		send: async (request, patience) =>
			await retrying(
				patience,
				request.spends ? pacers.costly : pacers.free,
				resendPolicy(patience),
				async () => await sendOnce(context, service, baseUrl, request, patience, credential.apiKey),
			),
	};
}

/** Address of a path of this provider, as the record shows it. */
export function urlOf(channel: Channel, path: string): string {
	return `${channel.baseUrl}${path}`;
}

async function sendOnce(
	context: HttpContext,
	service: Service,
	baseUrl: string,
	request: HttpRequest,
	patience: Patience,
	apiKey: string | undefined,
): Promise<Answer> {
	const body = request.openBody ? await request.openBody() : request.body;
	const options: IHttpRequestOptions = {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		qs: request.query,
		headers: { Accept: '*/*', ...request.headers },
		body: body as IHttpRequestOptions['body'],
		timeout: Math.max(1, millisecondsLeft(patience)),
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// n8n keeps custom key headers across hosts, and buffers uploads for replay, when it may follow.
		disableFollowRedirect: true,
	};
	const received = await receive(context, service, options, request, patience).finally(() => {
		// An answer may come before all of the body is sent.
		if (request.openBody) (body as Partial<ByteStream>).destroy?.();
	});
	const answer = { ...received, body: redacted(received.body, apiKey) };
	if (answer.status < 200 || answer.status >= 300) throw refusalFailure(service, answer);
	const words = request.spends ? undefined : UNREADABLE[answer.body.kind];
	if (words) throw serviceFailure(service, 'unavailable', { words, httpStatus: answer.status });
	return answer;
}

/** Questions are answered in JSON or in audio. Anything else comes from something before the provider, and passes. */
const UNREADABLE: Partial<Record<Answer['body']['kind'], string>> = {
	empty: 'its answer is empty',
	html: 'it answered with a web page',
	text: 'its answer cannot be read',
};

async function receive(
	context: HttpContext,
	service: Service,
	options: IHttpRequestOptions,
	request: HttpRequest,
	patience: Patience,
): Promise<Answer> {
	let response: IN8nHttpFullResponse | undefined;
	try {
		response = (await context.helpers.httpRequestWithAuthentication.call(
			context,
			service.credentialType,
			options,
		)) as IN8nHttpFullResponse;
		const headers = response.headers as Record<string, string>;
		const expected = request.expects ? audioFormat(request.expects) : null;
		const bytes = response.body as unknown as ByteStream;
		breakOffAfter(bytes, millisecondsLeft(patience));
		const body = await readBody(bytes, headers['content-type'] ?? '', expected);
		return { status: response.statusCode, headers, body };
	} catch (fault) {
		// What costs and was sent is told as such: the run says by itself that it was stopped.
		if (patience.signal?.aborted && !request.spends) throw cancelled();
		throw response ? brokenAnswer(service, request, response) : noAnswer(service, request, fault);
	}
}

function noAnswer(service: Service, request: HttpRequest, fault: unknown): Failure {
	const { words, neverSent } = readNetworkFault(fault);
	return serviceFailure(service, request.spends && !neverSent ? 'ambiguous' : 'unavailable', { words });
}

/** The provider answered, and the answer broke off: a refusal is still a refusal, but what was paid for is lost on the way. */
function brokenAnswer(service: Service, request: HttpRequest, response: IN8nHttpFullResponse): Failure {
	if (response.statusCode >= 300) {
		const headers = response.headers as Record<string, string>;
		return refusalFailure(service, { status: response.statusCode, headers, body: { kind: 'empty' } });
	}
	if (!request.spends) return serviceFailure(service, 'unavailable', { words: 'its answer broke off' });
	return new Failure(
		'bad_audio',
		`The answer of ${service.displayName} broke off before its end. It may have been charged: look into the ${service.displayName} account before running the node again.`,
		{ httpStatus: response.statusCode },
	);
}

/** Anything else in an address would come out in records: a password, or the key as a query parameter. */
function readBaseUrl(baseUrl: string | undefined, service: Service): string {
	const url = URL.canParse(baseUrl ?? '') ? new URL(baseUrl as string) : null;
	if (!url || !['http:', 'https:'].includes(url.protocol))
		throw badBaseUrl(service, 'has to start with https:// or http://');
	if (url.username || url.password) throw badBaseUrl(service, 'must not hold a user name or password');
	if (url.search || url.hash) throw badBaseUrl(service, "must not hold a '?' or '#'");
	return url.href.replace(/\/+$/, '');
}

function badBaseUrl(service: Service, rule: string): Failure {
	return new Failure(
		'invalid_input',
		`'Base URL' in the ${service.displayName} credential ${rule}. Correct it in the credential.`,
		{ field: 'Base URL' },
	);
}
