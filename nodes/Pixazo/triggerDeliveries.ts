import type { IExecuteFunctions } from 'n8n-workflow';

/** The jobs for which a trigger has started its workflow: Pixazo delivers at least once, the workflow shall start once. */
export interface Deliveries {
	has(jobId: string): boolean;
	/** Also for a job that is in it already: then it makes n8n write the list. */
	add(jobId: string): void;
	/** Undoes {@link add}, where n8n could not start the workflow after all. */
	remove(jobId: string): void;
}

/** Beyond this the oldest are forgotten. Repeats come within minutes, and n8n writes the whole list with every delivery. */
const MOST_JOBS = 1_000;

/**
 * By trigger. n8n gives every call a copy of its own of the static data, so that two calls at once know nothing of each other:
 * only this memory tells them apart, and the static data is what it is filled from after a restart.
 */
const startedJobs = new Map<string, string[]>();

/** What webhooks and executions have in common. */
type TriggerContext = Pick<
	IExecuteFunctions,
	'getMode' | 'getNode' | 'getWorkflow' | 'getWorkflowStaticData'
>;

/** Opens the list of a trigger. A test call from the editor remembers nothing, so that it can be repeated. */
export function openDeliveries(context: TriggerContext): Deliveries {
	if (context.getMode() === 'manual') return { has: () => false, add: () => {}, remove: () => {} };
	const jobs = jobsOf(context);
	const staticData = context.getWorkflowStaticData('node');
	for (const jobId of readStored(staticData.startedJobs)) if (!jobs.includes(jobId)) jobs.push(jobId);
	return {
		has: (jobId) => jobs.includes(jobId),
		add(jobId) {
			if (!jobs.includes(jobId)) jobs.push(jobId);
			jobs.splice(0, jobs.length - MOST_JOBS);
			// The list itself, not a copy: n8n writes it later, with what other calls have added by then.
			staticData.startedJobs = jobs;
		},
		remove(jobId) {
			const index = jobs.lastIndexOf(jobId);
			if (index >= 0) jobs.splice(index, 1);
		},
	};
}

function jobsOf(context: TriggerContext): string[] {
	const trigger = `${context.getWorkflow().id}/${context.getNode().id}`;
	const jobs = startedJobs.get(trigger) ?? [];
	startedJobs.set(trigger, jobs);
	return jobs;
}

function readStored(stored: unknown): string[] {
	return Array.isArray(stored) ? stored.filter((jobId) => typeof jobId === 'string') : [];
}
