import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { pageOf } from '../shared/run/search';
import { VOICES } from './voices';

export async function searchVoices(
	this: ILoadOptionsFunctions,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	return pageOf(
		VOICES.map((voice) => ({ id: voice, name: voice === 'AutoV' ? 'Automatic' : voice })),
		typed,
		page,
	);
}
