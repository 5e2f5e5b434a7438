import { refuseCaptionsWithoutAudio } from '../../../../nodes/shared/run/captions';
import type { Item } from '../../../../nodes/shared/run/operation';

const itemWith = (captions: string | undefined, isDownloadWanted = true) =>
	({ options: { captions }, output: { isDownloadWanted } }) as unknown as Item;

test.each(['pcm', 'mulaw', 'm4a', 'webm'] as const)(
	'captions of %s are refused, naming the format',
	(format) => {
		expect(() => refuseCaptionsWithoutAudio(itemWith('srt'), format)).toThrow("Choose another 'Format'");
		expect(() => refuseCaptionsWithoutAudio(itemWith(undefined), format)).not.toThrow();
	},
);

test.each(['wav', 'mp3', 'flac', 'opus', undefined] as const)('captions of %s are not', (format) => {
	expect(() => refuseCaptionsWithoutAudio(itemWith('srt'), format)).not.toThrow();
});

test('captions of audio that is not downloaded are refused', () => {
	expect(() => refuseCaptionsWithoutAudio(itemWith('srt', false))).toThrow("Switch on 'Download Audio'");
});
