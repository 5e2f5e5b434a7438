import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { openChannel } from '../shared/http/channel';
import { pageOf } from '../shared/run/search';
import { convai } from './contract';
import { readVoices, voiceListRequest } from './voices';

const LIST_PATIENCE = { maxRetries: 1, signal: undefined };
const LIST_TIMEOUT_MS = 20_000;

/** Voices that may be used in production, found by name, language, gender or section. */
export async function searchVoices(
	this: ILoadOptionsFunctions,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	const channel = await openChannel(this, convai);
	const answer = await channel.send(voiceListRequest, {
		...LIST_PATIENCE,
		deadline: Date.now() + LIST_TIMEOUT_MS,
	});
	const voices = readVoices(answer).filter((voice) => voice.isProduction);
	return pageOf(
		voices.map(({ id, name, languages, gender, section, previewUrl }) => ({
			id,
			name,
			description: [languages?.join(', '), gender, section].filter(Boolean).join(' · '),
			url: webAddress(previewUrl),
		})),
		typed,
		page,
	);
}

/** The editor opens whatever stands there. */
function webAddress(url: string | null): string | undefined {
	return url && /^https?:\/\//i.test(url) ? url : undefined;
}
