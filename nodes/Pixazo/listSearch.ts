import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { pageOf } from '../shared/run/search';
import { voiceName } from '../shared/speech/voiceName';
import { SPEECH_MODELS, speechModel } from './models';

export async function searchModels(
	this: ILoadOptionsFunctions,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	return pageOf(
		SPEECH_MODELS.map(({ id, name }) => ({ id, name, description: id })),
		typed,
		page,
	);
}

/** The voices of the model that is chosen above, as far as they are published; the first is the one that is sent where one has to be. */
export async function searchVoices(
	this: ILoadOptionsFunctions,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	const model = String(this.getCurrentNodeParameter('model', { extractValue: true }) ?? '');
	const voices = speechModel(model).voice?.ids ?? [];
	return pageOf(
		voices.map((voice) => ({ id: voice, name: voiceName(voice) })),
		typed,
		page,
	);
}
