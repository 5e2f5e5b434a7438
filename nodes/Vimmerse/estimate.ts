import type { Item } from '../shared/run/operation';
import { estimateRequest, readEstimate } from './contract';
import type { EstimateBody } from './contract';

/** Asks what a generation would cost. @throws {Failure} */
export async function askEstimate(
	item: Item,
	body: EstimateBody,
): Promise<{ credits: number; breakdown: unknown }> {
	const answer = await item.channel.send(estimateRequest(body), item.patience);
	if (answer.body.kind === 'json') item.providerResponse = answer.body.value;
	return readEstimate(answer);
}

/** For the spending limit of a generation. */
export function creditsEstimator(body: EstimateBody): (item: Item) => Promise<number> {
	return async (item) => (await askEstimate(item, body)).credits;
}
