import type { Piece } from '../shared/run/audioRequest';
import type { Item } from '../shared/run/operation';
import { estimateBody, estimateRequest, readEstimate } from './contract';
import type { EstimateBody, GenerationBodies } from './contract';

/** Asks what a generation would cost. @throws {Failure} */
export async function askEstimate(
	item: Item,
	body: EstimateBody,
): Promise<{ credits: number; breakdown: unknown }> {
	const answer = await item.channel.send(estimateRequest(body), item.patience);
	if (answer.body.kind === 'json') item.providerResponse = answer.body.value;
	return readEstimate(answer);
}

/** For the spending limit of a generation: what its requests would cost together, each estimated by the body that it has. */
export function creditsEstimator(
	kind: keyof GenerationBodies,
	pieces: readonly Piece[],
): (item: Item) => Promise<number> {
	return async (item) => {
		let credits = 0;
		for (const { submit } of pieces)
			credits += (await askEstimate(item, estimateBody(kind, submit.body ?? {}))).credits;
		return toSixDigits(credits);
	};
}

/** Sums of binary fractions end in digits that nobody is charged for. */
function toSixDigits(value: number): number {
	return Math.round(value * 1e6) / 1e6;
}
