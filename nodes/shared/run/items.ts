import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { openChannel } from '../http/channel';
import type { Channel } from '../http/channel';
import { cancelled } from '../http/patience';
import { Failure, HITS_EVERY_ITEM } from '../speech/failure';
import { newJob } from '../speech/job';
import type { AudioJob } from '../speech/job';
import { openLedger } from './ledger';
import { toErrorItem, toNodeError } from './nodeFailure';
import { findOperation } from './operation';
import type { Item, Operation, Program } from './operation';
import { readOptions } from './options';
import type { Options } from './options';
import { createSlots } from './slots';

type Outcome =
	| { index: number; output: INodeExecutionData[] }
	| { index: number; failure: Failure; job: AudioJob };

/**
 * Runs a node: every input item through the operation that the node is set to, several at a time, put out in input order and
 * each paired with its input. A failing item never stops the others; it leaves by the error output when the user wants that,
 * and otherwise fails the node once the others are done.
 */
export async function runProgram(
	context: IExecuteFunctions,
	program: Program,
): Promise<INodeExecutionData[][]> {
	return await runOperation(context, program, chosenOperation(context, program));
}

/** The same for a node that does one thing only, and so has no resources to choose from. */
export async function runOperation(
	context: IExecuteFunctions,
	program: Pick<Program, 'service' | 'collectWith'>,
	operation: Operation,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const channel = await openRunChannel(context, program);
	const signal = context.getExecutionCancelSignal();
	const concurrency = runConcurrency(context);
	const slots = createSlots(concurrency);
	const ledger = openLedger(context);

	let stopping: Failure | null = null;
	const runOne = async (index: number): Promise<Outcome> => {
		const job = newJob({
			provider: program.service.id,
			kind: operation.kind ?? 'speech',
			model: null,
			text: '',
		});
		const item: Item = {
			context,
			index,
			channel,
			slots,
			ledger,
			job,
			providerResponse: null,
			...waitingFor(null, signal),
		};
		try {
			if (stopping) throw stopping;
			Object.assign(item, waitingFor(itemOptions(context, index), signal));
			return { index, output: paired(await operation.execute(item), index) };
		} catch (thrown) {
			const failure = asFailure(thrown, signal);
			if (HITS_EVERY_ITEM.has(failure.code)) stopping ??= notStarted(failure);
			return { index, failure, job: item.job };
		}
	};

	const outcomes = await inPool(items.length, concurrency, runOne);
	throwIfStopped(context, signal);
	tellOfWaiting(context, channel);
	const output = outcomes.flatMap((outcome) => settle(context, program, outcome));
	ledger.clear();
	return [output];
}

function settle(
	context: IExecuteFunctions,
	program: Pick<Program, 'collectWith'>,
	outcome: Outcome,
): INodeExecutionData[] {
	if ('output' in outcome) return outcome.output;
	const { failure, index, job } = outcome;
	if (context.continueOnFail()) return [toErrorItem(failure, index, job)];
	throw toNodeError(context, failure, index, job, program.collectWith);
}

function chosenOperation(context: IExecuteFunctions, program: Program): Operation {
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = findOperation(program.resources, resource, name);
	if (operation) return operation;
	throw new NodeOperationError(
		context.getNode(),
		`There is no operation '${name}' for '${resource}'. Choose another 'Operation'.`,
	);
}

async function openRunChannel(
	context: IExecuteFunctions,
	program: Pick<Program, 'service'>,
): Promise<Channel> {
	try {
		return await openChannel(context, program.service);
	} catch (thrown) {
		throw new NodeOperationError(context.getNode(), thrown as Error);
	}
}

/** Below this nobody wonders where the time went. */
const NOTICED_WAIT_MS = 1_000;

function tellOfWaiting(context: IExecuteFunctions, { pacer, service }: Channel): void {
	const { requests, longestMs } = pacer.waited();
	if (longestMs < NOTICED_WAIT_MS) return;
	const who = requests === 1 ? '1 request' : `${requests} requests`;
	context.addExecutionHints({
		message: `${who} waited up to ${Math.round(longestMs / 1000)} s, as ${service.displayName} limits how often it may be asked. A lower 'Concurrency' in Options asks less often.`,
		location: 'outputPane',
	});
}

/** Belongs to the run, so it is read once, from the first item. */
function runConcurrency(context: IExecuteFunctions): number {
	try {
		return itemOptions(context, 0).concurrency;
	} catch {
		// The first item refuses its options by itself, with the sentence that belongs to it.
		return 1;
	}
}

function itemOptions(context: IExecuteFunctions, index: number): Options {
	return readOptions(context.getNodeParameter('options', index, {}) as IDataObject);
}

function waitingFor(
	options: Options | null,
	signal: AbortSignal | undefined,
): Pick<Item, 'options' | 'patience'> {
	const known = options ?? readOptions({});
	const deadline = Date.now() + known.timeout * 1000;
	return { options: known, patience: { deadline, maxRetries: known.maxRetries, signal } };
}

/** Calls `work` for 0 to `count` - 1, at most `concurrency` at a time. Results are in order; `work` must not throw. */
async function inPool<T>(
	count: number,
	concurrency: number,
	work: (index: number) => Promise<T>,
): Promise<T[]> {
	const results = new Array<T>(count);
	let next = 0;
	const worker = async () => {
		while (next < count) {
			const index = next++;
			results[index] = await work(index);
		}
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
	return results;
}

function paired(output: INodeExecutionData[], index: number): INodeExecutionData[] {
	return output.map((item) => ({ ...item, pairedItem: { item: index } }));
}

/** What n8n throws for a parameter (an expression that cannot be resolved, a missing binary field) is told in its own words. */
function asFailure(thrown: unknown, signal: AbortSignal | undefined): Failure {
	if (signal?.aborted) return cancelled();
	if (thrown instanceof Failure) return thrown;
	return new Failure('invalid_input', thrown instanceof Error ? thrown.message : String(thrown));
}

function notStarted(first: Failure): Failure {
	return new Failure(first.code, `Not sent, as an earlier item of this run met the same. ${first.message}`, {
		...first,
		field: first.field ?? undefined,
	});
}

/** Also where the node continues on failing items: a stopped execution has no use for its output. */
function throwIfStopped(context: IExecuteFunctions, signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new NodeOperationError(context.getNode(), cancelled().message);
}
