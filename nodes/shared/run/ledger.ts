import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { HttpRequest } from '../http/service';
import type { Failure } from '../speech/failure';
import type { AudioJob } from '../speech/job';
import type { Channel } from '../http/channel';
import type { StoredAudio } from './storedAudio';

/** What one paid request has led to so far. */
export interface LedgerEntry {
	/** As of the provider's last answer. */
	job: AudioJob;
	/** Its files in n8n's binary store, by reference; empty until they are there. */
	stored: StoredAudio[];
	/** The provider's last JSON. */
	providerResponse?: unknown;
	/** Why nothing will come of it although it may have been paid for: sent again, it would be paid for twice. */
	lost?: Pick<Failure, 'code' | 'message' | 'httpStatus'>;
}

/**
 * The requests of this node whose results have not been output yet: what makes a retry idempotent. It is kept in n8n's node
 * context, which survives Retry On Fail and the retry of a failed execution, so that neither pays twice.
 *
 * A ledger belongs to one run of the node, so that a loop never gets the audio of its previous pass: it is cleared when the
 * run succeeds, and when another run finds it. It holds no credential.
 *
 * Its size has no limit: an entry that is dropped is a request that a retry pays for again. It grows with the output of the
 * run, which n8n holds anyway. With n8n's binary data in memory, an entry also holds its audio, because the data of the
 * execution are the only place that there is.
 */
export interface Ledger {
	/** What an earlier attempt got for the same request; each entry is given out once a run, as two parts of a text may be the same. */
	claim(key: string): LedgerEntry | undefined;
	note(key: string, entry: LedgerEntry): void;
	/** What has come to nothing is asked for anew the next time. */
	forget(key: string, entry: LedgerEntry): void;
	clear(): void;
}

const CONTEXT_KEY = 'narrationLedger';

interface Book {
	/** Which run of the node, where a loop comes by several times. */
	runIndex: number;
	entries: Record<string, LedgerEntry[]>;
}

export function openLedger(context: IExecuteFunctions): Ledger {
	const nodeContext = context.getContext('node');
	const runIndex = Number(context.getWorkflowDataProxy(0).$runIndex ?? 0);
	const found = nodeContext[CONTEXT_KEY] as unknown as Book | undefined;
	const book: Book = found?.runIndex === runIndex ? found : { runIndex, entries: {} };
	nodeContext[CONTEXT_KEY] = book as unknown as IDataObject;
	const { entries } = book;
	const claimed = new Set<LedgerEntry>();
	return {
		claim(key) {
			const entry = entries[key]?.find((candidate) => !claimed.has(candidate));
			if (entry) claimed.add(entry);
			return entry;
		},
		note(key, entry) {
			claimed.add(entry);
			const ofKey = (entries[key] ??= []);
			if (!ofKey.includes(entry)) ofKey.push(entry);
		},
		forget(key, entry) {
			const others = entries[key]?.filter((candidate) => candidate !== entry) ?? [];
			if (others.length > 0) entries[key] = others;
			else delete entries[key];
		},
		clear() {
			delete (nodeContext as IDataObject)[CONTEXT_KEY];
		},
	};
}

/**
 * Which item asks for what: the provider's address and what is sent to it, or of a stream what tells it from others. Not the headers, which
 * only describe it: a callback URL may hold the execution's ID, and so be another one in every attempt.
 */
export function requestKey(channel: Channel, request: HttpRequest, itemIndex: number): string {
	const { service, baseUrl } = channel;
	const { method, path, query, body, streamKey } = request;
	return createHash('sha256')
		.update(JSON.stringify([itemIndex, service.id, baseUrl, method, path, query, streamKey ?? body]))
		.digest('hex');
}
