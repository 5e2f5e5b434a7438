import { inspect } from 'node:util';

import { RIGHT_KEY, type RecordedRequest, type Sandbox } from '../../sandbox/sandbox.mts';
import { binaryBytes, runNode, type NodeName, type WorkflowRun } from '../workflow/harness.mts';
import type { FailureCode } from '../../nodes/shared/speech/failure';
import type { Fault } from './faults.mts';
import { RESENDS, type Cell, type Expected } from './matrix.mts';
import { COLLECTING, operationNamed, type Operation } from './operations.mts';

/**
 * The outcome of a cell: the part to compare with the expectation, and the part that must hold for
 * every cell.
 */
export interface Outcome extends Expected {
	/** The number of credentials sent to a wrong place, and the places where the key was found. */
	leaks: number;
	keyFoundIn: string[];
	/** Bytes of audio in the output; null: there is no file. */
	audioBytes: number | null;
	/** Details for the reader of a failing test. */
	message: string | null;
	elapsedMs: number;
}

/** Long enough for everything that ends by itself. */
const LONG_SECONDS = 20;

type Json = Record<string, any>;

/** Runs one cell in a sandbox of its own. */
export async function runCell(
	{ fault, operation, mode, expected }: Cell,
	sandbox: Sandbox,
): Promise<Outcome> {
	sandbox.reset();
	const id = operation.madeBy ? await makeBeforehand(operation.madeBy, sandbox) : '';
	const before = sandbox.requests().length;
	prepare(fault, operation, sandbox);
	const run = await runNode(operation.node, parametersOf(fault, operation, id), {
		baseUrl: fault.isRefusedConnection ? CLOSED_ADDRESS : sandbox.urls[operation.node],
		apiKey: RIGHT_KEY,
		...(mode === 'retry' ? { retryOnFail: true } : { onError: 'continueErrorOutput' as const }),
		...(fault.stopAt && { onStart: stopWhen(fault.stopAt, operation, sandbox) }),
	});

	const requests = sandbox.requests().slice(before);
	const own = requests.filter(
		({ provider, operation: name }) => provider === operation.node && name === operation.endpoint,
	);
	const told = whatIsTold(run);
	const named = {
		job: namedIn(told, 'job', sandbox.requests(), sandbox),
		url: namedIn(told, 'url', sandbox.requests(), sandbox),
	};
	const collected =
		expected.collectedBy === null ? null : await collect(named, expected.collectedBy, sandbox);
	return {
		outcome: outcomeOf(run),
		code: codeOf(run),
		requests: own.length,
		accepted: requests.filter(({ accepted }) => accepted).length,
		charges: requests.filter(({ charged }) => charged).length,
		names: expected.names.filter((name) => named[name] !== null),
		collectedBy: collected,
		leaks: sandbox.requests().filter(({ leaks }) => leaks.length > 0).length,
		keyFoundIn: placesOf(RIGHT_KEY, { run, requests: sandbox.requests().map(withoutEffect) }),
		audioBytes: await audioBytes(run),
		message: run.error?.message ?? (run.outputs[1]?.[0]?.json.message as string | undefined) ?? null,
		elapsedMs: run.elapsedMs,
	};
}

function parametersOf(fault: Fault, operation: Operation, id: string): Json {
	const parameters = operation.parameters(id) as Json;
	const timeout = fault.timeoutSeconds ?? LONG_SECONDS;
	return {
		...parameters,
		options: { ...parameters.options, maxRetries: RESENDS, timeout, ...operation.options },
	};
}

async function makeBeforehand(madeBy: NonNullable<Operation['madeBy']>, sandbox: Sandbox): Promise<string> {
	const { node, parameters, options } = operationNamed(madeBy.operation);
	const run = await runNode(
		node,
		{ ...parameters(''), ...madeBy.parameters, options },
		{ baseUrl: sandbox.urls[node], apiKey: RIGHT_KEY },
	);
	const id = (run.outputs[0]?.[0]?.json as Json | undefined)?.job.id;
	if (typeof id !== 'string') throw new Error(`Nothing was made beforehand: ${run.error?.message}`);
	return id;
}

/** Queues the fault's effects as scenarios. */
function prepare({ body, effects }: Fault, { endpoint, node }: Operation, sandbox: Sandbox): void {
	const fillIn = (text: string) =>
		text.replaceAll('{key}', RIGHT_KEY).replaceAll('{media}', sandbox.urls.media);
	for (const { at, ...effect } of effects) {
		const target =
			at === 'media'
				? { provider: 'media' as const, operation: 'media.get' }
				: { provider: node, operation: at === 'poll' ? statusEndpoint(node) : endpoint };
		const own = body ? { body: body[node] } : {};
		sandbox.scenario({ ...target, ...JSON.parse(fillIn(JSON.stringify(effect))), ...own });
	}
}

function statusEndpoint(node: NodeName): string {
	return operationNamed(COLLECTING[node] as string).endpoint;
}

/** Stops the execution once the request that the fault concerns is running. */
function stopWhen(
	{ place, afterMs = 0 }: NonNullable<Fault['stopAt']>,
	operation: Operation,
	sandbox: Sandbox,
) {
	const isUnderWay = (request: RecordedRequest) => {
		if (place === 'media') return request.provider === 'media';
		if (request.provider !== operation.node) return false;
		return place === 'poll'
			? request.operation === statusEndpoint(operation.node)
			: request.operation === operation.endpoint && request.accepted;
	};
	return (stop: () => void) => {
		const watch = setInterval(() => {
			if (!sandbox.requests().some(isUnderWay)) return;
			clearInterval(watch);
			setTimeout(stop, afterMs);
		}, 5);
	};
}

interface Told {
	/** The record, in the output or beside the failure; null where the node as a whole failed or was stopped. */
	record: Json | null;
	/** What n8n shows of the error in that case. */
	text: string;
}

function whatIsTold(run: WorkflowRun): Told {
	const [main, failed] = run.status === 'canceled' ? [] : run.outputs;
	const record = (main?.[0]?.json ?? failed?.[0]?.json.details ?? null) as Json | null;
	return { record, text: [run.error?.message, run.error?.description].filter(Boolean).join('\n') };
}

/** What there is to name: the jobs that the provider took on, and the addresses of the media host. */
function namedIn(
	{ record, text }: Told,
	name: 'job' | 'url',
	requests: RecordedRequest[],
	sandbox: Sandbox,
): string | null {
	if (name === 'url') {
		const url = record
			? record.audio?.url
			: (/http\S+/.exec(text.slice(text.indexOf(sandbox.urls.media)))?.[0] ?? null);
		return typeof url === 'string' && url.startsWith(sandbox.urls.media) ? url : null;
	}
	const accepted = requests.flatMap(({ jobId }) => jobId ?? []);
	return accepted.find((id) => (record ? record.job?.id === id : text.includes(id))) ?? null;
}

function outcomeOf({ status, error, outputs }: WorkflowRun): Expected['outcome'] {
	if (status === 'canceled') return 'stopped';
	const [main = [], failed = []] = outputs;
	return !error && main.length > 0 && failed.length === 0 ? 'ok' : 'failed';
}

/** Where the node as a whole fails, its sentence is all that tells the code. */
const SENTENCES: ReadonlyArray<readonly [says: RegExp, code: FailureCode]> = [
	[/could not make the audio|Failed to generate audio/, 'job_failed'],
	[/did not accept the API key/, 'invalid_credentials'],
	[/account may not do this/, 'not_permitted'],
	[/has no credits left/, 'insufficient_credits'],
	[/did not accept the request/, 'rejected'],
	[/received too many requests/, 'rate_limited'],
	[/cannot be reached or is not working/, 'unavailable'],
	[/no answer came: it may have been accepted and charged/, 'ambiguous'],
	[/was not ready after|does not let itself be asked about/, 'timed_out'],
	[/broke off before its end|without any audio|does not lead to any audio|cannot be downloaded/, 'bad_audio'],
	[/answered with neither a job nor any audio|answered without an asset/, 'bad_audio'],
];

function codeOf(run: WorkflowRun): Expected['code'] {
	if (run.status === 'canceled') return 'cancelled';
	if (run.error) return SENTENCES.find(([says]) => says.test(run.error!.message))?.[1] ?? null;
	const failed = run.outputs[1]?.[0]?.json as Json | undefined;
	return failed ? (failed.details?.error?.code ?? 'no code') : null;
}

async function audioBytes(run: WorkflowRun): Promise<number | null> {
	const item = run.outputs[0]?.[0];
	return item?.binary?.data ? (await binaryBytes(item)).length : null;
}

/** Collects the audio after the fault has ended. */
async function collect(
	{ job, url }: { job: string | null; url: string | null },
	by: string,
	sandbox: Sandbox,
): Promise<string | null> {
	sandbox.calm();
	const isThere = by === 'its address' ? await isAudio(url) : await isCollected(job, by, sandbox);
	return isThere ? by : null;
}

async function isAudio(url: string | null): Promise<boolean> {
	if (url === null) return false;
	const response = await fetch(url);
	const bytes = await response.arrayBuffer();
	return response.ok && bytes.byteLength > 1_000;
}

async function isCollected(id: string | null, by: string, sandbox: Sandbox): Promise<boolean> {
	if (id === null) return false;
	const { node, options, parameters } = operationNamed(by);
	const run = await runNode(
		node,
		{ ...parameters(id), waitForCompletion: true, options: { ...options, timeout: LONG_SECONDS } },
		{ baseUrl: sandbox.urls[node], apiKey: RIGHT_KEY },
	);
	return ((await audioBytes(run)) ?? 0) > 1_000;
}

/** What the test itself told the sandbox to do. */
function withoutEffect({ effect: _effect, ...request }: RecordedRequest) {
	return request;
}

function placesOf(key: string, places: Record<string, unknown>): string[] {
	return Object.entries(places)
		.filter(([, value]) =>
			inspect(value, { depth: Infinity, maxArrayLength: null, maxStringLength: null }).includes(key),
		)
		.map(([place]) => place);
}

/** Nobody listens at the port of the discard protocol. */
const CLOSED_ADDRESS = 'http://127.0.0.1:9';

/** In words, for a title. */
export function titleOf({ fault, operation, mode }: Cell): string {
	return `${operation.name}: ${fault.title}${mode === 'retry' ? ', with Retry On Fail' : ''}`;
}
