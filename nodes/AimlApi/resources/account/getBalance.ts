import { z } from 'zod';

import { numeric, optional } from '../../../shared/http/answerFields';
import type { HttpRequest } from '../../../shared/http/service';
import type { Operation } from '../../../shared/run/operation';

export const getBalance: Operation = {
	name: 'Get Balance',
	value: 'getBalance',
	action: 'Get account balance',
	description: 'Get how much money is left in the account',
	properties: [],
	async execute(item) {
		const answer = await item.channel.send(request, item.patience);
		const body = answer.body.kind === 'json' ? answer.body.value : undefined;
		const { current_balance, currency } = balance.safeParse(body).data ?? {};
		return [
			{
				json: {
					provider: 'aimlApi',
					balance: current_balance ?? null,
					currency: currency ?? null,
					plan: null,
					usage: [],
					expiresAt: null,
				},
			},
		];
	},
};

const request: HttpRequest = { method: 'GET', path: '/v2/billing', spends: false };

const balance = z.object({
	current_balance: optional(numeric),
	currency: optional(z.string()),
});
