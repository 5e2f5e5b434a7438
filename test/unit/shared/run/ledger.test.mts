import type { IExecuteFunctions } from 'n8n-workflow';

import type { Channel } from '../../../../nodes/shared/http/channel';
import { openLedger, requestKey, type LedgerEntry } from '../../../../nodes/shared/run/ledger';
import { newJob } from '../../../../nodes/shared/speech/job';

/** The node's context of one execution, stored and read again between attempts as n8n does with it. */
function execution() {
	let stored = '{}';
	let open = {};
	return {
		/** Opens the ledger as a further attempt of this node does, at one of its runs. */
		attempt(runIndex = 0) {
			open = JSON.parse(stored);
			const ledger = openLedger({
				getContext: () => open,
				getWorkflowDataProxy: () => ({ $runIndex: runIndex }),
			} as unknown as IExecuteFunctions);
			return ledger;
		},
		/** n8n stores the execution. */
		store: () => (stored = JSON.stringify(open)),
	};
}

const entry = (id: string): LedgerEntry => {
	const job = newJob({ provider: 'pixazo', kind: 'speech', model: 'vibevoice', text: 'Hello.' });
	return { job: { ...job, job: { ...job.job, id } }, stored: [] };
};

test('what one attempt notes, the next one is given, as it was', () => {
	const { attempt, store } = execution();
	attempt().note('key', entry('one'));
	store();

	expect(attempt().claim('key')).toEqual(entry('one'));
});

test('what has changed since it was noted is stored so', () => {
	const { attempt, store } = execution();
	const noted = entry('one');
	const ledger = attempt();
	ledger.note('key', noted);
	noted.job.audio.url = 'https://cdn.example.com/a.wav';
	ledger.note('key', noted);
	store();

	const next = attempt();
	expect(next.claim('key')?.job.audio.url).toBe('https://cdn.example.com/a.wav');
	expect(next.claim('key')).toBeUndefined();
});

test('two items with the same request are two entries, each given out once', () => {
	const { attempt, store } = execution();
	const ledger = attempt();
	ledger.note('key', entry('one'));
	ledger.note('key', entry('two'));
	store();

	const next = attempt();
	expect(['key', 'key', 'key'].map((key) => next.claim(key)?.job.job.id)).toEqual(['one', 'two', undefined]);
});

test('an attempt is not given what it noted itself', () => {
	const ledger = execution().attempt();
	ledger.note('key', entry('one'));

	expect(ledger.claim('key')).toBeUndefined();
});

test('the next turn of a loop starts with nothing, and leaves nothing of the turn before', () => {
	const { attempt, store } = execution();
	attempt(0).note('key', entry('one'));
	store();

	expect(attempt(1).claim('key')).toBeUndefined();
	expect(store()).not.toContain('one');
});

test('what is forgotten leaves the others, and no trace', () => {
	const { attempt, store } = execution();
	const ledger = attempt();
	const [one, two] = [entry('one'), entry('two')];
	for (const each of [one, two]) ledger.note('key', each);
	ledger.forget('key', one);
	expect(store()).not.toContain('"one"');

	ledger.forget('key', two);
	expect(store()).not.toContain('key');
});

test('a cleared ledger leaves nothing behind', () => {
	const { attempt, store } = execution();
	const ledger = attempt();
	ledger.note('key', entry('one'));
	ledger.clear();

	expect(store()).toBe('{}');
});

test.each([
	['of different requests', (index: number) => `key ${index}`],
	['of the same request', () => 'key'],
])('a second attempt is given every one of 10,000 entries %s', (_, keyOf) => {
	const count = 10_000;
	const indexes = Array.from({ length: count }, (_unused, index) => index);
	const { attempt, store } = execution();
	const first = attempt();
	for (const index of indexes) first.note(keyOf(index), entry(`job ${index}`));
	store();

	const second = attempt();
	const claimed = indexes.map((index) => {
		const found = second.claim(keyOf(index));
		if (found) second.note(keyOf(index), found);
		return found?.job.job.id;
	});
	expect(claimed).toEqual(indexes.map((index) => `job ${index}`));
});

describe('the key of a request', () => {
	const channel = { service: { id: 'pixazo' }, baseUrl: 'https://api.example.com' } as Channel;
	const request = { method: 'POST', path: '/speak', body: { text: 'Hello.' }, spends: true } as const;

	test('is the same for the same request, and says nothing about it', () => {
		const same = { ...request, body: { text: 'Hello.' } };
		expect(requestKey(channel, same, 0)).toBe(requestKey(channel, request, 0));
		expect(requestKey(channel, request, 0)).toMatch(/^[0-9a-f]{64}$/);
	});

	test('is not changed by what only describes it, such as where to call back', () => {
		const headers = { 'X-Webhook-URL': 'https://n8n.example.com/webhook?ref=1' };
		expect(requestKey(channel, { ...request, headers }, 0)).toBe(requestKey(channel, request, 0));
	});

	test('differs with the item', () => {
		expect(requestKey(channel, request, 1)).not.toBe(requestKey(channel, request, 0));
	});

	test.each([
		['text', channel, { ...request, body: { text: 'Hello!' } }],
		['path', channel, { ...request, path: '/sing' }],
		['query', channel, { ...request, query: { voice: 'a' } }],
		['host', { ...channel, baseUrl: 'https://other.example.com' }, request],
		['provider', { ...channel, service: { id: 'convai' } } as Channel, request],
	])('differs with the %s', (_, otherChannel, otherRequest) => {
		expect(requestKey(otherChannel, otherRequest, 0)).not.toBe(requestKey(channel, request, 0));
	});
});
