import { throwIfCancelled } from '../../../shared/http/patience';
import { hintOnce } from '../../../shared/run/hint';
import { LIST_FIELDS, listed } from '../../../shared/run/lists';
import type { Item, Operation } from '../../../shared/run/operation';
import { knownModels, liveModels } from '../../catalogue';
import type { ListedModel } from '../../catalogue';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many models',
	description: 'List the speech models: their limits, formats and number of voices',
	properties: LIST_FIELDS,
	execute: async (item) => listed(item, await models(item)),
};

/** What is built in does for most purposes: a list that cannot be had is no reason to fail. */
async function models(item: Item): Promise<ListedModel[]> {
	const live = await liveModels(item.channel, { ...item.patience, maxRetries: 1 }).catch(() => null);
	throwIfCancelled(item.patience.signal);
	if (live) return live;
	hintOnce(
		item.context,
		'AI/ML API did not list its models, so these are the ones that this node knows. New models are missing.',
		'info',
	);
	return knownModels();
}
