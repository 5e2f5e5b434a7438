/** How long the jobs of a run take: what has been seen of them tells when to ask for the next one. */
export interface JobTimes {
	/** A job of a text of so many characters has just been submitted. */
	begin(characters: number): JobTime;
}

/** What is expected of one job, and what became of it; times are in milliseconds since it was submitted. */
export interface JobTime {
	/** Before which it is not likely to end; 0 when that is not known. */
	earliestEnd(): number;
	/** It was found done. */
	noteEnd(milliseconds: number): void;
}

/**
 * Jobs of longer texts take longer, by a share that is not known. So a text is expected no sooner than the quickest job seen, and a
 * short one no later than its share of a longer one. The first jobs of a run may have waited for a machine to start: they are no measure
 * of the others until one has ended too that was submitted after the first of them had.
 */
export function createJobTimes(): JobTimes {
	let quickestMs = Infinity;
	let quickestMsPerCharacter = Infinity;
	let isConfirmed = false;
	return {
		begin(characters) {
			const length = Math.max(1, characters);
			const isFirst = quickestMs === Infinity;
			return {
				earliestEnd: () => (isConfirmed ? Math.min(quickestMs, quickestMsPerCharacter * length) : 0),
				noteEnd(milliseconds) {
					quickestMs = Math.min(quickestMs, milliseconds);
					quickestMsPerCharacter = Math.min(quickestMsPerCharacter, milliseconds / length);
					isConfirmed ||= !isFirst;
				},
			};
		},
	};
}

/** Where the polling of one job stands, in milliseconds since it was submitted. */
export interface PollingState {
	questions: number;
	/** When it was asked for last; 0 before the first time. */
	lastQuestion: number;
}

/** Near the expected end a job is asked for so many times as often, as far as questions were saved before. */
const EAGERNESS = 4;
/** No silence is longer than so many intervals: the others may have taken too long to be a measure. */
const LONGEST_SILENCE = 4;

/**
 * When to ask for a job next, in milliseconds since it was submitted. Without an expectation that is every interval. With one, the
 * questions before it are saved, and spent on asking more often from then on: never more of them than one every interval makes, or one
 * more where jobs are quicker than the interval.
 */
export function nextQuestion(
	{ questions, lastQuestion }: PollingState,
	intervalMs: number,
	earliestEnd: number,
): number {
	const eagerMs = intervalMs / EAGERNESS;
	const firstEager = Math.max(eagerMs, earliestEnd - eagerMs);
	const isAffordable = questions < Math.floor(lastQuestion / intervalMs);
	if (earliestEnd === 0) return lastQuestion + intervalMs;
	if (lastQuestion < firstEager) return Math.min(firstEager, lastQuestion + LONGEST_SILENCE * intervalMs);
	return isAffordable ? lastQuestion + eagerMs : intervalMs * (Math.floor(lastQuestion / intervalMs) + 1);
}
