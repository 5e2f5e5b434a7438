import type { IBinaryKeyData } from 'n8n-workflow';

import { audioFormat } from '../audio/format';
import type { AudioFormatName } from '../audio/format';
import { canMeasure } from '../audio/measure';
import { cuesFromParts, renderCaptions } from '../speech/captions';
import type { CaptionFormat, SpokenPart } from '../speech/captions';
import { Failure } from '../speech/failure';
import { hintOnce } from './hint';
import type { Item } from './operation';

const MIME_TYPES: Record<CaptionFormat, string> = { srt: 'application/x-subrip', vtt: 'text/vtt' };

/**
 * @param format what will come, where it is known beforehand
 * @throws {Failure} `invalid_input` when captions are wanted for audio that is not going to be measured
 */
export function refuseCaptionsWithoutAudio(item: Item, format?: AudioFormatName): void {
	if (!item.options.captions) return;
	if (format && !canMeasure(format)) throw withoutTimes(audioFormat(format).label);
	if (item.output.isDownloadWanted) return;
	throw new Failure(
		'invalid_input',
		"'Captions' need the audio itself, to know its times. Switch on 'Download Audio', or remove the option.",
		{ field: 'Captions' },
	);
}

/**
 * The captions file beside the audio, when it is wanted.
 *
 * @param parts null: how long the audio is could not be measured
 */
export async function captionsOf(item: Item, parts: readonly SpokenPart[] | null): Promise<IBinaryKeyData> {
	const { captions } = item.options;
	if (!captions) return {};
	if (!parts) {
		hintOnce(
			item.context,
			'There are no captions, as the length of audio in this format cannot be measured. MP3 and WAV can.',
		);
		return {};
	}
	const field = item.output.binaryPropertyName;
	const rendered = renderCaptions(cuesFromParts(parts, item.options.language), captions);
	const fileName = `${(item.job.audio.fileName ?? 'narration').replace(/\.[^.]+$/, '')}.${captions}`;
	const bytes = Buffer.from(rendered, 'utf8');
	const binary = await item.context.helpers.prepareBinaryData(bytes, fileName, MIME_TYPES[captions]);
	return { [`${field}_captions`]: { ...binary, fileExtension: captions } };
}

function withoutTimes(label: string): Failure {
	return new Failure(
		'invalid_input',
		`'Captions' need the times of the audio, which ${label} does not tell. Choose another 'Format' in Options, such as MP3 or WAV, or remove the option.`,
		{ field: 'Captions' },
	);
}
