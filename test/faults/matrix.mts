/**
 * The fault matrix: what every operation does under every fault that can be made. It is derived from the contract of failures by the rules
 * below, one for each kind of fault; a cell that differs is named, with the reason, in `EXCEPTIONS`.
 */
import type { FailureCode } from '../../nodes/shared/speech/failure';
import { FAULTS, type Fault, type Kind } from './faults.mts';
import { COLLECTING, OPERATIONS, type Operation } from './operations.mts';

/** How the node is run: its failing item goes on by the error output, or the node fails and n8n's Retry On Fail runs it once more. */
export const MODES = ['continue', 'retry'] as const;
export type Mode = (typeof MODES)[number];

/** So many further attempts are allowed by Max Retries, where there is such an option. */
export const RESENDS = 1;

export interface Expected {
	outcome: 'ok' | 'failed' | 'stopped';
	/** Null when the item comes out well. */
	code: FailureCode | null;
	/** Requests to the operation's own endpoint. */
	requests: number;
	/** Generations that the provider took on, and of those the ones that it keeps the money for. */
	accepted: number;
	charges: number;
	/** What the output or the error must name. */
	names: ReadonlyArray<'job' | 'url'>;
	/** How the audio is had afterwards, where it exists: by the operation of this name, or from the address. */
	collectedBy: string | null;
}

export interface Cell {
	fault: Fault;
	operation: Operation;
	mode: Mode;
	expected: Expected;
}

interface Rule {
	outcome: Expected['outcome'];
	/** `own`: the fault's. */
	code: FailureCode | null | 'own';
	isSentAgain: boolean;
	isAccepted: boolean;
	names: Expected['names'];
	/**
	 * What another run of the same node does. `sendsAgain`: nothing was accepted. `goesOn`: it takes up what was accepted, and sends nothing
	 * that costs, unless the provider says that the first one is not charged.
	 */
	retry: 'none' | 'sendsAgain' | 'goesOn';
}

const FAILS = { outcome: 'failed', isSentAgain: false, isAccepted: false, names: [] } as const;
const WORKS = { outcome: 'ok', code: null, isAccepted: true, names: ['job', 'url'], retry: 'none' } as const;

/** For what is paid for. Only what cannot have been accepted is sent again, and what was accepted is named. */
const PAID_RULES: Record<Kind, Rule> = {
	harmless: { ...WORKS, isSentAgain: false },
	passing: { ...WORKS, isSentAgain: true },
	refused: { ...FAILS, code: 'own', retry: 'sendsAgain' },
	lasting: { ...FAILS, code: 'own', isSentAgain: true, retry: 'sendsAgain' },
	unanswered: { ...FAILS, code: 'ambiguous', isAccepted: true, retry: 'goesOn' },
	unusable: { ...FAILS, code: 'bad_audio', isAccepted: true, retry: 'goesOn' },
	jobFailed: { ...FAILS, code: 'job_failed', isAccepted: true, names: ['job'], retry: 'goesOn' },
	running: { ...FAILS, code: 'timed_out', isAccepted: true, names: ['job'], retry: 'goesOn' },
	lostTrack: { ...FAILS, code: 'own', isAccepted: true, names: ['job'], retry: 'goesOn' },
	undelivered: { ...FAILS, code: 'bad_audio', isAccepted: true, names: ['job', 'url'], retry: 'goesOn' },
	stopped: {
		...FAILS,
		outcome: 'stopped',
		code: 'cancelled',
		isAccepted: true,
		names: ['job'],
		retry: 'none',
	},
};

/** A question costs nothing: without a proper answer it is as good as not asked, and asked again. */
const UNANSWERED_QUESTION: Rule = { ...FAILS, code: 'unavailable', isSentAgain: true, retry: 'sendsAgain' };
const FREE_RULES: Record<Kind, Rule> = {
	...PAID_RULES,
	unanswered: UNANSWERED_QUESTION,
	unusable: UNANSWERED_QUESTION,
	undelivered: { ...PAID_RULES.undelivered, retry: 'sendsAgain' },
};

/** Cells that the rules do not cover. */
interface Exception {
	fault: string | ((fault: Fault) => boolean);
	operation: string | ((operation: Operation) => boolean);
	mode?: Mode;
	expected: Partial<Expected>;
	/** Which cells, for people, and why. */
	about: string;
	because: string;
}

const has = (trait: Operation['traits'][number]) => (operation: Operation) =>
	operation.traits.includes(trait);

export const EXCEPTIONS: readonly Exception[] = [
	{
		fault: ({ kind }) => kind !== 'harmless' && kind !== 'passing',
		operation: has('always'),
		expected: { outcome: 'ok', code: null },
		about: 'The list of AI/ML API models works under every fault',
		because: 'the list that is built in does without the live one.',
	},
	{
		fault: 'job slow',
		operation: has('job'),
		mode: 'retry',
		expected: { outcome: 'ok', code: null },
		about: 'A job that takes longer than the item has, with Retry On Fail, works',
		because: 'the second attempt has the time that the first one lacked.',
	},
];

/** Whether the fault can happen to the operation at all. */
function applies(fault: Fault, { node, traits }: Operation): boolean {
	const isTimed = fault.timeoutSeconds !== undefined || fault.needsOptions === true;
	if (isTimed && traits.includes('fixed')) return false;
	return (
		(fault.nodes?.includes(node) ?? true) && (fault.needs ?? []).every((trait) => traits.includes(trait))
	);
}

function resends({ kind }: Fault, operation: Operation): number {
	return kind === 'passing' ? RESENDS : (operation.resends ?? RESENDS);
}

function expected(fault: Fault, operation: Operation, mode: Mode): Expected {
	const isPaid = operation.traits.includes('paid');
	const rule = (isPaid ? PAID_RULES : FREE_RULES)[fault.kind];
	const attempts = rule.isSentAgain && !fault.usesUpTime ? 1 + resends(fault, operation) : 1;
	const isRetried = mode === 'retry' && (rule.retry === 'sendsAgain' || fault.isMadeAnew === true);
	const runs = isRetried ? 2 : 1;
	const isAccepted = isPaid && rule.isAccepted && fault.isAccepted !== false;
	const accepted = isAccepted ? runs : 0;
	const byRule: Expected = {
		outcome: rule.outcome,
		code: rule.code === 'own' ? (fault.code ?? null) : rule.code,
		requests: fault.isRefusedConnection ? 0 : attempts * runs,
		accepted,
		charges: fault.isCharged === false ? 0 : accepted,
		names: namesIn(fault, operation, rule),
		collectedBy: collectedBy(fault, operation, rule),
	};
	return { ...byRule, ...exceptionTo(fault, operation, mode)?.expected };
}

/** What was taken on is named, unless the stop came before the answer that would have named it. */
function namesIn(fault: Fault, { traits }: Operation, rule: Rule): Expected['names'] {
	const isUnnamed = fault.isAccepted === false || (rule.outcome === 'stopped' && !fault.isMade);
	return isUnnamed ? [] : rule.names.filter((name) => traits.includes(name === 'job' ? 'named' : 'media'));
}

function collectedBy(fault: Fault, { node, traits }: Operation, rule: Rule): string | null {
	const isMade = fault.isMade ?? fault.kind === 'undelivered';
	if (rule.outcome === 'ok' || !isMade) return null;
	const collecting = COLLECTING[node];
	if (rule.names.includes('job') && traits.includes('named') && collecting) return collecting;
	return rule.names.includes('url') ? 'its address' : null;
}

export function exceptionTo(fault: Fault, operation: Operation, mode: Mode): Exception | undefined {
	return EXCEPTIONS.find(
		(exception) =>
			(exception.mode ?? mode) === mode &&
			(typeof exception.fault === 'string' ? exception.fault === fault.name : exception.fault(fault)) &&
			(typeof exception.operation === 'string'
				? exception.operation === operation.name
				: exception.operation(operation)),
	);
}

/** What costs is also run with Retry On Fail: that is where it would be paid for twice. */
const modesOf = ({ kind }: Fault, { traits }: Operation): readonly Mode[] =>
	traits.includes('paid') && kind !== 'stopped' ? MODES : ['continue'];

/** Operation by operation, in the order of the tables. */
export const CELLS: readonly Cell[] = OPERATIONS.flatMap((operation) =>
	FAULTS.filter((fault) => applies(fault, operation)).flatMap((fault) =>
		modesOf(fault, operation).map((mode) => ({
			fault,
			operation,
			mode,
			expected: expected(fault, operation, mode),
		})),
	),
);
