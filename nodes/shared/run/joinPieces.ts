import type { IBinaryData } from 'n8n-workflow';

import { JOINABLE_FORMATS, joinAudio, JoinRefusal, planJoin } from '../audio/join';
import type { JoinPlan } from '../audio/join';
import type { ByteStream } from '../http/body';
import type { Level } from '../speech/cuts';
import { Failure } from '../speech/failure';
import { roundedToMs } from '../speech/job';
import type { AudioJob } from '../speech/job';
import type { AudioRequest, Piece } from './audioRequest';
import { storeAudio } from './binary';
import type { StoredAudio } from './storedAudio';
import type { Item } from './operation';
import type { Produced } from './produce';

export interface Span {
	startSeconds: number;
	endSeconds: number;
}

/** How many times the pause that the user set follows; what was cut within a sentence goes on without one. */
const PAUSES_AFTER: Record<Level, number> = { paragraph: 2, sentence: 1, clause: 0, word: 0, grapheme: 0 };

/**
 * Refuses, before anything is spent, a text that takes several requests in a format whose files cannot become one without loss.
 *
 * @throws {Failure} `invalid_input`
 */
export function refuseUnjoinable(item: Item, { format, pieces }: AudioRequest): void {
	if (!format || JOINABLE_FORMATS.some((name) => name === format) || !item.output.isDownloadWanted) return;
	throw new Failure(
		'invalid_input',
		`'Text' takes ${pieces.length} requests, and files in ${format.toUpperCase()} cannot be joined into one without loss. Choose WAV or MP3 as 'Format' in Options.`,
		{ field: 'Format' },
	);
}

/**
 * One file of all pieces, written on as they are read: no more than a moment of one piece is in memory.
 *
 * @returns a refusal when the pieces do not fit together
 */
export async function joinPieces(
	item: Item,
	pieces: readonly Piece[],
	produced: readonly Produced[],
): Promise<{ stored: StoredAudio; spans: Span[] } | { refusal: Failure }> {
	const files = produced.map(({ stored }) => stored[0] as StoredAudio);
	const plan = planned(item, pieces, files);
	if (plan instanceof Failure) return { refusal: plan };
	const bytes = await joinedBytes(item, plan, files);
	const stored = await storeAudio(item, { kind: 'audio', format: plan.joined.format, bytes });
	const spans = plan.joined.parts.map(({ startSeconds, endSeconds }) => ({
		startSeconds: roundedToMs(startSeconds),
		endSeconds: roundedToMs(endSeconds),
	}));
	return { stored, spans };
}

function planned(item: Item, pieces: readonly Piece[], files: readonly StoredAudio[]): JoinPlan | Failure {
	const pauseMs = item.options.pause;
	try {
		return planJoin(
			files.map(({ facts }, index) => ({
				facts,
				pauseAfterMs: pauseMs * PAUSES_AFTER[pieces[index]?.endOf ?? 'paragraph'],
			})),
		);
	} catch (thrown) {
		const why = thrown instanceof JoinRefusal ? thrown.message : 'They could not be read.';
		return new Failure(
			'bad_audio',
			`The parts of the text were made, but do not become one file. ${why} They are put out one by one; another 'Format' or 'Model' may give parts that fit.`,
		);
	}
}

/**
 * The joined file as a stream that n8n's store takes. Streams cannot be made from nothing here, but the one of the first piece can be
 * continued.
 */
async function joinedBytes(
	item: Item,
	plan: JoinPlan,
	files: readonly StoredAudio[],
): Promise<Buffer | ByteStream> {
	const open = async (index: number) => await openFile(item, (files[index] as StoredAudio).binary);
	const first = await open(0);
	if (Buffer.isBuffer(first)) {
		const chunks: Uint8Array[] = [];
		for await (const chunk of joinAudio(plan, async (index) => asChunks(await open(index))))
			chunks.push(chunk);
		return Buffer.concat(chunks);
	}
	return first.compose(async function* (source: AsyncIterable<Uint8Array>) {
		yield* joinAudio(plan, async (index) => (index === 0 ? source : asChunks(await open(index))));
	}) as unknown as ByteStream;
}

async function openFile({ context }: Item, binary: IBinaryData): Promise<Buffer | ByteStream> {
	return binary.id ? await context.helpers.getBinaryStream(binary.id) : Buffer.from(binary.data, 'base64');
}

function asChunks(file: Buffer | ByteStream): AsyncIterable<Uint8Array> {
	if (!Buffer.isBuffer(file)) return file;
	return (async function* () {
		yield file;
	})();
}

/** The record of the whole from those of its pieces: what they cost together, and each one's job and address. */
export function mergedJob(whole: AudioJob, pieces: readonly Piece[], jobs: readonly AudioJob[]): AudioJob {
	const begun = jobs.find(({ createdAt }) => createdAt !== null);
	const accepted = jobs.find(({ job }) => job.id !== null) ?? begun;
	const isDone = jobs.every(({ status }) => status === 'completed');
	return {
		...whole,
		status: isDone ? 'completed' : 'processing',
		job: { ...(accepted ?? whole).job, charged: sameOrUnknown(jobs.map(({ job }) => job.charged)) },
		audio: { ...whole.audio, urls: jobs.flatMap(({ audio }) => audio.urls) },
		credits: {
			used: sumOfKnown(jobs.map(({ credits }) => credits.used)),
			usd: sumOfKnown(jobs.map(({ credits }) => credits.usd)),
		},
		text: { ...whole.text, requests: jobs.reduce((sum, { text }) => sum + text.requests, 0) },
		parts: jobs.map(({ job, audio }, index) => ({
			index,
			jobId: job.id,
			url: audio.url,
			startSeconds: null,
			endSeconds: null,
			text: pieces[index]?.text ?? '',
		})),
		createdAt: begun?.createdAt ?? null,
		completedAt: isDone ? latest(jobs.map(({ completedAt }) => completedAt)) : null,
	};
}

function latest(times: Array<string | null>): string | null {
	return times.reduce(
		(later, time) => (time !== null && (later === null || time > later) ? time : later),
		null,
	);
}

function sumOfKnown(values: Array<number | null>): number | null {
	const known = values.filter((value) => value !== null);
	return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
}

function sameOrUnknown(values: Array<boolean | null>): boolean | null {
	const [first = null] = values;
	return values.every((value) => value === first) ? first : null;
}
