import type { IBinaryKeyData, INodeExecutionData } from 'n8n-workflow';

import { urlOf } from '../http/channel';
import { throwIfPointless } from '../http/patience';
import { Failure, mayHaveBeenPaid, reworded } from '../speech/failure';
import { countCharacters, newJob, withFailure } from '../speech/job';
import type { AudioRequest, Piece } from './audioRequest';
import type { StoredAudio } from './storedAudio';
import { captionsOf, refuseCaptionsWithoutAudio } from './captions';
import { joinPieces, mergedJob, refuseUnjoinable } from './joinPieces';
import { hintOnce } from './hint';
import { UNDER_WAY } from './jobState';
import type { StatusQuestion } from './jobState';
import type { Item } from './operation';
import { timeoutSeconds } from './options';
import { ask, claimEarlier, fetchAudio, jobFailed, noteStored, produce, untilDone } from './produce';
import type { Claim, Produced } from './produce';
import { createSlots } from './slots';

/**
 * Generates what is asked for and puts out the record with the audio: one file, however many pieces it took.
 *
 * @throws {Failure} whatever keeps the item from its audio; `item.job` then says what was accepted, so that it can be collected
 */
export async function generateAudio(item: Item, request: AudioRequest): Promise<INodeExecutionData[]> {
	const characters = countCharacters(request.text);
	item.job = { ...item.job, model: request.model, text: { characters, requests: 0 } };
	refuseCaptionsWithoutAudio(item, request.format);
	if (request.pieces.length > 1) refuseSplit(item, request);
	await refuseTooExpensive(item, request);
	return request.pieces.length > 1 ? await inPieces(item, request) : await inOnePiece(item, request);
}

/**
 * Asks what became of a job that was submitted earlier, and puts out the record with the audio if it is there.
 *
 * @param waits whether to go on asking until the job has ended. Who waits wants the audio, so a job that failed throws; who only
 *   asks gets the record of a failed job as an answer like any other
 * @throws {Failure} as {@link generateAudio}
 */
export async function collectAudio(
	item: Item,
	jobId: string,
	question: StatusQuestion,
	waits: boolean,
): Promise<INodeExecutionData[]> {
	item.job.job.id = jobId;
	item.job.job.statusUrl = urlOf(item.channel, question.request(jobId).path);
	const state = waits
		? await untilDone(item, UNDER_WAY, question)
		: await ask(item, question.request(jobId), question.read);
	if (state.status === 'failed') item.job = withFailure(item.job, jobFailed(item, state));
	if (state.status !== 'completed') return [outputOf(item)];
	const stored = await fetchAudio(item, state);
	noteStored(item, stored[0]);
	return [outputOf(item, fieldsOf(item, stored))];
}

async function inOnePiece(item: Item, request: AudioRequest): Promise<INodeExecutionData[]> {
	const [piece] = request.pieces;
	if (!piece)
		throw new Failure('invalid_input', "'Text' has nothing to say. Enter a text.", { field: 'Text' });
	const { stored } = await item.slots.use(async (leave) => {
		const { giveWay } = item;
		item.giveWay = () => {
			leave();
			giveWay();
		};
		return await produce(item, piece, request, await claimEarlier(item, piece));
	});
	const endSeconds = item.job.audio.durationSeconds;
	const captions = await captionsOf(
		item,
		endSeconds === null ? null : [{ ...piece, startSeconds: 0, endSeconds }],
	);
	return [outputOf(item, { ...fieldsOf(item, stored), ...captions })];
}

async function inPieces(item: Item, request: AudioRequest): Promise<INodeExecutionData[]> {
	const { service } = item.channel;
	const waiting = waitingForParts(item, request.pieces.length);
	const parts = request.pieces.map((piece) => ({
		...item,
		...waiting,
		// The item has its place until all parts are joined.
		giveWay: () => undefined,
		job: newJob({ provider: service.id, kind: item.job.kind, model: request.model, text: piece.text }),
	}));
	const noteParts = () => {
		const jobs = parts.map(({ job }) => job);
		item.job = mergedJob(item.job, request.pieces, jobs);
	};
	const produced = await everyPiece(parts, request).catch((thrown) => {
		noteParts();
		throw ofWholeText(thrown, parts);
	});
	item.providerResponse = parts.map(({ providerResponse }) => providerResponse);
	noteParts();
	if (produced.some(({ stored }) => stored.length === 0)) {
		hintOnce(
			item.context,
			"A text that takes several requests is no single file while 'Download Audio' is off: audio.url is null, and parts has the URL of each part. Turn it on to get one file.",
			'info',
		);
		return [outputOf(item)];
	}

	const joined = await joinPieces(item, request.pieces, produced);
	if ('refusal' in joined) return [unjoined(item, produced, joined.refusal)];
	const { stored, spans } = joined;
	noteStored(item, stored);
	item.job.parts = item.job.parts.map((part, index) => ({ ...part, ...spans[index] }));
	const spoken = request.pieces.map((piece, index) => ({
		...piece,
		startSeconds: 0,
		endSeconds: 0,
		...spans[index],
	}));
	return [outputOf(item, { ...fieldsOf(item, [stored]), ...(await captionsOf(item, spoken)) })];
}

/** Of one part it may be true that nothing was sent or paid for, when it is not of all that were sent. */
function ofWholeText(thrown: unknown, parts: readonly Item[]): unknown {
	const sent = parts.filter(({ job }) => job.text.requests > 0);
	if (!(thrown instanceof Failure) || thrown.charged !== false || sent.length === 0) return thrown;
	if (thrown.code === 'timed_out') {
		return new Failure(
			'timed_out',
			"The time for this item was up before all parts of its text were sent. Retry the node, which sends only those that are missing, or raise 'Timeout (Seconds)' in Options.",
		);
	}
	const isFree = sent.every(({ job }) => job.job.charged === false);
	return isFree ? thrown : reworded(thrown, thrown.message, { charged: null });
}

function waitingForParts({ options, patience }: Item, requests: number): Pick<Item, 'options' | 'patience'> {
	const timeout = timeoutSeconds(options, requests);
	const moreMs = (timeout - timeoutSeconds(options)) * 1000;
	return {
		options: { ...options, timeout },
		patience: { ...patience, deadline: patience.deadline + moreMs },
	};
}

/** Paid for is paid for: parts that do not become one file are put out one by one, and the record says why. */
function unjoined(item: Item, produced: readonly Produced[], refusal: Failure): INodeExecutionData {
	item.job = { ...withFailure(item.job, refusal), status: 'completed' };
	hintOnce(item.context, refusal.message);
	return outputOf(
		item,
		fieldsOf(
			item,
			produced.flatMap(({ stored }) => stored),
		),
	);
}

/** @throws {Failure} `invalid_input` for what cannot be had of a text that takes several requests */
function refuseSplit(item: Item, request: AudioRequest): void {
	refuseUnjoinable(item, request);
	if (!request.isHandedOver) return;
	throw new Failure(
		'invalid_input',
		`'Text' takes ${request.pieces.length} requests, whose audio is joined when all of it is there. Choose Wait for Audio as 'Completion', or shorten the text.`,
		{ field: 'Completion' },
	);
}

/** All pieces, as many at a time as the run has places. After one has failed none is begun; those under way are let end. */
async function everyPiece(parts: Item[], request: AudioRequest): Promise<Produced[]> {
	// All of them before the first request is sent: nothing is paid for beside a part that is lost.
	const claims = await allSettledInOrder(
		request.pieces.map(async (piece, index) => await claimEarlier(parts[index] as Item, piece)),
	);
	let failed = false;
	const calledOff = () =>
		failed ? new Failure('cancelled', 'An earlier part of the text could not be made.') : null;
	// Who asks for no more places than can be had at once lets other items of the run have their turn.
	const ownSlots = createSlots(parts[0]?.options.concurrency ?? 1);
	const makeOne = async (piece: Piece, part: Item, claim: Claim) => {
		throwIfPointless({ ...part.patience, calledOff });
		return await produce(part, piece, request, claim, calledOff).catch((thrown) => {
			failed = true;
			throw thrown;
		});
	};
	/** What may have been paid for is told first, and last what says no more than that a part was not sent. */
	const rank = (reason: unknown) => {
		if (!(reason instanceof Failure)) return 1;
		if (mayHaveBeenPaid(reason)) return 0;
		if (reason === parts[0]?.halt.failure) return 2;
		return reason.code === 'cancelled' ? 3 : 1;
	};
	const outcomes = await Promise.allSettled(
		request.pieces.map(async (piece, index) => {
			const part = parts[index] as Item;
			const claim = claims[index] as Claim;
			return await ownSlots.use(
				async () => await part.slots.use(async () => await makeOne(piece, part, claim)),
			);
		}),
	);
	const reasons = outcomes.flatMap((outcome) =>
		outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
	);
	const [telling] = reasons.sort((one, other) => rank(one) - rank(other));
	if (telling) throw telling;
	return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<Produced>).value);
}

/** The values of all promises, once every one has ended. @throws the first reason, in the order of the promises */
async function allSettledInOrder<T>(promises: ReadonlyArray<Promise<T>>): Promise<T[]> {
	await Promise.allSettled(promises);
	return await Promise.all(promises);
}

async function refuseTooExpensive(item: Item, { estimateCredits }: AudioRequest): Promise<void> {
	const { maxCredits } = item.options;
	if (maxCredits === undefined || !estimateCredits) return;
	const credits = await estimateCredits(item);
	if (credits <= maxCredits) return;
	throw new Failure(
		'invalid_input',
		`This would cost about ${credits} credits, and 'Max Credits' in Options is ${maxCredits}. Nothing was spent. Raise the limit, or shorten the text.`,
		{ field: 'Max Credits', charged: false },
	);
}

/** The first file under the user's name of the field, further ones under the same with a number. */
function fieldsOf({ output }: Item, stored: readonly StoredAudio[]): IBinaryKeyData {
	const field = output.binaryPropertyName;
	return Object.fromEntries(
		stored.map(({ binary }, index) => [index === 0 ? field : `${field}_${index + 1}`, binary]),
	);
}

function outputOf(item: Item, binary: IBinaryKeyData = {}): INodeExecutionData {
	const { isSimplified } = item.output;
	const providerResponse = item.providerResponse as object;
	return {
		json: { ...item.job, ...(!isSimplified && { providerResponse }) },
		...(Object.keys(binary).length > 0 && { binary }),
	};
}
