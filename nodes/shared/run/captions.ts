import type { IBinaryKeyData } from 'n8n-workflow';

import { cuesFromParts, renderCaptions } from '../speech/captions';
import type { CaptionFormat, SpokenPart } from '../speech/captions';
import { Failure } from '../speech/failure';
import type { Item } from './operation';
import { isDownloadWanted } from './produce';

const MIME_TYPES: Record<CaptionFormat, string> = { srt: 'application/x-subrip', vtt: 'text/vtt' };

/** @throws {Failure} `invalid_input` when captions are wanted for audio that is not going to be measured */
export function refuseCaptionsWithoutAudio(item: Item): void {
	if (!item.options.captions || isDownloadWanted(item)) return;
	throw new Failure(
		'invalid_input',
		"'Captions' need the audio itself, to know its times. Switch on 'Download Audio', or remove the option.",
		{ field: 'Captions' },
	);
}

/** The captions file beside the audio, when it is wanted. */
export async function captionsOf(item: Item, parts: readonly SpokenPart[]): Promise<IBinaryKeyData> {
	const { captions } = item.options;
	if (!captions) return {};
	const field = item.context.getNodeParameter('binaryPropertyName', item.index, 'data') as string;
	const rendered = renderCaptions(cuesFromParts(parts, item.options.language), captions);
	const fileName = `${(item.job.audio.fileName ?? 'narration').replace(/\.[^.]+$/, '')}.${captions}`;
	const bytes = Buffer.from(rendered, 'utf8');
	const binary = await item.context.helpers.prepareBinaryData(bytes, fileName, MIME_TYPES[captions]);
	return { [`${field}_captions`]: { ...binary, fileExtension: captions } };
}
