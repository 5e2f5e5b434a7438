import type { AudioBody } from '../http/body';
import { urlOf } from '../http/channel';
import { DOWNLOAD_POLICY, isLocalHost, openDownload, undownloadable } from '../http/download';
import { createPacer } from '../http/pacer';
import { cancelled, isOutOfTime, millisecondsLeft, pause, settled, throwIfPointless } from '../http/patience';
import type { Patience } from '../http/patience';
import { retrying } from '../http/retry';
import { serviceFailure } from '../http/refusal';
import type { Answer, HttpRequest } from '../http/service';
import { Failure, MAY_BE_RESENT, mayHaveBeenPaid } from '../speech/failure';
import { roundedToMs, withFacts } from '../speech/job';
import type { AudioRequest, Piece } from './audioRequest';
import { carryOver, storeAudio } from './binary';
import type { StoredAudio } from './storedAudio';
import { haltAfter } from './halt';
import { UNDER_WAY } from './jobState';
import type { JobState, ReadJobState, StatusQuestion } from './jobState';
import { createJobTimes, nextQuestion } from './jobTimes';
import type { JobTimes, PollingState } from './jobTimes';
import { requestKey } from './ledger';
import type { LedgerEntry } from './ledger';
import type { Item } from './operation';
import { timeoutSeconds } from './options';

/** What became of one piece: its files, when they are to be downloaded; its record is that of the item. */
export interface Produced {
	state: JobState;
	stored: StoredAudio[];
}

/** What an earlier attempt of this node left of one request. */
export interface Claim {
	key: string;
	/** Undefined when the request was never sent, or is to be sent anew. */
	earlier: LedgerEntry | undefined;
}

/**
 * Looks up what an earlier attempt left of a request, before anything is sent: its files are looked for, and copied into this
 * execution when they belong to another one.
 *
 * @throws {Failure} why it may not be sent again: the reason that the ledger has, or `bad_audio` when its files are gone and it
 * has no address to download them from
 */
export async function claimEarlier(item: Item, piece: Piece): Promise<Claim> {
	const key = requestKey(item.channel, piece.submit, item.index);
	const earlier = item.ledger.claim(key);
	if (!earlier) return { key, earlier };
	const { job, lost, providerResponse } = earlier;
	item.job = job;
	item.providerResponse = providerResponse ?? null;
	if (lost) throw new Failure(lost.code, lost.message, lost);
	if (earlier.stored.length === 0) return { key, earlier };
	const kept = await settled(carryOver(item, earlier.stored));
	if ('value' in kept) {
		earlier.stored = kept.value;
	} else if (earlier.job.audio.urls.length > 0) {
		earlier.stored = [];
	} else {
		throw new Failure(
			'bad_audio',
			`The audio that an earlier attempt got from ${item.channel.service.displayName} is no longer in n8n's storage, and it has no address to download it from again. Nothing was sent now. Start a new execution to generate it again, which is charged again.`,
		);
	}
	item.ledger.note(key, earlier);
	return { key, earlier };
}

/**
 * Gets one piece done: submitted, waited for, stored; or, where an earlier attempt of this node did some of that, only the rest.
 *
 * @param calledOff why it is not to be submitted any more, if so
 * @throws {Failure} whatever keeps it from its audio; `item.job` then says what was accepted, so that it can be collected
 */
export async function produce(
	item: Item,
	piece: Piece,
	request: AudioRequest,
	{ key, earlier }: Claim,
	calledOff: () => Failure | null = () => null,
): Promise<Produced> {
	const entry: LedgerEntry = earlier ?? { job: item.job, stored: [] };
	const keep = () => {
		const providerResponse = item.output.isSimplified ? undefined : item.providerResponse;
		item.ledger.note(key, Object.assign(entry, { job: item.job, providerResponse }));
	};
	const lose = (thrown: unknown) => {
		noteLoss(item, key, entry, thrown);
		throw thrown;
	};

	let state = earlier
		? resumed(item, earlier, request)
		: await submit(item, piece, request, () => item.halt.failure ?? calledOff()).catch(lose);
	keep();
	if (request.status && !request.isHandedOver) {
		const times = earlier ? createJobTimes() : item.jobTimes;
		state = await untilDone(item, state, request.status, times).catch(lose);
		keep();
	}
	if (state.status !== 'completed') return { state, stored: [] };
	if (entry.stored.length === 0) entry.stored = await fetchAudio(item, state);
	noteStored(item, entry.stored[0]);
	keep();
	return { state, stored: entry.stored };
}

/**
 * Records a failed request in the ledger. One that may have been charged is never sent again, not even by a retry of the node.
 * One that was not charged is forgotten, and so sent anew. A job whose answer could not be understood stays: a retry checks it.
 */
function noteLoss(item: Item, key: string, entry: LedgerEntry, thrown: unknown): void {
	if (!(thrown instanceof Failure)) return;
	haltAfter(item.halt, thrown);
	if (thrown.charged === false) return item.ledger.forget(key, entry);
	const { code, message, httpStatus } = thrown;
	if (!mayHaveBeenPaid(thrown)) return;
	const hasJob = code === 'bad_audio' && item.job.job.id !== null;
	const lost = hasJob ? undefined : { code, message, httpStatus };
	item.ledger.note(key, Object.assign(entry, { job: item.job, ...(lost && { lost }) }));
}

/** Where an earlier attempt left off. @throws {Failure} when it was sent, and there is nothing to ask for or to fetch */
function resumed(item: Item, { job, stored }: LedgerEntry, { status }: AudioRequest): JobState {
	const isDone = stored.length > 0 || job.audio.urls.length > 0;
	if (isDone) return { status: 'completed', facts: {}, source: { urls: job.audio.urls } };
	if (!status || job.job.id === null) throw notUnderstood(item, 'an earlier attempt did not get it whole');
	refuseUnusableId(item);
	return UNDER_WAY;
}

/** Sends what may cost money. Where the provider tells no time, the record has this node's. */
async function submit(
	item: Item,
	piece: Piece,
	request: AudioRequest,
	calledOff: () => Failure | null,
): Promise<JobState> {
	const patience = { ...item.patience, calledOff };
	throwIfPointless(patience);
	item.job.createdAt = new Date().toISOString();
	const answer = await item.channel.send(piece.submit, patience).catch((thrown: unknown) => {
		if (wasAnswered(thrown)) item.job.text.requests += 1;
		throw thrown;
	});
	item.job.text.requests += 1;
	try {
		const state = noteAnswer(item, answer, request.read);
		if (request.status && item.job.job.id !== null) {
			refuseUnusableId(item);
			item.job.job.statusUrl ??= urlOf(item.channel, request.status.request(item.job.job.id).path);
			logAccepted(item, item.job.job.id);
		}
		return checked(item, state);
	} catch (thrown) {
		// Whatever breaks here breaks after the provider has accepted the request.
		throw thrown instanceof Failure ? thrown : notUnderstood(item, 'it could not be read');
	}
}

/** Whether the request left this machine: the provider answered it, or may have received it. */
function wasAnswered(thrown: unknown): boolean {
	if (!(thrown instanceof Failure)) return false;
	return thrown.httpStatus !== null || mayHaveBeenPaid(thrown);
}

/** An unpaired surrogate, which no address can hold. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const MAX_JOB_ID_CHARACTERS = 1_000;

/** A job ID becomes part of an address: `.` and `..` would lead to another one. @throws {Failure} `bad_audio` */
function refuseUnusableId(item: Item): void {
	const jobId = item.job.job.id ?? '';
	const isUsable =
		jobId.length > 0 &&
		jobId.length <= MAX_JOB_ID_CHARACTERS &&
		!/^\.{1,2}$/.test(jobId) &&
		!LONE_SURROGATE.test(jobId);
	if (!isUsable) throw notUnderstood(item, 'it names a job ID that cannot be used to check the job');
}

/** n8n stores nothing of a node before it has ended: of one that is killed while it waits, this line is the only trace. */
function logAccepted({ context, channel, index }: Item, jobId: string): void {
	const { name } = context.getNode();
	context.logger.info(
		`${channel.service.displayName} accepted job ${jobId} (execution ${context.getExecutionId()}, node "${name}", item ${index}).`,
	);
}

/**
 * Asks until the job has ended, about as often as the user's poll interval says.
 *
 * @param times of jobs that were submitted just before they were asked for, as this one was; left out when that is not known
 * @throws {Failure} `timed_out`, or what the provider says
 */
export async function untilDone(
	item: Item,
	first: JobState,
	question: StatusQuestion,
	times: JobTimes = createJobTimes(),
): Promise<JobState> {
	const since = Date.now();
	const time = times.begin(item.job.text.characters);
	const polling: PollingState = { questions: 0, lastQuestion: 0 };
	let state = first;
	/** Of a job that this node did not submit there is no saying that it goes on before a question has been answered. */
	let isHeardOf = item.job.text.requests > 0;
	let outage: unknown;
	const givenUp = (thrown?: unknown) => (isHeardOf ? outOfPatience(item) : (outage ?? thrown));
	while (state.status === 'queued' || state.status === 'processing') {
		const jobId = item.job.job.id;
		if (jobId === null) throw notUnderstood(item, 'it named no job to ask for');
		if (!state.isWorthAskingAtOnce) {
			const next = nextQuestion(polling, item.options.pollInterval * 1000, time.earliestEnd());
			if (millisecondsLeft(item.patience) === 0) throw givenUp();
			await pauseForPoll(item, since + next - Date.now());
		}
		// Asking costs nothing: an outage is sat out until the item's time is up.
		const patience = { ...item.patience, maxRetries: Number.MAX_SAFE_INTEGER };
		const asked = await settled(ask(item, question.request(jobId), question.read, patience));
		if ('value' in asked) {
			state = asked.value;
			isHeardOf = true;
		} else {
			const { thrown } = asked;
			if (!isOutage(thrown)) throw isPutOff(thrown) ? givenUp(thrown) : thrown;
			outage = thrown;
			state = { ...state, isWorthAskingAtOnce: false };
		}
		const answeredAt = Date.now() - since;
		if (state.status === 'completed') time.noteEnd(answeredAt);
		Object.assign(polling, { questions: polling.questions + 1, lastQuestion: answeredAt });
	}
	return checked(item, state);
}

/** Unless it tells when to come back, there is no saying that it will not be over in time. */
function isOutage(thrown: unknown): boolean {
	return thrown instanceof Failure && thrown.code === 'unavailable' && !thrown.retryAfterSeconds;
}

/** What may be asked again for ever is given up for one reason only: the next time would be too late. */
function isPutOff(thrown: unknown): boolean {
	return isOutOfTime(thrown) || (thrown instanceof Failure && MAY_BE_RESENT.has(thrown.code));
}

/** One question and its answer, noted in the record. */
export async function ask(
	item: Item,
	request: HttpRequest,
	read: ReadJobState,
	patience: Patience = item.patience,
): Promise<JobState> {
	const answer = await item.channel.send(request, patience).catch((thrown) => {
		throw isOutOfTime(thrown) && !request.spends ? notAskable(item) : thrown;
	});
	return noteAnswer(item, answer, read);
}

function noteAnswer(item: Item, answer: Answer, read: ReadJobState): JobState {
	if (answer.body.kind === 'json') item.providerResponse = answer.body.value;
	const state = read(answer);
	item.job = withFacts(item.job, state.status, state.facts);
	if (state.status === 'completed' && 'urls' in state.source) noteUrls(item, state.source.urls);
	return state;
}

function noteUrls(item: Item, urls: string[]): void {
	item.job = withFacts(item.job, item.job.status, { audio: { url: urls[0] ?? null, urls } });
}

/** @throws {Failure} `job_failed` */
function checked(item: Item, state: JobState): JobState {
	if (state.status === 'failed') throw jobFailed(item, state);
	return state;
}

/** The files of a completed job, in n8n's binary store; none where only their addresses are wanted. */
export async function fetchAudio(
	item: Item,
	{ source }: Extract<JobState, { status: 'completed' }>,
): Promise<StoredAudio[]> {
	// There is no address to put out instead: what was paid for is kept, whether a file was asked for or not.
	if ('body' in source) return [await storeAnswer(item, source.body)];
	if (source.urls.length === 0)
		throw notUnderstood(item, 'it says that the audio is ready, but names no address');
	if (!item.output.isDownloadWanted) return [];
	const stored: StoredAudio[] = [];
	for (const url of source.urls) stored.push(await download(item, url));
	return stored;
}

/** Measured facts take the place of claimed ones. */
export function noteStored(item: Item, stored: StoredAudio | undefined): void {
	item.job.completedAt ??= new Date().toISOString();
	if (!stored) return;
	const { binary, facts, format } = stored;
	item.job = withFacts(item.job, item.job.status, {
		audio: {
			fileName: binary.fileName,
			mimeType: format.mimeType,
			sizeBytes: facts.sizeBytes,
			durationSeconds: facts.durationSeconds === null ? null : roundedToMs(facts.durationSeconds),
			sampleRateHz: facts.sampleRateHz,
			channels: facts.channels,
		},
	});
}

async function download(item: Item, url: string): Promise<StoredAudio> {
	const isLocalAllowed = isLocalHost(new URL(item.channel.baseUrl).hostname);
	return await retrying(item.patience, createPacer(), DOWNLOAD_POLICY, async () => {
		const body = await openDownload(item.context, url, item.patience, isLocalAllowed);
		const stored = await storeUnbroken(item, body, () => undownloadable(url, 'it broke off', null));
		if (stored.facts.truncated) throw undownloadable(url, 'it is cut short', null);
		return stored;
	}).catch((thrown) => {
		throw isOutOfTime(thrown) ? undownloadable(url, 'the time for this item is up', null) : thrown;
	});
}

async function storeAnswer(item: Item, body: AudioBody): Promise<StoredAudio> {
	if (!Buffer.isBuffer(body.bytes)) body.bytes.once('end', item.giveWay);
	const stored = await storeUnbroken(item, body, () => notUnderstood(item, 'the audio broke off'));
	if (stored.facts.truncated) throw notUnderstood(item, 'the audio is cut short');
	return stored;
}

/** A stream that broke off is told in our words; a full disk is n8n's to tell. */
async function storeUnbroken(item: Item, body: AudioBody, broken: () => Failure): Promise<StoredAudio> {
	return await storeAudio(item, body).catch((thrown) => {
		if (item.patience.signal?.aborted) throw cancelled();
		throw !Buffer.isBuffer(body.bytes) && body.bytes.errored ? broken() : thrown;
	});
}

/** However long the interval is, a job is asked for once more so long before the item's time is up. */
const LAST_QUESTION_MS = 1_000;

async function pauseForPoll(item: Item, milliseconds: number): Promise<void> {
	const leftMs = millisecondsLeft(item.patience);
	const untilLastMs = leftMs > LAST_QUESTION_MS ? leftMs - LAST_QUESTION_MS : leftMs;
	await pause(Math.max(0, Math.min(untilLastMs, milliseconds)), item.patience.signal);
}

export function jobFailed(item: Item, { words, code }: Extract<JobState, { status: 'failed' }>): Failure {
	const { charged } = item.job.job;
	return serviceFailure(item.channel.service, code ?? 'job_failed', { words, charged });
}

/** The item's time is up, or will be before the provider lets itself be asked again. */
function outOfPatience(item: Item): Failure {
	if (millisecondsLeft(item.patience) > LAST_QUESTION_MS) return notAskable(item);
	const { displayName } = item.channel.service;
	return new Failure(
		'timed_out',
		`The audio was not ready after ${secondsOf(item)} s; ${displayName} is still working on it. ${COLLECT_LATER}`,
	);
}

function notAskable(item: Item): Failure {
	const { displayName } = item.channel.service;
	return new Failure(
		'timed_out',
		`${displayName} does not let itself be asked about the job within the ${secondsOf(item)} s of this item. ${COLLECT_LATER}`,
	);
}

const secondsOf = ({ options }: Item) => roundedToMs(timeoutSeconds(options));

const COLLECT_LATER = "Collect it later by its job ID, or raise 'Timeout (Seconds)' in Options.";

/** A 2xx answer without the audio that it should lead to. */
function notUnderstood(item: Item, words: string): Failure {
	const { displayName } = item.channel.service;
	return new Failure(
		'bad_audio',
		`The answer of ${displayName} does not lead to any audio: ${words}. It may have been charged: look into the ${displayName} account before running the node again.`,
	);
}
