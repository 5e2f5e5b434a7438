import type { NodeTypeAndVersion } from 'n8n-workflow';

import type { Item } from '../../../shared/run/operation';

/**
 * Gives a tip, once a run, where jobs are handed over and nothing is seen that would collect them. It is no more than a tip: another
 * workflow may do so, with the job IDs that this one stores.
 */
export function hintAtCollecting(item: Item): void {
	if (item.index > 0 || item.options.callbackUrl) return;
	const { context } = item;
	const later = context.getChildNodes(context.getNode().name, { includeNodeParameters: true });
	if (later.some(collectsJobs)) return;
	context.addExecutionHints({
		message:
			"The jobs are handed over, and nothing in this workflow seems to collect their audio. Add Pixazo, Job: Get after this node, set 'Callback URL' in Options to the URL of a Pixazo Trigger, or keep the job IDs to collect the audio later.",
		type: 'warning',
		location: 'outputPane',
	});
}

function collectsJobs({ type, disabled, parameters }: NodeTypeAndVersion): boolean {
	return !disabled && /\.pixazo(Tool)?$/.test(type) && parameters?.resource === 'job';
}
