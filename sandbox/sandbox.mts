/**
 * The sandbox: stand-ins of the four providers on loopback, as strict as their documents and with real speech.
 *
 *     const sandbox = await startSandbox();                       // free ports, in this process
 *     sandbox.urls.pixazo                                         // a base URL for the credential; key `RIGHT_KEY` ("sandbox-key")
 *     sandbox.scenario({ provider: 'aimlApi', operation: 'speech.generate', times: 2, status: 429, retryAfterSeconds: 1 });
 *     sandbox.scenario({ name: 'jobFailed' });                    // a row of `SCENARIOS`, for the next generation
 *     sandbox.configure({ latencyMs: 300, requestsPerSecond: 5 });
 *     sandbox.requests({ provider: 'pixazo', operation: 'speech.generate' })[0].body
 *     sandbox.counters().hosts.pixazo.operations['speech.generate'].charges
 *     sandbox.calm();                                             // clears only the scenarios
 *     sandbox.reset();                                            // clears requests, counters, scenarios, jobs and files
 *     await sandbox.stop();
 *
 * - Keys: `sandbox-key` is right everywhere; `sandbox-key.<scenario>[.<n>]` runs a row of `SCENARIOS` on every request, or the first n.
 *   Any other key gets the provider's documented refusal.
 * - Operations are named as in the project: `speech.generate`, `job.get`, `voice.getAll`, ..., and `media.get` of provider `media`.
 * - Scenarios queued with `scenario` go before those of a key; the first that matches is used. Without `times` it stays active.
 *   Without `provider` it is for any of the four (not for `media`), without `operation` for any operation that it can touch.
 * - `job`, `media` and `callback` effects belong to the generation that meets them and follow its job and its files.
 * - The same over HTTP, for tests in another process: `GET /requests`, `GET /counters`, `GET /callbacks`, `GET /jobs`, `POST /scenarios`,
 *   `POST /settings`, `POST /reset` on `urls.control`.
 */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { createCallbackSender } from './core/callbacks.mts';
import type { ProviderContext } from './core/context.mts';
import { createControlServer } from './core/control.mts';
import { createMediaHost } from './core/media.mts';
import { createProviderServer, type Surroundings } from './core/providerServer.mts';
import { createScenarioBook } from './core/scenarios.mts';
import { createTranscript } from './core/transcript.mts';
import {
	DEFAULT_SETTINGS,
	PROVIDERS,
	type Counters,
	type DeliveredCallback,
	type JobSummary,
	type ProviderModule,
	type ProviderName,
	type RecordedRequest,
	type RequestFilter,
	type Scenario,
	type Settings,
} from './core/types.mts';
import { createAimlApi } from './providers/aimlApi.mts';
import { createConvai } from './providers/convai.mts';
import { createPixazo } from './providers/pixazo.mts';
import { createVimmerse } from './providers/vimmerse.mts';
import { stopSpeaking } from './speech/speech.mts';

export { RIGHT_KEY, SCENARIOS } from './core/scenarios.mts';
export type * from './core/types.mts';

export type ServerName = ProviderName | 'media' | 'control';

export interface SandboxOptions {
	/** Fixed ports; a server without one gets a free port. */
	ports?: Partial<Record<ServerName, number>>;
	/** The address to listen on, 127.0.0.1 by default. */
	host?: string;
	/**
	 * The host name in media URLs, `localhost` by default. It differs from the providers' origin,
	 * like a CDN.
	 */
	mediaHost?: string;
	settings?: Partial<Settings>;
}

export interface Sandbox {
	/** Base URLs without a trailing slash. */
	urls: Record<ServerName, string>;
	requests(filter?: RequestFilter): RecordedRequest[];
	counters(): Counters;
	callbacks(): DeliveredCallback[];
	jobs(): JobSummary[];
	/** Queues a scenario. Throws when `name` is not in `SCENARIOS`. */
	scenario(scenario: Scenario): void;
	configure(settings: Partial<Settings>): void;
	/**
	 * Clears queued scenarios, to end a fault. Jobs and files stay, with the effects that they
	 * already have.
	 */
	calm(): void;
	/** Restores the initial state: clears jobs and files too, and resets the settings. */
	reset(): void;
	/** Closes all servers and connections, even with answers still in progress. */
	stop(): Promise<void>;
}

const CREATORS: Record<ProviderName, (context: ProviderContext) => ProviderModule> = {
	aimlApi: createAimlApi,
	convai: createConvai,
	pixazo: createPixazo,
	vimmerse: createVimmerse,
};

/** The number of sandboxes in this process that share the speech worker. */
let running = 0;

/** Starts all servers. Rejects when a fixed port is in use. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const host = options.host ?? '127.0.0.1';
	const startSettings: Settings = { ...DEFAULT_SETTINGS, ...options.settings };
	const stopping = new AbortController();
	let resetting = new AbortController();
	let lastId = 0;
	const around: Surroundings = {
		settings: { ...startSettings },
		scenarios: createScenarioBook(),
		transcript: createTranscript(),
		signal: stopping.signal,
		nextId: () => (lastId += 1),
	};
	const urls = {} as Record<ServerName, string>;
	const callbacks = createCallbackSender(stopping.signal);
	const media = createMediaHost(around, () => ({ public: urls.media, other: otherOrigin(urls.media, host) }));
	const context: ProviderContext = {
		media,
		baseUrl: (provider) => urls[provider],
		postCallback: (post) => callbacks.post(post),
		refund: (requestId) => around.transcript.refund(requestId),
		signal: () => AbortSignal.any([stopping.signal, resetting.signal]),
	};
	const modules = PROVIDERS.map((name) => CREATORS[name](context));

	const sandbox: Sandbox = {
		urls,
		requests: (filter) => around.transcript.requests(filter),
		counters: () => around.transcript.counters(),
		callbacks: () => callbacks.delivered(),
		jobs: () => modules.flatMap((module) => module.jobs()),
		scenario: (scenario) => around.scenarios.add(scenario),
		configure: (settings) => void Object.assign(around.settings, settings),
		calm: () => around.scenarios.clear(),
		reset() {
			resetting.abort();
			resetting = new AbortController();
			Object.assign(around.settings, startSettings);
			for (const part of [around.scenarios, around.transcript, callbacks, media]) part.clear();
			for (const module of modules) module.clear();
		},
		stop: async () => {},
	};

	const fastifies: Array<[ServerName, FastifyInstance]> = [];
	for (const module of modules) fastifies.push([module.name, await createProviderServer(module, around)]);
	fastifies.push(['control', createControlServer(sandbox)]);
	for (const [name, server] of fastifies) {
		await server.listen({ host, port: options.ports?.[name] ?? 0 });
		urls[name] = `http://${host}:${portOf(server.server)}`;
	}
	await listen(media.server, host, options.ports?.media ?? 0);
	urls.media = `http://${options.mediaHost ?? 'localhost'}:${portOf(media.server)}`;
	running += 1;

	sandbox.stop = once(async () => {
		stopping.abort();
		const servers = [...fastifies.map(([, server]) => server.server), media.server];
		for (const server of servers) server.closeAllConnections();
		await Promise.all([...fastifies.map(([, server]) => server.close()), closed(media.server)]);
		running -= 1;
		if (running === 0) await stopSpeaking();
	});
	return sandbox;
}

/** The same port under another host name, the target of redirects. */
function otherOrigin(origin: string, host: string): string {
	const url = new URL(origin);
	url.hostname = url.hostname === host ? 'localhost' : host;
	return url.origin;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function listen(server: Server, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

function once(action: () => Promise<void>): () => Promise<void> {
	let done: Promise<void> | undefined;
	return () => (done ??= action());
}
