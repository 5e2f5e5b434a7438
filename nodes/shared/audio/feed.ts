import { concatBytes } from './bytes';

/**
 * A parser written as if the whole file lay before it. It stops (yields) whenever it needs bytes that have not come yet,
 * and says how many from its cursor on it waits for.
 */
export type Reading<T> = Generator<number, T, void>;

export interface ByteReader {
	/** Bytes from the start of the file to the cursor; may lie beyond the end after a `skip`. */
	readonly position: number;
	/**
	 * What lies at the cursor: at least `count` bytes, fewer only at the end of the file. The view is valid until the parser
	 * next asks for bytes.
	 */
	peek(count: number): Reading<Uint8Array>;
	/** Moves the cursor on; bytes that have not come yet are passed over when they do. */
	skip(count: number): void;
	/** Hands the next `count` bytes to `sink` in pieces of any size; gives how many there were before the end of the file. */
	take(count: number, sink: (piece: Uint8Array) => void): Reading<number>;
}

/** Brings a file to a parser in chunks of any size, and keeps no more of it than the parser waits for. */
export interface ByteFeed<T> {
	/** What the parser hands on of the chunk are views of it; it may be overwritten when those are done with. */
	push(chunk: Uint8Array): void;
	/** Says that the file is complete, and gives what the parser made of it. */
	end(): T;
}

const NOTHING = new Uint8Array(0);

/** Of a Node.js Buffer, too, whose own `slice` would not copy. */
const plainView = (bytes: Uint8Array): Uint8Array =>
	new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);

export function createFeed<T>(parse: (bytes: ByteReader) => Reading<T>): ByteFeed<T> {
	/** What lies at the cursor while the parser runs. */
	let window: Uint8Array = NOTHING;
	/** What lies there while it waits. */
	let waiting: Uint8Array[] = [];
	let waitingBytes = 0;
	let position = 0;
	let toPassOver = 0;
	let ended = false;

	const reader: ByteReader = {
		get position() {
			return position;
		},
		*peek(count) {
			while (window.length < count && !ended) yield count;
			return window;
		},
		skip(count) {
			const atHand = Math.min(count, window.length);
			window = window.subarray(atHand);
			toPassOver += count - atHand;
			position += count;
		},
		*take(count, sink) {
			let came = 0;
			while (came < count) {
				const piece = (yield* reader.peek(1)).subarray(0, count - came);
				if (piece.length === 0) break;
				came += piece.length;
				reader.skip(piece.length);
				sink(piece);
			}
			return came;
		},
	};

	const parser = parse(reader);
	let step = parser.next();

	return {
		push(chunk) {
			const passedOver = Math.min(toPassOver, chunk.length);
			toPassOver -= passedOver;
			if (step.done || passedOver === chunk.length) return;

			const came = plainView(chunk).subarray(passedOver);
			waitingBytes += came.length;
			if (waitingBytes < step.value) {
				waiting.push(came.slice());
				return;
			}
			window = waiting.length === 0 ? came : concatBytes([...waiting, came]);
			step = parser.next();
			waiting = step.done || window.length === 0 ? [] : [window.slice()];
			waitingBytes = window.length;
			window = NOTHING;
		},
		end() {
			ended = true;
			window = concatBytes(waiting);
			while (!step.done) step = parser.next();
			return step.value;
		},
	};
}
