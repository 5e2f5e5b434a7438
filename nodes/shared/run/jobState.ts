import type { AudioBody } from '../http/body';
import type { Answer, HttpRequest } from '../http/service';
import type { FailureCode } from '../speech/failure';
import type { JobFacts } from '../speech/job';

/** Where the audio of a completed job is: at addresses, or in the answer itself. */
export type AudioSource = { urls: string[] } | { body: AudioBody };

/** What one answer of a provider says about a job: what a contract translates into. */
export type JobState =
	| { status: 'queued' | 'processing'; facts: JobFacts; isWorthAskingAtOnce?: boolean }
	| { status: 'completed'; facts: JobFacts; source: AudioSource }
	/** `code` where the words say more than that the audio could not be made. */
	| { status: 'failed'; facts: JobFacts; words: string; code?: FailureCode };

/** A job that was submitted a while ago: it may have ended since. */
export const UNDER_WAY: JobState = { status: 'processing', facts: {}, isWorthAskingAtOnce: true };

/** @throws {Failure} `bad_audio` when the answer cannot be understood */
export type ReadJobState = (answer: Answer) => JobState;

/** How a provider is asked what became of a job. */
export interface StatusQuestion {
	request(jobId: string): HttpRequest;
	read: ReadJobState;
}
