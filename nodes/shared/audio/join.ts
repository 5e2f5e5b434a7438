import type { AudioFormat } from './format';
import { joinMp3, mp3Timeline, type Mp3Plan, planMp3 } from './joinMp3';
import { type JoinedFacts, type JoinPart, JoinRefusal, type OpenPart } from './joinParts';
import { joinWav, planWav, type WavPlan, wavSizeBytes, wavTimeline } from './joinWav';

export {
	type JoinedFacts,
	type JoinPart,
	JoinRefusal,
	type JoinRefusalReason,
	type OpenPart,
} from './joinParts';

/** Everything that is known before the first byte of a part is read again. */
export interface JoinPlan {
	joined: JoinedFacts;
	layout: WavPlan | Mp3Plan;
}

export const JOINABLE_FORMATS = ['wav', 'mp3'] as const;

/** Whether files of this format become one without loss. */
export const canJoin = (format: AudioFormat | null): boolean =>
	JOINABLE_FORMATS.some((name) => name === format?.name);

/**
 * Lays out the joined file.
 *
 * @throws {JoinRefusal} when the parts do not fit together
 */
export function planJoin(parts: readonly JoinPart[]): JoinPlan {
	const first = parts[0]?.facts;
	if (!first) throw new JoinRefusal('unsupported', 'There is no part to join.');
	const odd = parts.findIndex(({ facts }) => facts.format?.name !== first.format?.name);
	const labelOf = (index: number) => parts[index]?.facts.format?.label ?? 'of an unknown format';
	if (odd > 0) {
		const difference = `Part 1 is ${labelOf(0)} and part ${odd + 1} is ${labelOf(odd)}`;
		throw new JoinRefusal('different', `${difference}: parts of one file need the same format.`);
	}
	const { format } = first;
	if (!format || !canJoin(format)) {
		throw new JoinRefusal('unsupported', `Only WAV and MP3 can be joined; the parts are ${labelOf(0)}.`);
	}
	const layout = format.name === 'wav' ? planWav(parts) : planMp3(parts);
	const sampleRateHz = first.sampleRateHz!;
	const timeline = layout.kind === 'wav' ? wavTimeline(layout) : mp3Timeline(layout);
	return {
		layout,
		joined: {
			format,
			sampleRateHz,
			channels: first.channels!,
			sizeBytes: layout.kind === 'wav' ? wavSizeBytes(layout) : layout.sizeBytes,
			durationSeconds:
				(layout.kind === 'wav' ? layout.dataBytes / layout.sound.blockAlignBytes : layout.soundSamples) /
				sampleRateHz,
			parts: timeline.map(({ start, end }) => ({
				startSeconds: start / sampleRateHz,
				endSeconds: end / sampleRateHz,
			})),
		},
	};
}

/**
 * The bytes of the joined file, as they come: one part is open at a time, and no more of it is held than a frame or a few milliseconds.
 * Throws a `JoinRefusal` (`changed`) when a part's bytes are not those that were measured.
 */
export function joinAudio({ layout }: JoinPlan, openPart: OpenPart): AsyncGenerator<Uint8Array> {
	return layout.kind === 'wav' ? joinWav(layout, openPart) : joinMp3(layout, openPart);
}
