import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { n8nDirectory } from '../setup.mjs';
import type { BinaryReference, Credential, Execution, Item, RunData, Workflow } from './types.mts';

/**
 * The owner account of every n8n started here. It is not secret, because n8n listens on loopback
 * only.
 */
export const owner = {
	email: 'owner@example.com',
	firstName: 'Sandbox',
	lastName: 'Owner',
	password: 'Sandbox-password-1',
};

/** An hour; callers with less time have a shorter timeout of their own. */
const EXECUTION_SECONDS = 3_600;
const WEBHOOK_SECONDS = 30;
/** The maximum number of executions on one page of n8n's list. */
const PAGE_SIZE = 100;
const FIRST_PAUSE_MS = 250;
/** The longest interval between polls, because every request leaves garbage in n8n's memory. */
const LONGEST_PAUSE_MS = 2_000;
const GOING_ON = ['new', 'running', 'waiting'];
const FAILED = ['error', 'crashed', 'canceled'];
/** n8n binds a login to the browser that created it. */
const BROWSER_ID = 'narration-sandbox';

/** An execution in n8n's list, without its data. */
export interface ListedExecution {
	id: string;
	status: string;
	/** ISO 8601; null while the execution is queued. */
	startedAt: string | null;
	stoppedAt: string | null;
}

/** Logs in to the n8n at this address as its owner. Creates the owner first if there is none. */
export async function connectToN8n(url: string) {
	let cookie = '';
	async function request(method: string, path: string, body?: unknown): Promise<Response> {
		const response = await fetch(url + path, {
			method,
			// n8n closes a connection after five idle seconds, and a request sent at that moment
			// gets no answer.
			headers: {
				'content-type': 'application/json',
				'browser-id': BROWSER_ID,
				connection: 'close',
				cookie,
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const login = response.headers.getSetCookie().find((value) => value.startsWith('n8n-auth='));
		if (login) cookie = login.split(';')[0] ?? '';
		if (!response.ok) {
			const text = (await response.text()).slice(0, 500);
			throw new Error(`n8n answered ${method} ${path} with ${response.status}: ${text}`);
		}
		return response;
	}

	/** Calls n8n's internal API, which its editor uses. Returns the `data` of the answer. */
	async function rest<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = (await (await request(method, path, body)).json()) as { data?: T };
		return answer.data ?? (answer as T);
	}

	await logIn(rest);

	async function createCredential({ name, type, data }: Credential): Promise<{ id: string; name: string }> {
		return await rest('POST', '/rest/credentials', { name, type, data });
	}

	async function createWorkflow(workflow: Workflow): Promise<{ id: string; versionId: string }> {
		const settings = { executionOrder: 'v1', ...workflow.settings };
		return await rest('POST', '/rest/workflows', { ...workflow, settings });
	}

	/**
	 * Activates the workflow's triggers. From n8n 2.0 on, this publishes a version of the workflow.
	 */
	async function activate({ id, versionId }: { id: string; versionId: string }): Promise<void> {
		const { versionCli } = await rest<{ versionCli: string }>('GET', '/rest/settings');
		if (versionCli.startsWith('1.'))
			await rest('PATCH', `/rest/workflows/${id}`, { active: true, versionId });
		else await rest('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	async function execution(id: string): Promise<Execution> {
		const found = await rest<{ id: string; status: string; data: string }>('GET', `/rest/executions/${id}`);
		const { resultData } = parseFlatted(found.data) as {
			resultData: { runData: RunData; error?: Execution['error'] };
		};
		return { id, status: found.status, runData: resultData.runData, error: resultData.error };
	}

	/** Waits until an execution has ended, successfully or not. Throws after an hour. */
	async function finished(id: string): Promise<Execution> {
		await untilFinal(`Execution ${id}`, async () => {
			const { status } = await rest<{ status: string }>('GET', `/rest/executions/${id}`);
			return status;
		});
		return await execution(id);
	}

	/**
	 * Waits until a workflow's latest execution has ended, successfully or not. Saves n8n's memory
	 * by polling rarely and without the execution's data. Throws after an hour.
	 */
	async function untilEnded(workflowId: string): Promise<void> {
		const query = new URLSearchParams({ limit: '1', filter: JSON.stringify({ workflowId }) });
		await untilFinal(
			`The execution of workflow ${workflowId}`,
			async () => {
				const { results } = await rest<{ results: ListedExecution[] }>('GET', `/rest/executions?${query}`);
				return results[0]?.status ?? 'new';
			},
			LONGEST_PAUSE_MS,
		);
	}

	/**
	 * Runs a stored workflow from one of its triggers, as the editor's button does, and waits for
	 * its end. An event can be passed to a trigger that needs one, such as a chat message.
	 */
	async function runWorkflow(id: string, triggerName?: string, event?: Item['json']): Promise<Execution> {
		return await finished(await startWorkflow(id, triggerName, event));
	}

	/** Like `runWorkflow`, but returns the execution's ID without waiting for its end. */
	async function startWorkflow(id: string, triggerName = 'Start', event?: Item['json']): Promise<string> {
		const { executionId } = await rest<{ executionId: string }>('POST', `/rest/workflows/${id}/run`, {
			triggerToStartFrom: { name: triggerName, data: event && runOfTrigger(event) },
		});
		return executionId;
	}

	/**
	 * Sends an event to the webhook of an active workflow. The webhook is registered shortly after
	 * the activation; until then n8n does not know it, and the call is repeated.
	 */
	async function callWebhook(path: string, event: unknown): Promise<void> {
		await callWhenActive(`webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(event),
		});
	}

	/**
	 * Fills in the fields of an active workflow's form in order, and submits it as the form's page
	 * does.
	 */
	async function submitForm(path: string, values: string[]): Promise<void> {
		const body = new FormData();
		values.forEach((value, index) => body.set(`field-${index}`, value));
		await callWhenActive(`form/${path}`, { method: 'POST', body });
	}

	async function callWhenActive(path: string, call: RequestInit): Promise<void> {
		const deadline = Date.now() + WEBHOOK_SECONDS * 1000;
		for (;;) {
			const response = await fetch(`${url}/${path}`, call);
			const text = await response.text();
			if (response.ok) return;
			if (response.status !== 404 || Date.now() > deadline) {
				throw new Error(`n8n answered a call of ${path} with ${response.status}: ${text.slice(0, 300)}`);
			}
			await sleep(200);
		}
	}

	/** All executions of a workflow, the latest first. */
	async function executionsOf(workflowId: string): Promise<ListedExecution[]> {
		// Executions that died before they started have no start time to page by; there are only a
		// few.
		const pages = [await listByTime({ workflowId }), await listByTime({ workflowId, status: FAILED })];
		const found = new Map(pages.flat().map((execution) => [execution.id, execution]));
		return [...found.values()].sort((a, b) => Number(b.id) - Number(a.id));
	}

	/**
	 * Pages by time, because n8n sorts by time. Its own cursor continues from an ID and skips
	 * executions of a burst, which do not start in the order of their creation.
	 */
	async function listByTime(filter: Record<string, unknown>): Promise<ListedExecution[]> {
		const found = new Map<string, ListedExecution>();
		let startedBefore: string | undefined;
		do {
			const bounded = JSON.stringify({ ...filter, ...(startedBefore && { startedBefore }) });
			const query = new URLSearchParams({ limit: String(PAGE_SIZE), filter: bounded });
			const { results } = await rest<{ results: ListedExecution[] }>('GET', `/rest/executions?${query}`);
			const isNew = results.some(({ id }) => !found.has(id));
			for (const execution of results) found.set(execution.id, execution);
			const times = results.flatMap(({ startedAt }) => startedAt ?? []);
			startedBefore = isNew ? times.at(-1) : undefined;
		} while (startedBefore);
		return [...found.values()];
	}

	/**
	 * Waits for an execution that an external event starts, such as a webhook call: the first one
	 * or a later one.
	 */
	async function executionOf(workflowId: string, ordinal = 1): Promise<Execution> {
		const deadline = Date.now() + WEBHOOK_SECONDS * 1000;
		while (Date.now() < deadline) {
			const found = (await executionsOf(workflowId)).at(-ordinal);
			if (found) return await finished(found.id);
			await sleep(200);
		}
		throw new Error(`Nothing has started execution ${ordinal} of the workflow.`);
	}

	/** The rows of a data table. Throws when no table has this name. */
	async function readTable(name: string): Promise<Array<Record<string, unknown>>> {
		const filter = encodeURIComponent(JSON.stringify({ name }));
		const { data: tables } = await rest<{ data: Array<{ id: string; name: string; projectId: string }> }>(
			'GET',
			`/rest/data-tables-global?filter=${filter}`,
		);
		const table = tables.find((candidate) => candidate.name === name);
		if (!table) throw new Error(`n8n has no data table ${name}.`);
		const path = `/rest/projects/${table.projectId}/data-tables/${table.id}/rows?take=100`;
		return (await rest<{ data: Array<Record<string, unknown>> }>('GET', path)).data;
	}

	/** The bytes of a file that a node has output. */
	async function readBinary(reference: BinaryReference): Promise<Buffer> {
		if (!reference.id) return Buffer.from(reference.data, 'base64');
		const query = new URLSearchParams({ id: reference.id, action: 'download' });
		return Buffer.from(await (await request('GET', `/rest/binary-data?${query}`)).arrayBuffer());
	}

	return {
		url,
		owner,
		rest,
		createCredential,
		createWorkflow,
		activate,
		callWebhook,
		submitForm,
		runWorkflow,
		startWorkflow,
		untilEnded,
		executionsOf,
		executionOf,
		execution,
		finished,
		readBinary,
		readTable,
	};
}

/** Polls every quarter of a second at first, then with growing intervals up to the longest. */
async function untilFinal(
	what: string,
	statusNow: () => Promise<string>,
	longestPauseMs = FIRST_PAUSE_MS,
): Promise<void> {
	const deadline = Date.now() + EXECUTION_SECONDS * 1000;
	for (let pauseMs = FIRST_PAUSE_MS; GOING_ON.includes(await statusNow()); pauseMs *= 1.5) {
		if (Date.now() > deadline) throw new Error(`${what} has not ended after ${EXECUTION_SECONDS} seconds.`);
		await sleep(Math.min(pauseMs, longestPauseMs));
	}
}

/** The data that n8n stores for a fired trigger. */
const runOfTrigger = (event: Item['json']) => ({
	startTime: Date.now(),
	executionTime: 0,
	executionIndex: 0,
	executionStatus: 'success',
	source: [],
	data: { main: [[{ json: event }]] },
});

type Rest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

async function logIn(rest: Rest): Promise<void> {
	const settings = await rest<{ userManagement: { showSetupOnFirstLoad: boolean } }>('GET', '/rest/settings');
	if (settings.userManagement.showSetupOnFirstLoad) {
		await rest('POST', '/rest/owner/setup', owner);
		return;
	}
	await rest('POST', '/rest/login', { emailOrLdapLoginId: owner.email, password: owner.password });
}

/**
 * Execution data is stored in the `flatted` format and parsed by n8n's own copy of that library.
 */
function parseFlatted(text: string): unknown {
	const require = createRequire(join(n8nDirectory, 'package.json'));
	const { parse } = require('flatted') as { parse: (input: string) => unknown };
	return parse(text);
}
