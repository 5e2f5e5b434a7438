import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { openChannel } from '../shared/http/channel';
import { pageOf } from '../shared/run/search';
import { voiceName } from '../shared/speech/voiceName';
import { knownModels, liveModels, voicesOf } from './catalogue';
import type { ListedModel } from './catalogue';
import { aimlApi } from './contract';
import { speechModel } from './models';

/** A drop-down must not keep its reader waiting for a list that is mostly known. */
const LIST_TIMEOUT_MS = 3_000;

/** All that are known; those that are new as well when AI/ML API can be reached. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	const models = await modelsInTime(this);
	return pageOf(
		models.map(({ id, name }) => ({ id, name, description: id })),
		typed,
		page,
	);
}

/** The voices of the model that is chosen above, alphabetical. */
export async function searchVoices(
	this: ILoadOptionsFunctions,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	const voices = voicesOf(chosenModel(this)).map(({ id, languages }) => ({
		id,
		name: voiceName(id),
		description: languages?.join(', '),
	}));
	return pageOf(
		voices.sort((a, b) => a.name.localeCompare(b.name, 'en')),
		typed,
		page,
	);
}

function chosenModel(context: ILoadOptionsFunctions) {
	const model = context.getCurrentNodeParameter('model', { extractValue: true });
	return speechModel(typeof model === 'string' ? model : '');
}

async function modelsInTime(context: ILoadOptionsFunctions): Promise<ListedModel[]> {
	try {
		const channel = await openChannel(context, aimlApi);
		return await liveModels(channel, {
			deadline: Date.now() + LIST_TIMEOUT_MS,
			maxRetries: 0,
			signal: undefined,
		});
	} catch {
		return knownModels();
	}
}
