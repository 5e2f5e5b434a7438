import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { openChannel } from '../shared/http/channel';
import { millisecondsLeft, pause } from '../shared/http/patience';
import { Failure } from '../shared/speech/failure';
import type { JobStatus } from '../shared/speech/job';
import { pixazo, readCallback, status } from './contract';
import { openDeliveries } from './triggerDeliveries';

/** Pixazo gives up on a receiver that is silent for "a few seconds"; starting the workflow takes part of them. */
const ANSWER_WITHIN_MS = 3_000;
/** How long to go on asking after that. */
const ASK_FOR_MS = 60_000;
const ASK_AGAIN_AFTER_MS = 1_000;

type Refusal = [httpStatus: number, message: string];

/**
 * Receives what claims to be a callback of Pixazo. Callbacks are not signed, so nothing of one is believed but that it may be worth
 * asking Pixazo for the job that it names; the workflow starts when Pixazo itself says that this job has ended.
 *
 * Pixazo delivers again what is not answered with 2xx. So 2xx says that nothing more is to come of this callback, and what may be
 * true and cannot be told yet is refused: a job that the status endpoint does not know (yet), one that it says is still running, and
 * any callback while Pixazo cannot be asked. The workflow does not depend on the repeat, though: where telling takes longer than
 * Pixazo waits, the asking goes on behind the refusal. Never throws: n8n would start an execution to show it.
 */
export async function receiveCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const callback = readCallback(context.getBodyData());
	if (!callback) return answer(context, [400, 'This names no job.']);
	const { jobId } = callback;
	if (!callback.saysEnded) return answer(context, [200, 'Only the end of a job is waited for.']);
	const deliveries = openDeliveries(context);
	if (deliveries.has(jobId)) return answer(context, TAKEN_BEFORE);

	const asking = askPixazo(context, jobId);
	void refuseWhenLate(context, asking);
	const found = await asking;
	if ('refusal' in found) return answer(context, found.refusal);
	const outcomes = context.getNodeParameter('outcomes', ['completed', 'failed']) as string[];
	if (!outcomes.includes(found.outcome))
		return answer(context, [200, 'This outcome does not start the workflow.']);
	if (deliveries.has(jobId)) return answer(context, TAKEN_BEFORE);

	deliveries.add(jobId);
	const query = { ...(context.getQueryData() as object) };
	const workflowData = [[{ json: { jobId, callback: { query } } }]];
	const response = context.getResponseObject();
	if (response.headersSent) return { noWebhookResponse: true, workflowData };
	response.once('finish', () => {
		if (response.statusCode >= 300) deliveries.remove(jobId);
	});
	return { workflowData };
}

const TAKEN_BEFORE: Refusal = [200, 'This job has started the workflow before.'];

type Found = { outcome: JobStatus } | { refusal: Refusal };

/** What Pixazo says of the job. One that it knows and that has not ended is asked for again: the answer may lag behind the callback. */
async function askPixazo(context: IWebhookFunctions, jobId: string): Promise<Found> {
	const patience = { deadline: Date.now() + ASK_FOR_MS, maxRetries: 20, signal: undefined };
	try {
		const channel = await openChannel(context, pixazo);
		for (;;) {
			const { status: outcome } = status.read(await channel.send(status.request(jobId), patience));
			if (outcome === 'completed' || outcome === 'failed') return { outcome };
			if (millisecondsLeft(patience) <= ASK_AGAIN_AFTER_MS) return { refusal: NOT_TOLD };
			await pause(ASK_AGAIN_AFTER_MS, patience.signal);
		}
	} catch (thrown) {
		if (thrown instanceof Failure && thrown.code === 'rejected')
			return { refusal: [404, 'Pixazo does not know this job.'] };
		const words = thrown instanceof Error ? thrown.message : String(thrown);
		context.logger.warn(`A callback for Pixazo job ${jobId} could not be checked, and was refused: ${words}`);
		return { refusal: NOT_TOLD };
	}
}

const NOT_TOLD: Refusal = [503, 'Pixazo does not say at the moment what became of this job.'];

async function refuseWhenLate(context: IWebhookFunctions, asking: Promise<Found>): Promise<void> {
	const told = new AbortController();
	void asking.then(() => told.abort());
	const isLate = await pause(ANSWER_WITHIN_MS, told.signal).then(
		() => true,
		() => false,
	);
	if (isLate) answer(context, NOT_TOLD);
}

/** Answers, unless that was done already, and starts nothing. */
function answer(context: IWebhookFunctions, [httpStatus, message]: Refusal): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(httpStatus).json({ message });
	return { noWebhookResponse: true };
}
