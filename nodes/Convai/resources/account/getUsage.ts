import { z } from 'zod';

import { numeric, optional } from '../../../shared/http/answerFields';
import type { HttpRequest } from '../../../shared/http/service';
import type { Operation } from '../../../shared/run/operation';
import { isoTime } from '../../../shared/speech/job';

export const getUsage: Operation = {
	name: 'Get Usage',
	value: 'getUsage',
	action: 'Get account usage',
	description: 'Get the plan, and how much of its limits is used',
	properties: [],
	async execute(item) {
		const answer = await item.channel.send(request, item.patience);
		const body = answer.body.kind === 'json' ? answer.body.value : undefined;
		const { expiry_ts, metrics, plan_name } = usage.safeParse(body).data?.usage_v2 ?? {};
		return [
			{
				json: {
					provider: 'convai',
					balance: null,
					currency: null,
					plan: plan_name ?? null,
					usage: (metrics ?? []).flatMap(figuresOf),
					expiresAt: timeOf(expiry_ts),
				},
			},
		];
	},
};

/** In no reference; Convai's own clients ask for the usage in this way. As bytes, because n8n leaves an empty object out. */
const request: HttpRequest = {
	method: 'POST',
	path: '/user/user-api-usage',
	headers: { 'Content-Type': 'application/json' },
	body: Buffer.from('{}'),
	spends: false,
};

const metric = z.object({
	id: z.string(),
	usage_details: optional(z.array(z.object({ limit: optional(numeric), usage: optional(numeric) }))),
});

const usage = z.object({
	usage_v2: optional(
		z.object({
			plan_name: optional(z.string()),
			expiry_ts: optional(z.union([z.string(), z.number()])),
			metrics: optional(z.array(metric)),
		}),
	),
});

function figuresOf({ id, usage_details }: z.infer<typeof metric>) {
	return (usage_details ?? []).map(({ limit, usage: used }) => ({
		name: id,
		used: used ?? null,
		limit: limit ?? null,
	}));
}

/** Later than any time that is meant in seconds. */
const FIRST_MILLISECONDS = 1e11;

/** ISO 8601, or seconds or milliseconds since 1970. */
function timeOf(value: string | number | null | undefined): string | null {
	if (typeof value !== 'number') return isoTime(value);
	const time = new Date(value < FIRST_MILLISECONDS ? value * 1000 : value);
	return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
