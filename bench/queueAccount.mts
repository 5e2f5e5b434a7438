/** Accounts for each job after a burst in which a worker died. */
import type { N8n } from '../sandbox/n8n/instance.mts';
import type { Execution, Item } from '../sandbox/n8n/types.mts';
import type { RecordedRequest, Sandbox } from '../sandbox/sandbox.mts';

/** Job IDs by outcome; each job is in the first list that applies. */
export interface Account {
	jobs: string[];
	/** The audio is in the output of a successful execution. */
	inExecution: string[];
	/** The audio was collected later, by an ID that a user can find. */
	collected: string[];
	lost: string[];
	/** Jobs beyond the number of texts. */
	paidTwice: number;
	/** Texts without a job at the provider; running their executions again is safe. */
	neverSent: number;
}

const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);
export const hasEnded = ({ status }: { status: string }) => ENDED.has(status);

/** The jobs that the provider accepted and charged for. */
export function acceptedJobs(sandbox: Sandbox): RecordedRequest[] {
	return sandbox.requests({ provider: 'pixazo', operation: 'speech.generate', accepted: true });
}

/**
 * The jobs whose audio successful executions output. Throws when a file does not match its record.
 */
export async function jobsWithAudio(n8n: N8n, executions: Execution[]): Promise<Set<string>> {
	const jobs = new Set<string>();
	for (const { json, binary } of executions.filter(({ status }) => status === 'success').flatMap(itemsOf)) {
		if (json.status !== 'completed' || !binary?.data) continue;
		const { job, audio } = json as { job: { id: string }; audio: { sizeBytes: number } };
		const bytes = await n8n.readBinary(binary.data);
		if (bytes.length !== audio.sizeBytes || bytes.toString('latin1', 0, 4) !== 'RIFF')
			throw new Error(`The file of job ${job.id} is not the audio that its record tells of.`);
		jobs.add(job.id);
	}
	return jobs;
}

function itemsOf({ runData }: Execution): Item[] {
	const runs = Object.values(runData).flat();
	return runs.flatMap(({ data }) => data?.main.flatMap((output) => output ?? []) ?? []);
}

/** The job IDs that a text contains, out of the given ones. */
export const namedIn = (text: string, jobIds: readonly string[]) => jobIds.filter((id) => text.includes(id));

export async function executionsWithData(n8n: N8n, workflowId: string): Promise<Execution[]> {
	const executions: Execution[] = [];
	for (const { id } of await n8n.executionsOf(workflowId)) executions.push(await n8n.execution(id));
	return executions;
}
