import type { Item } from '../shared/run/operation';
import { Failure } from '../shared/speech/failure';

/** The seconds in 'Duration (Seconds)'. @throws {Failure} `invalid_input` when it is no positive number */
export function readDurationSeconds(item: Item): number {
	const value: unknown = item.context.getNodeParameter('duration', item.index, 5);
	const seconds = Number(value);
	if (Number.isFinite(seconds) && seconds > 0) return seconds;
	throw new Failure(
		'invalid_input',
		`'Duration (Seconds)' cannot be ${JSON.stringify(value)}. Enter a number above 0.`,
		{ field: 'Duration (Seconds)' },
	);
}
