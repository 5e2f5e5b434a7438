import { HITS_EVERY_ITEM, reworded } from '../speech/failure';
import type { Failure } from '../speech/failure';

/** Set once a failure has come that every other request of the run would meet too: nothing that costs is sent after it. */
export interface Halt {
	failure: Failure | null;
}

export function haltAfter(halt: Halt, failure: Failure): void {
	if (!HITS_EVERY_ITEM.has(failure.code)) return;
	halt.failure ??= reworded(
		failure,
		`Nothing more was sent, as another request of this run met the same. ${failure.message}`,
	);
}
