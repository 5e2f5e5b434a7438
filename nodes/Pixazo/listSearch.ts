import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { pageOf } from '../shared/run/search';
import { QUEUED_MODELS } from './models';

export async function searchModels(
	this: ILoadOptionsFunctions,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	return pageOf(QUEUED_MODELS, typed, page);
}
