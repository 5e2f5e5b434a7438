/** One of the stretches that are put together, measured on the whole they belong to. */
export interface Piece {
	/** The count of all before this piece, white space included. */
	countStart: number;
	/** The same at its end: `countEnd - countStart` is its own size. */
	countEnd: number;
	/** What it costs to cut behind this piece: 0 for the most natural place. */
	cutCost: number;
	/** What a group that begins with this piece needs in addition. */
	overhead?: number;
}

/** Indexes of the first and the last piece of a group. */
export interface Group {
	first: number;
	last: number;
}

/** The largest group may be this much larger than it would have to be, if that finds more natural cuts. */
const UNEVENNESS = 1.1;

/** As many places per group are weighed against each other; more make no difference that one could hear. */
const PLACES_PER_GROUP = 128;

/** One more group than necessary costs more than any unevenness of the others. */
const GROUP_COST = 1;

/**
 * Puts pieces together, in order, into groups of at most `limit`: as few as will do, about as even as they can be,
 * and ending at natural places. The time grows with the number of pieces, not with its square.
 *
 * A cost of 0.04 is worth as much as a group that is a fifth too large or too small. Every piece must fit by itself.
 */
export function balance(pieces: readonly Piece[], limit: number): Group[] {
	const blocks = thinOut(pieces, limit);
	const last = blocks.at(-1);
	if (!last) return [];
	const fewest = groupsNeeded(blocks, limit);
	const target = last.countEnd / fewest;
	const ceiling = Math.min(limit, UNEVENNESS * smallestCeiling(blocks, fewest, limit));
	const cheapest: number[] = [0];
	const begins: number[] = [];
	for (const [end, block] of blocks.entries()) {
		let best = Infinity;
		for (let begin = end; begin >= 0; begin--) {
			const size = sizeOf(blocks, begin, end);
			if (size > ceiling && begin < end) {
				if (size - (blocks[begin]?.overhead ?? 0) > ceiling) break;
				continue;
			}
			const cost = (cheapest[begin] ?? 0) + ((size - target) / target) ** 2 + GROUP_COST;
			if (cost >= best) continue;
			best = cost;
			begins[end] = begin;
		}
		cheapest[end + 1] = best + (end + 1 < blocks.length ? block.cutCost : 0);
	}
	return traceBack(blocks, begins);
}

type Block = Piece & Group;

function traceBack(blocks: readonly Block[], begins: readonly number[]): Group[] {
	const groups: Group[] = [];
	for (let end = blocks.length - 1; end >= 0; ) {
		const begin = begins[end] ?? 0;
		groups.push({ first: blocks[begin]?.first ?? 0, last: blocks[end]?.last ?? 0 });
		end = begin - 1;
	}
	return groups.reverse();
}

function sizeOf(blocks: readonly Block[], begin: number, end: number): number {
	const first = blocks[begin];
	const last = blocks[end];
	return first && last ? last.countEnd - first.countStart + (first.overhead ?? 0) : 0;
}

/** How many groups of at most `ceiling` it takes when each is filled as far as it goes. */
function groupsNeeded(blocks: readonly Block[], ceiling: number): number {
	let groups = 0;
	for (let begin = 0; begin < blocks.length; ) {
		let end = begin;
		if (sizeOf(blocks, begin, end) > ceiling) return Infinity;
		while (end + 1 < blocks.length && sizeOf(blocks, begin, end + 1) <= ceiling) end++;
		begin = end + 1;
		groups++;
	}
	return groups;
}

/** The size that the largest group has when `groups` groups are as even as the pieces allow. */
function smallestCeiling(blocks: readonly Block[], groups: number, limit: number): number {
	let low = 1;
	let high = Math.ceil(limit);
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (groupsNeeded(blocks, middle) <= groups) high = middle;
		else low = middle + 1;
	}
	return high;
}

/**
 * Joins pieces that are tiny compared to the limit into blocks. Of the ends that lie close together, the first, the last and
 * the most natural one stay, so that no block becomes larger than a piece or than the distance that counts as close.
 */
function thinOut(pieces: readonly Piece[], limit: number): Block[] {
	const closeTogether = limit / PLACES_PER_GROUP;
	const blocks: Block[] = [];
	let first = 0;
	for (let index = 0; index < pieces.length; ) {
		const bucket = closeTogether > 1 ? bucketAt(pieces, index, closeTogether) : { first: index, last: index };
		for (const last of endsWorthKeeping(pieces, bucket)) {
			blocks.push(blockOf(pieces, first, last));
			first = last + 1;
		}
		index = bucket.last + 1;
	}
	return blocks;
}

function bucketAt(pieces: readonly Piece[], index: number, width: number): Group {
	const bucketOf = (at: number) => Math.floor((pieces[at]?.countEnd ?? 0) / width);
	let last = index;
	while (last + 1 < pieces.length && bucketOf(last + 1) === bucketOf(index)) last++;
	return { first: index, last };
}

function endsWorthKeeping(pieces: readonly Piece[], bucket: Group): number[] {
	let natural = bucket.first;
	for (let at = bucket.first; at <= bucket.last; at++) {
		if ((pieces[at]?.cutCost ?? 0) <= (pieces[natural]?.cutCost ?? 0)) natural = at;
	}
	return [...new Set([bucket.first, natural, bucket.last])].sort((a, b) => a - b);
}

function blockOf(pieces: readonly Piece[], first: number, last: number): Block {
	return {
		first,
		last,
		countStart: pieces[first]?.countStart ?? 0,
		countEnd: pieces[last]?.countEnd ?? 0,
		cutCost: pieces[last]?.cutCost ?? 0,
		overhead: pieces[first]?.overhead ?? 0,
	};
}
