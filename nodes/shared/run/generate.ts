import type { IBinaryKeyData, INodeExecutionData } from 'n8n-workflow';

import type { AudioBody } from '../http/body';
import { urlOf } from '../http/channel';
import { DOWNLOAD_POLICY, isLocalHost, openDownload, undownloadable } from '../http/download';
import { cancelled, createPacer, millisecondsLeft, pause, retrying } from '../http/patience';
import type { Patience } from '../http/patience';
import type { HttpRequest } from '../http/service';
import { Failure } from '../speech/failure';
import { countCharacters, withFacts, withFailure } from '../speech/job';
import { storeAudio } from './binary';
import type { StoredAudio } from './binary';
import type { JobState, ReadJobState, StatusQuestion } from './jobState';
import type { Item } from './operation';

/** One piece of paid work, as a provider's contract words it. */
export interface AudioRequest {
	model: string | null;
	/** What is spoken, counted for the record; the prompt of a sound effect or of music. */
	text: string;
	/** How much of it the provider takes at once; null or left out: no limit is published. */
	maxCharacters?: number | null;
	submit: HttpRequest;
	read: ReadJobState;
	/** How to ask for a job that is not done at once; left out where the provider always answers with the audio. */
	status?: StatusQuestion;
	/** Whether to put out a job that is not done yet as it is, to be collected later. */
	isHandedOver?: boolean;
	/** What this will cost, where the provider tells beforehand; asked only when the user set a limit. */
	estimateCredits?: (item: Item) => Promise<number>;
}

/**
 * Submits, waits until the audio is there, and puts out the record with the audio.
 *
 * @throws {Failure} whatever keeps the item from its audio; `item.job` then says what was accepted, so that it can be collected
 */
export async function generateAudio(item: Item, request: AudioRequest): Promise<INodeExecutionData[]> {
	item.job = {
		...item.job,
		model: request.model,
		text: { characters: countCharacters(request.text), requests: 0 },
	};
	refuseTooLong(request);
	await refuseTooExpensive(item, request);
	const submitted = await submit(item, request);
	if (!request.status || request.isHandedOver) return await putOut(item, submitted);
	return await putOut(item, await untilDone(item, submitted, request.status));
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
	const state = await ask(item, question.request(jobId), question.read);
	if (waits) return await putOut(item, await untilDone(item, state, question));
	if (state.status !== 'failed') return await putOut(item, state);
	item.job = withFailure(item.job, jobFailed(item, state.words));
	return [outputOf(item)];
}

function refuseTooLong({ text, maxCharacters }: AudioRequest): void {
	const characters = countCharacters(text);
	if (!maxCharacters || characters <= maxCharacters) return;
	throw new Failure(
		'invalid_input',
		`'Text' has ${characters} characters, and the model takes ${maxCharacters}. Shorten it, or choose another 'Model'.`,
		{ field: 'Text' },
	);
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

/** Sends what may cost money. Where the provider tells no time, the record has this node's. */
async function submit(item: Item, request: AudioRequest): Promise<JobState> {
	item.job.createdAt = new Date().toISOString();
	const state = await ask(item, request.submit, request.read);
	item.job.text.requests += 1;
	if (request.status && item.job.job.id !== null) {
		item.job.job.statusUrl ??= urlOf(item.channel, request.status.request(item.job.job.id).path);
	}
	return state;
}

/** Asks until the job has ended, as often as the user's poll interval says. @throws {Failure} `timed_out`, or what the provider says */
async function untilDone(item: Item, first: JobState, question: StatusQuestion): Promise<JobState> {
	let state = first;
	while (state.status === 'queued' || state.status === 'processing') {
		const jobId = item.job.job.id;
		if (jobId === null) throw notUnderstood(item, 'it named no job to ask for');
		if (!state.isWorthAskingAtOnce) await pauseForPoll(item);
		// Asking costs nothing: an outage is sat out until the item's time is up.
		const patience = { ...item.patience, maxRetries: Number.MAX_SAFE_INTEGER };
		state = await ask(item, question.request(jobId), question.read, patience).catch((thrown) => {
			throw millisecondsLeft(patience) === 0 ? timedOut(item) : thrown;
		});
	}
	return state;
}

/** One question and its answer, noted in the record of `item`. */
async function ask(
	item: Item,
	request: HttpRequest,
	read: ReadJobState,
	patience: Patience = item.patience,
): Promise<JobState> {
	const answer = await item.channel.send(request, patience);
	if (answer.body.kind === 'json') item.providerResponse = answer.body.value;
	const state = read(answer);
	item.job = withFacts(item.job, state.status, state.facts);
	return state;
}

/** The record, and the audio as binary data when it is wanted. */
async function putOut(item: Item, state: JobState): Promise<INodeExecutionData[]> {
	if (state.status === 'failed') throw jobFailed(item, state.words);
	if (state.status !== 'completed') return [outputOf(item)];
	const binary = await collect(item, state.source);
	item.job.completedAt ??= new Date().toISOString();
	return [outputOf(item, binary)];
}

async function collect(
	item: Item,
	source: Extract<JobState, { status: 'completed' }>['source'],
): Promise<IBinaryKeyData> {
	const field = item.context.getNodeParameter('binaryPropertyName', item.index, 'data') as string;
	if ('body' in source) {
		// There is no address to put out instead: what was paid for is kept, whether a file was asked for or not.
		return { [field]: noted(item, await storeAnswer(item, source.body)) };
	}
	const [url] = source.urls;
	if (url === undefined) throw notUnderstood(item, 'it says that the audio is ready, but names no address');
	item.job = withFacts(item.job, item.job.status, { audio: { url, urls: source.urls } });
	if (!(item.context.getNodeParameter('downloadAudio', item.index, true) as boolean)) return {};

	const binaries: IBinaryKeyData = { [field]: noted(item, await download(item, url)) };
	for (const [index, further] of source.urls.slice(1).entries()) {
		binaries[`${field}_${index + 2}`] = (await download(item, further)).binary;
	}
	return binaries;
}

/** Measured facts take the place of claimed ones. */
function noted(item: Item, { binary, facts, format }: StoredAudio): StoredAudio['binary'] {
	item.job = withFacts(item.job, item.job.status, {
		audio: {
			fileName: binary.fileName,
			mimeType: format.mimeType,
			sizeBytes: facts.sizeBytes,
			durationSeconds: facts.durationSeconds,
			sampleRateHz: facts.sampleRateHz,
			channels: facts.channels,
		},
	});
	return binary;
}

async function download(item: Item, url: string): Promise<StoredAudio> {
	const isLocalAllowed = isLocalHost(new URL(item.channel.baseUrl).hostname);
	return await retrying(item.patience, createPacer(), DOWNLOAD_POLICY, async () => {
		const body = await openDownload(item.context, url, item.patience, isLocalAllowed);
		const stored = await storeUnbroken(item, body, () => undownloadable(url, 'it broke off', null));
		if (stored.facts.truncated) throw undownloadable(url, 'it is cut short', null);
		return stored;
	});
}

async function storeAnswer(item: Item, body: AudioBody): Promise<StoredAudio> {
	const stored = await storeUnbroken(item, body, () => notUnderstood(item, 'the audio broke off'));
	if (stored.facts.truncated) throw notUnderstood(item, 'the audio is cut short');
	return stored;
}

async function storeUnbroken(item: Item, body: AudioBody, broken: () => Failure): Promise<StoredAudio> {
	try {
		return await storeAudio(item, body);
	} catch (thrown) {
		if (item.patience.signal?.aborted) throw cancelled();
		// A full disk is n8n's to tell; a broken stream is ours.
		throw Buffer.isBuffer(body.bytes) ? thrown : broken();
	}
}

async function pauseForPoll(item: Item): Promise<void> {
	const leftMs = millisecondsLeft(item.patience);
	if (leftMs === 0) throw timedOut(item);
	await pause(Math.min(leftMs, item.options.pollInterval * 1000), item.patience.signal);
}

function outputOf(item: Item, binary: IBinaryKeyData = {}): INodeExecutionData {
	const simplify = item.context.getNodeParameter('simplify', item.index, true) as boolean;
	return {
		json: { ...item.job, ...(simplify ? {} : { providerResponse: item.providerResponse as object }) },
		...(Object.keys(binary).length > 0 && { binary }),
	};
}

function jobFailed(item: Item, words: string): Failure {
	const { displayName } = item.channel.service;
	return new Failure(
		'job_failed',
		`${displayName} accepted the request and could not make the audio (${words}). Change the text or the voice, then run the node again.`,
		{ charged: item.job.job.charged },
	);
}

function timedOut(item: Item): Failure {
	return new Failure(
		'timed_out',
		`The audio was not ready after ${item.options.timeout} s; ${item.channel.service.displayName} is still working on it. Collect it later by its job ID, or raise 'Timeout (Seconds)' in Options.`,
	);
}

/** A 2xx answer without the audio that it should lead to. */
function notUnderstood(item: Item, words: string): Failure {
	const { displayName } = item.channel.service;
	return new Failure(
		'bad_audio',
		`The answer of ${displayName} does not lead to any audio: ${words}. It may have been charged: look into the ${displayName} account before running the node again.`,
	);
}
