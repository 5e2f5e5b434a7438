import type { Failure, FailureCode } from './failure';

export type AudioKind = 'speech' | 'soundEffect' | 'music' | 'upload';

export type JobStatus = 'queued' | 'processing' | 'completed' | 'failed';

/** One request's share of a long text that was split. */
export interface AudioPart {
	index: number;
	jobId: string | null;
	url: string | null;
	startSeconds: number | null;
	endSeconds: number | null;
	text: string;
}

export interface JobError {
	code: FailureCode;
	message: string;
	httpStatus: number | null;
	retryAfterSeconds: number | null;
	charged: boolean | null;
}

/**
 * The record that every operation with audio outputs, one per input item.
 * Every key is always there; what is not known is null. Times are ISO 8601 in UTC.
 */
export interface AudioJob {
	provider: string;
	kind: AudioKind;
	model: string | null;
	status: JobStatus;
	job: {
		id: string | null;
		/** The provider's own word for the status. */
		providerStatus: string | null;
		statusUrl: string | null;
		charged: boolean | null;
	};
	audio: {
		url: string | null;
		urls: string[];
		fileName: string | null;
		mimeType: string | null;
		sizeBytes: number | null;
		durationSeconds: number | null;
		sampleRateHz: number | null;
		channels: number | null;
	};
	credits: { used: number | null; usd: number | null };
	text: { characters: number; requests: number };
	parts: AudioPart[];
	error: JobError | null;
	createdAt: string | null;
	completedAt: string | null;
}

/** What one answer of a provider adds to the record. Keys left out keep what the record has. */
export interface JobFacts {
	id?: string | null;
	/** Where the answer tells what was made, as for a job that was submitted elsewhere. */
	kind?: AudioKind | null;
	model?: string | null;
	providerStatus?: string | null;
	statusUrl?: string | null;
	charged?: boolean | null;
	audio?: Partial<AudioJob['audio']>;
	credits?: Partial<AudioJob['credits']>;
	/** In any of the formats that `isoTime` reads. */
	createdAt?: string | null;
	completedAt?: string | null;
}

/** A record about which nothing is known but what was asked for. */
export function newJob(asked: {
	provider: string;
	kind: AudioKind;
	model: string | null;
	text: string;
}): AudioJob {
	return {
		provider: asked.provider,
		kind: asked.kind,
		model: asked.model,
		status: 'queued',
		job: { id: null, providerStatus: null, statusUrl: null, charged: null },
		audio: {
			url: null,
			urls: [],
			fileName: null,
			mimeType: null,
			sizeBytes: null,
			durationSeconds: null,
			sampleRateHz: null,
			channels: null,
		},
		credits: { used: null, usd: null },
		text: { characters: countCharacters(asked.text), requests: 0 },
		parts: [],
		error: null,
		createdAt: null,
		completedAt: null,
	};
}

/** The record with what a further answer says; what the answer leaves open stays as it was. */
export function withFacts(job: AudioJob, status: JobStatus, facts: JobFacts): AudioJob {
	const createdAt = isoTime(facts.createdAt) ?? job.createdAt;
	return {
		...job,
		status,
		kind: facts.kind ?? job.kind,
		model: facts.model ?? job.model,
		job: {
			id: facts.id ?? job.job.id,
			providerStatus: facts.providerStatus ?? job.job.providerStatus,
			statusUrl: facts.statusUrl ?? job.job.statusUrl,
			charged: facts.charged ?? job.job.charged,
		},
		audio: mergeKnown(job.audio, facts.audio),
		credits: mergeKnown(job.credits, facts.credits),
		createdAt,
		completedAt: notBefore(createdAt, isoTime(facts.completedAt) ?? job.completedAt),
	};
}

/** Some providers count whole seconds: a quick job seems to end before it began. */
function notBefore(start: string | null, end: string | null): string | null {
	return start !== null && end !== null && end < start ? start : end;
}

/** The record of an item that did not get its audio. What is known of the job stays, so that it can be collected. */
export function withFailure(job: AudioJob, failure: Failure): AudioJob {
	return {
		...job,
		status: failure.code === 'timed_out' ? job.status : 'failed',
		error: {
			code: failure.code,
			message: failure.message,
			httpStatus: failure.httpStatus,
			retryAfterSeconds: failure.retryAfterSeconds,
			charged: failure.charged ?? job.job.charged,
		},
	};
}

/** Characters as people count them: Unicode code points, so that an emoji or a rare ideograph is one. */
export function countCharacters(text: string): number {
	let count = 0;
	for (let index = 0; index < text.length; count += 1)
		index += (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
	return count;
}

/** Seconds as the record has them: to the millisecond. */
export function roundedToMs(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}

const TIME_WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?$/;

/**
 * A provider's time as ISO 8601 in UTC; null when it cannot be read. Providers send ISO 8601, `YYYY-MM-DD HH:MM:SS` without a
 * zone (read as UTC: Pixazo's status answers mix both for the same instant) and six-digit fractions.
 */
export function isoTime(value: string | null | undefined): string | null {
	if (!value) return null;
	const text = value.trim();
	const time = new Date(TIME_WITHOUT_ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T'));
	return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function mergeKnown<T extends object>(before: T, update: Partial<T> | undefined): T {
	const known = Object.entries(update ?? {}).filter(([, value]) => value !== null && value !== undefined);
	return { ...before, ...Object.fromEntries(known) };
}
