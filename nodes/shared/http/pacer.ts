import { outOfTime, pause, within } from './patience';
import type { Patience } from './patience';

/** A request that was let go. */
export interface Turn {
	/** Of all turns of the run, from 1 on. */
	ordinal: number;
	/** Epoch milliseconds. */
	at: number;
	/** Whether it came sooner after the one before than the pace, because of a pause before. */
	isCatchingUp: boolean;
	/** The end of the pause that it kept, in epoch milliseconds; 0 when there was none. */
	heldUntil: number;
	/** For how long nobody had asked by then, since the run began; that says nothing about what is allowed. */
	idleMs: number;
}

/** A pause that a provider asked for. */
export interface Hold {
	/** Epoch milliseconds; 0 when there was none. */
	until: number;
}

/** How fast all items of a run may send one kind of requests to one provider, as far as its refusals have shown. */
export interface Pacer {
	/** Resolves when it is one's turn. @throws {Failure} `cancelled`, or `timed_out` when that would be too late */
	ready(patience: Patience): Promise<Turn>;
	/** This request was refused: makes every item wait this long from now on, unless a longer pause is due already. */
	hold(milliseconds: number, turn: Turn): void;
	/** A request went through: the next may follow a little sooner. */
	ease(): void;
	/** How many requests have gone through so far. */
	passed(): number;
	/** How many requests have had to wait so far, and how long the longest of them. */
	waited(): { requests: number; longestMs: number };
}

/** Between two requests after a first refusal, which tells that there is a limit, but not which. */
const FIRST_GAP_MS = 50;
const LONGEST_GAP_MS = 60_000;
const LONGEST_GUESS_MS = 1_000;
/**
 * What was found may have been too careful, or hold no longer: with every request that goes through after a refusal, the gap shrinks by
 * so much more, up to the most.
 */
const SHRINKAGE_GROWTH = 0.0002;
const MOST_SHRINKAGE = 0.02;
/** What was not sent during a pause is caught up with so many times the pace, and not quite all of it. */
const CATCHING_UP = 1.5;
const SHARE_CAUGHT_UP = 0.8;
/** A turn so many gaps later than it was due makes up for a pause; anything less is the timers' doing. */
const GAPS_BEHIND = 1.5;

/**
 * Finds a provider's rate by its refusals, whether it counts by the second or by the minute. A provider refuses when its allowance is used
 * up; so what it let through from one refusal to the next is what it allows in that time. Some go on counting during the pause that they
 * ask for, some do not: the rate lies between the two.
 *
 * @param shared a pause that several pacers keep, whichever of them met it
 * @param mayDoWithout whether who has no time for a pause that another pacer met goes on without it
 */
export function createPacer(shared: Hold = { until: 0 }, mayDoWithout = false): Pacer {
	let ownUntil = 0;
	let gapMs = 0;
	let last: Turn = { ordinal: 0, at: 0, isCatchingUp: false, heldUntil: 0, idleMs: 0 };
	/** When the last turn would have been, had there been no pause. */
	let due = 0;
	/** The request that was refused before, and the last one when that came to light: those under way then belong to it. */
	let refusal: { turn: Turn; last: Turn } | null = null;
	let countsDuringPauses = true;
	let line = Promise.resolve();
	let inLine = 0;
	let passes = 0;
	let passesSinceRefusal = 0;
	let requests = 0;
	let longestMs = 0;

	const heldUntil = ({ deadline }: Patience) =>
		mayDoWithout && shared.until > deadline ? ownUntil : shared.until;

	const soonest = (patience: Patience) => {
		const paced = last.at + gapMs / (countsDuringPauses ? CATCHING_UP : 1);
		return Math.ceil(Math.max(heldUntil(patience), paced, due + gapMs));
	};

	function takeTurn(patience: Patience): Turn {
		const at = Date.now();
		const isCatchingUp = gapMs > 0 && at - due > GAPS_BEHIND * gapMs;
		const idleMs = last.idleMs + Math.max(0, at - Math.max(soonest(patience), last.at));
		due = Math.max(due + gapMs, at - longestLag());
		last = { ordinal: last.ordinal + 1, at, isCatchingUp, heldUntil: heldUntil(patience), idleMs };
		return last;
	}

	const longestLag = () =>
		refusal && countsDuringPauses ? SHARE_CAUGHT_UP * Math.max(0, ownUntil - refusal.turn.at) : 0;

	function slowDown(turn: Turn): void {
		if (turn.isCatchingUp) countsDuringPauses = false;
		gapMs = Math.min(LONGEST_GAP_MS, Math.max(FIRST_GAP_MS, gapFound(turn) ?? gapGuessed()));
		refusal = { turn, last };
		passesSinceRefusal = 0;
		due = turn.at;
	}

	/** Where nothing is let through, the pauses that are asked for do the rest. */
	const gapGuessed = () => Math.max(gapMs, Math.min(LONGEST_GUESS_MS, gapMs * 2));

	/** By what was let through since the refusal before; null when nothing was. */
	function gapFound(turn: Turn): number | null {
		if (!refusal) return null;
		const allowed = turn.ordinal - refusal.last.ordinal - 1;
		if (allowed < 1) return null;
		const withPauseMs = turn.at - refusal.turn.at - (turn.idleMs - refusal.turn.idleMs);
		const withoutPauseMs =
			turn.at - Math.max(turn.heldUntil, refusal.turn.at) - (turn.idleMs - refusal.last.idleMs);
		// The clock may be set back meanwhile.
		return Math.sqrt(Math.max(1, withPauseMs) * Math.max(1, withoutPauseMs)) / allowed;
	}

	/** Who keeps a pause that others may do without does not stand in their way. */
	const waitsOutside = (patience: Patience) => mayDoWithout && heldUntil(patience) > Date.now();

	async function queue(patience: Patience): Promise<Turn> {
		for (;;) {
			throwIfTooLate(patience);
			if (waitsOutside(patience)) {
				await pause(heldUntil(patience) - Date.now(), patience.signal);
			} else {
				const turn = await turnInLine(patience);
				if (turn) return turn;
			}
		}
	}

	function throwIfTooLate(patience: Patience): void {
		if (soonest(patience) > patience.deadline) throw outOfTime();
	}

	/** In the order in which they came, one after the other. Null when a pause came up that is not to be waited for in the line. */
	async function turnInLine(patience: Patience): Promise<Turn | null> {
		const before = line;
		let leave = () => {};
		const isGone = new Promise<void>((resolve) => (leave = resolve));
		// Who gives up is not waited for, but those before are.
		line = before.then(async () => await isGone);
		inLine += 1;
		try {
			if (inLine > 1) await within(patience, before);
			while (soonest(patience) > Date.now()) {
				throwIfTooLate(patience);
				if (waitsOutside(patience)) return null;
				await pause(soonest(patience) - Date.now(), patience.signal);
			}
			return takeTurn(patience);
		} finally {
			inLine -= 1;
			leave();
		}
	}

	return {
		async ready(patience) {
			const since = Date.now();
			const turn = await queue(patience);
			if (turn.at > since) requests += 1;
			longestMs = Math.max(longestMs, turn.at - since);
			return turn;
		},
		hold(milliseconds, turn) {
			const isNews = refusal === null || turn.ordinal > refusal.last.ordinal;
			if (isNews) slowDown(turn);
			ownUntil = Math.max(ownUntil, Date.now() + milliseconds);
			shared.until = Math.max(shared.until, ownUntil);
		},
		ease() {
			passes += 1;
			passesSinceRefusal += 1;
			const shrinkage = Math.min(MOST_SHRINKAGE, SHRINKAGE_GROWTH * passesSinceRefusal);
			gapMs = gapMs < 1 ? 0 : gapMs * (1 - shrinkage);
		},
		passed: () => passes,
		waited: () => ({ requests, longestMs }),
	};
}
