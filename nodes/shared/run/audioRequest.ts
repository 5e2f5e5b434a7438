import type { AudioFormatName } from '../audio/format';
import type { HttpRequest } from '../http/service';
import type { Level } from '../speech/cuts';
import type { Turn } from '../speech/script';
import type { ReadJobState, StatusQuestion } from './jobState';
import type { Item } from './operation';

/** One request's worth of a text. */
export interface Piece {
	/** What is spoken, for the record and for captions. */
	text: string;
	/** Of a script: who says what, numbered as in the whole script. */
	turns?: readonly Turn[];
	/** What ends with it, which tells how long a pause follows. */
	endOf: Level;
	submit: HttpRequest;
}

/** Paid work, as a provider's contract words it. */
export interface AudioRequest {
	model: string | null;
	/** What is spoken, counted for the record; the prompt of a sound effect or of music. */
	text: string;
	/** At least one; several where the text is longer than the provider takes at once. */
	pieces: readonly Piece[];
	read: ReadJobState;
	/** How to ask for a job that is not done at once; left out where the provider always answers with the audio. */
	status?: StatusQuestion;
	/** Whether to put out a job that is not done yet as it is, to be collected later. */
	isHandedOver?: boolean;
	/** What this will cost, where the provider tells beforehand; asked only when the user set a limit. */
	estimateCredits?: (item: Item) => Promise<number>;
	/** The format that will come, where it is known beforehand. */
	format?: AudioFormatName;
}

/** A request that is made in one piece. */
export function singlePiece(text: string, submit: HttpRequest): Piece[] {
	return [{ text, endOf: 'paragraph', submit }];
}
