import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { openChannel } from '../http/channel';
import type { Channel } from '../http/channel';
import type { Hold } from '../http/pacer';
import { cancelled, pause, settled } from '../http/patience';
import { Failure } from '../speech/failure';
import { newJob } from '../speech/job';
import type { AudioJob } from '../speech/job';
import { haltAfter } from './halt';
import type { Halt } from './halt';
import { createJobTimes } from './jobTimes';
import { openLedger } from './ledger';
import { collectHint, toErrorItem, toNodeError } from './nodeFailure';
import { findOperation } from './operation';
import type { Item, Operation, OutputSettings, Program } from './operation';
import { readOptions, timeoutSeconds } from './options';
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
	const count = context.getInputData().length;
	const outcomes = await outcomesOf(context, program, operation, count);
	const unfinished = outcomes.flatMap((outcome) => ('job' in outcome ? [outcome.job] : []));
	const hint = collectHint(unfinished, program.collectWith);
	throwIfStopped(context, hint);
	const output = outcomes.flatMap((outcome) => settle(context, outcome, hint));
	if (unfinished.length === 0) openLedger(context).clear();
	return [output];
}

async function outcomesOf(
	context: IExecuteFunctions,
	{ service }: Pick<Program, 'service'>,
	operation: Operation,
	count: number,
): Promise<Outcome[]> {
	const signal = context.getExecutionCancelSignal();
	const newRecord = () =>
		newJob({ provider: service.id, kind: operation.kind ?? 'speech', model: null, text: '' });
	const opened = await settled(openChannel(context, service));
	if ('thrown' in opened) {
		const failure = asFailure(opened.thrown, signal);
		return Array.from({ length: count }, (_, index) => ({ index, failure, job: newRecord() }));
	}

	const channel = opened.value;
	const concurrency = runConcurrency(context);
	const shared = {
		...{ context, channel },
		slots: createSlots(concurrency),
		jobTimes: createJobTimes(),
		ledger: openLedger(context),
	};
	const halt: Halt = { failure: null };
	/** Items that gave way and are not done yet: with a slow store, their files may still be in memory. */
	let leaving = 0;
	const runOne = async (index: number, leave: () => void): Promise<Outcome> => {
		let hasLeft = false;
		const giveWay = () => {
			if (hasLeft || leaving >= concurrency) return;
			hasLeft = true;
			leaving += 1;
			leave();
		};
		const item: Item = {
			...shared,
			halt,
			index,
			giveWay,
			job: newRecord(),
			providerResponse: null,
			output: USUAL_OUTPUT,
			...waitingFor(null, signal),
		};
		try {
			if (halt.failure === null) await sitOut(channel.hold, signal);
			if (halt.failure) throw halt.failure;
			Object.assign(item, waitingFor({ ...itemOptions(context, index), concurrency }, signal));
			if (operation.kind) item.output = outputSettings(context, index);
			return { index, output: paired(await operation.execute(item), index) };
		} catch (thrown) {
			const failure = asFailure(thrown, signal, item.job);
			haltAfter(halt, failure);
			return { index, failure, job: item.job };
		} finally {
			if (hasLeft) leaving -= 1;
		}
	};

	const places = createSlots(concurrency);
	const outcomes = await Promise.all(
		Array.from(
			{ length: count },
			async (_, index) => await places.use(async (leave) => await runOne(index, leave)),
		),
	);
	tellOfWaiting(context, channel);
	return outcomes;
}

function settle(
	context: IExecuteFunctions,
	outcome: Outcome,
	hint: string | undefined,
): INodeExecutionData[] {
	if ('output' in outcome) return outcome.output;
	const { failure, index, job } = outcome;
	if (context.continueOnFail()) return [toErrorItem(failure, index, job)];
	throw toNodeError(context, failure, index, hint);
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

const USUAL_OUTPUT: OutputSettings = {
	isDownloadWanted: true,
	binaryPropertyName: 'data',
	isSimplified: true,
};

/** @throws {Failure} `invalid_input` when the audio would have no field to go to */
function outputSettings(context: IExecuteFunctions, index: number): OutputSettings {
	const read = <T>(name: string, fallback: T) => context.getNodeParameter(name, index, fallback) as T;
	const isDownloadWanted = Boolean(read('downloadAudio', true));
	const field: unknown = read('binaryPropertyName', USUAL_OUTPUT.binaryPropertyName);
	const binaryPropertyName = typeof field === 'string' ? field.trim() : '';
	if (binaryPropertyName === '' && isDownloadWanted) {
		throw new Failure(
			'invalid_input',
			"'Output Data Field Name' is empty. Enter a name such as data, or check that the expression yields one.",
			{ field: 'Output Data Field Name' },
		);
	}
	return {
		isDownloadWanted,
		binaryPropertyName: binaryPropertyName || USUAL_OUTPUT.binaryPropertyName,
		isSimplified: Boolean(read('simplify', true)),
	};
}

/** Longer pauses are not sat out: the items that they meet are failed. */
const LONGEST_HOLD_MS = 600_000;

/** An item that begins after a pause of the provider has all of its time. @throws {Failure} `cancelled` */
async function sitOut(hold: Hold, signal: AbortSignal | undefined): Promise<void> {
	for (let left = hold.until - Date.now(); left > 0; left = hold.until - Date.now()) {
		if (left > LONGEST_HOLD_MS) return;
		await pause(left, signal);
	}
}

/** Below this nobody wonders where the time went. */
const NOTICED_WAIT_MS = 1_000;

function tellOfWaiting(context: IExecuteFunctions, { pacers, service }: Channel): void {
	const waited = Object.values(pacers).map((pacer) => pacer.waited());
	const requests = waited.reduce((sum, { requests: count }) => sum + count, 0);
	const longestMs = Math.max(...waited.map((one) => one.longestMs));
	if (longestMs < NOTICED_WAIT_MS) return;
	const who = requests === 1 ? '1 request waited' : `${requests} requests waited up to`;
	context.addExecutionHints({
		message: `${who} ${Math.round(longestMs / 1000)} s, as ${service.displayName} limits how often it may be asked. A lower 'Concurrency' in Options asks less often.`,
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
	const deadline = Date.now() + timeoutSeconds(known) * 1000;
	return { options: known, patience: { deadline, maxRetries: known.maxRetries, signal } };
}

function paired(output: INodeExecutionData[], index: number): INodeExecutionData[] {
	return output.map((item) => ({ ...item, pairedItem: { item: index } }));
}

/**
 * What n8n throws is told in its own words: of a parameter (an expression that cannot be resolved, a missing binary field) before
 * anything was sent; of its binary store afterwards.
 */
function asFailure(thrown: unknown, signal: AbortSignal | undefined, job?: AudioJob): Failure {
	if (thrown instanceof Failure) return thrown;
	if (signal?.aborted) return cancelled();
	const wasSent = job && (job.text.requests > 0 || job.job.id !== null || job.audio.urls.length > 0);
	const words = thrown instanceof Error ? thrown.message : String(thrown);
	return new Failure(wasSent ? 'bad_audio' : 'invalid_input', words);
}

/** Also where the node continues on failing items: a stopped execution has no use for its output, only for what it leaves behind. */
function throwIfStopped(context: IExecuteFunctions, description: string | undefined): void {
	if (!context.getExecutionCancelSignal()?.aborted) return;
	throw new NodeOperationError(context.getNode(), cancelled().message, { description });
}
