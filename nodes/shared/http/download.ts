import type { IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';

import { formatFromExtension } from '../audio/format';
import { Failure } from '../speech/failure';
import { breakOffAfter, readBody } from './body';
import type { AudioBody, ByteStream } from './body';
import { readNetworkFault } from './networkFault';
import { cancelled, millisecondsLeft } from './patience';
import type { Patience } from './patience';
import type { RetryPolicy } from './retry';

const MOST_REDIRECTS = 5;

/** Statuses of a media host that may pass: CDNs answer 404 for some seconds after the provider says that the file is there. */
const PASSING_STATUSES = new Set([404, 408, 425, 429]);

/** Downloads cost nothing: tried for about half a minute, whatever the user allows for requests that do. */
export const DOWNLOAD_POLICY: RetryPolicy = {
	mayRetry: (failure) => failure.code === 'bad_audio' && !failure.isFinal && mayPass(failure.httpStatus),
	maxRetries: 9,
	longestBackoffMs: 5_000,
};

function mayPass(status: number | null): boolean {
	return status === null || status < 300 || status >= 500 || PASSING_STATUSES.has(status);
}

/**
 * Opens the audio behind a URL that a provider named: without any credential, whichever host it is on. Redirects are followed
 * here, one by one, so that each address is looked at.
 *
 * @param isLocalAllowed whether the provider's own base URL is on this machine: only then may its audio be
 * @throws {Failure} `bad_audio` when there is no audio, or `cancelled`
 */
export async function openDownload(
	context: IExecuteFunctions,
	url: string,
	patience: Patience,
	isLocalAllowed: boolean,
): Promise<AudioBody> {
	let address = url;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
		const response = await fetchOnce(context, checkedAddress(address, isLocalAllowed), patience);
		const location =
			response.statusCode >= 300 && response.statusCode < 400 ? response.headers.location : undefined;
		if (typeof location !== 'string') return await readAudio(response, address, patience);
		(response.body as unknown as ByteStream).destroy();
		if (!URL.canParse(location, address)) throw unreachable(url, 'it redirects to what is no address');
		address = new URL(location, address).href;
	}
	throw unreachable(url, 'it redirects in a circle');
}

async function fetchOnce(
	context: IExecuteFunctions,
	url: string,
	patience: Patience,
): Promise<IN8nHttpFullResponse> {
	try {
		return (await context.helpers.httpRequest({
			method: 'GET',
			url,
			headers: { Accept: 'audio/*, */*;q=0.5' },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: Math.max(1, millisecondsLeft(patience)),
			abortSignal: patience.signal,
		})) as IN8nHttpFullResponse;
	} catch (fault) {
		throw patience.signal?.aborted ? cancelled() : undownloadable(url, readNetworkFault(fault).words, null);
	}
}

async function readAudio(
	response: IN8nHttpFullResponse,
	url: string,
	patience: Patience,
): Promise<AudioBody> {
	const stream = response.body as unknown as ByteStream;
	if (response.statusCode < 200 || response.statusCode >= 300) {
		stream.destroy();
		throw undownloadable(url, `HTTP ${response.statusCode}`, response.statusCode);
	}
	breakOffAfter(stream, millisecondsLeft(patience));
	let body;
	try {
		body = await readBody(stream, String(response.headers['content-type'] ?? ''), formatFromExtension(url));
	} catch {
		throw patience.signal?.aborted ? cancelled() : undownloadable(url, 'it broke off', null);
	}
	if (body.kind === 'audio') return body;
	throw undownloadable(
		url,
		body.kind === 'empty' ? 'it is empty' : `it is ${body.kind.toUpperCase()}, not audio`,
		null,
	);
}

/** The audio exists, and is not to be had from its address at the moment. */
export function undownloadable(
	url: string,
	words: string,
	httpStatus: number | null,
	isFinal = false,
): Failure {
	return new Failure(
		'bad_audio',
		`The audio was made, but cannot be downloaded from ${shortened(url)} (${words}). Try this address later: it does not have to be paid for again.`,
		{ httpStatus, isFinal },
	);
}

/** An address from which nothing is to be had, however often one tries. */
function unreachable(url: string, words: string): Failure {
	return undownloadable(url, words, null, true);
}

const LONGEST_URL = 500;

function shortened(url: string): string {
	return url.length > LONGEST_URL ? `${url.slice(0, LONGEST_URL)}…` : url;
}

function checkedAddress(url: string, isLocalAllowed: boolean): string {
	if (!URL.canParse(url)) throw unreachable(url, 'this is not an address');
	const { protocol, hostname } = new URL(url);
	if (!['http:', 'https:'].includes(protocol)) throw unreachable(url, 'this is not a web address');
	if (!isLocalAllowed && isLocalHost(hostname)) throw unreachable(url, "it points into n8n's own machine");
	return url;
}

/** IPv6 addresses that stand for an IPv4 one: compatible, mapped, translated, NAT64 (RFC 4291, 2765, 6052). */
const EMBEDDED_IPV4 = /^(?:::|::ffff:|::ffff:0:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** Loopback, unspecified and link-local addresses, in the normal form that URL gives them (RFC 1122, 3927, 4291, 6761). */
export function isLocalHost(hostname: string): boolean {
	const host = hostname
		.toLowerCase()
		.replace(/^\[|\]$/g, '')
		.replace(/\.+$/, '');
	const [, high, low] = EMBEDDED_IPV4.exec(host) ?? [];
	if (high && low) return isLocalHost(dotted(parseInt(high, 16), parseInt(low, 16)));
	return (
		/(^|\.)localhost$/.test(host) ||
		/^(127|0)\.\d+\.\d+\.\d+$/.test(host) ||
		/^169\.254\.\d+\.\d+$/.test(host) ||
		/^::[0-9a-f]{0,4}$/.test(host) ||
		/^fe[89ab][0-9a-f]:/.test(host)
	);
}

function dotted(high: number, low: number): string {
	return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
