import { measureAac } from './aac';
import { ascii } from './bytes';
import { MAX_DURATION_SECONDS, nothingMeasured } from './facts';
import type { AudioFacts, Measured } from './facts';
import { type ByteReader, createFeed, type Reading } from './feed';
import { measureFlac } from './flac';
import { type AudioFormat, type AudioFormatName, audioFormat, detectFormat, HEAD_BYTES } from './format';
import { skipLeadingTags } from './frames';
import { measureMp3 } from './mp3';
import { measureOgg } from './ogg';
import { measureWav } from './wav';

export interface AudioProbe {
	/** The next bytes of the file; of any number, and free to be overwritten afterwards. */
	push(chunk: Uint8Array): void;
	/** Says that these were all, and gives what they are. */
	end(): AudioFacts;
}

type Found = Measured & { format: AudioFormat | null };

const READERS: Partial<Record<AudioFormatName, (bytes: ByteReader) => Reading<Measured>>> = {
	wav: measureWav,
	mp3: measureMp3,
	flac: measureFlac,
	ogg: measureOgg,
	opus: measureOgg,
	aac: measureAac,
};

/** Whether files of this format tell how long they last. */
export const canMeasure = (name: AudioFormatName): boolean => name in READERS;

/**
 * Measures a file while it flows by, in memory that does not grow with it. Never throws, whatever the bytes are: what it finds wrong
 * is `truncated` and `problem`.
 */
export function createAudioProbe(): AudioProbe {
	const feed = createFeed(measure);
	let sizeBytes = 0;
	return {
		push(chunk) {
			sizeBytes += chunk.length;
			feed.push(chunk);
		},
		end() {
			const { format, ...measured } = feed.end();
			const isPlausible = (measured.durationSeconds ?? 0) <= MAX_DURATION_SECONDS;
			const durationSeconds = isPlausible ? measured.durationSeconds : null;
			return { format, sizeBytes, ...measured, durationSeconds };
		},
	};
}

/** The same for bytes that are at hand as a whole. */
export function measureAudio(bytes: Uint8Array): AudioFacts {
	const probe = createAudioProbe();
	probe.push(bytes);
	return probe.end();
}

function* measure(bytes: ByteReader): Reading<Found> {
	const isTagged = yield* skipLeadingTags(bytes);
	const head = yield* bytes.peek(HEAD_BYTES);
	const format = detectFormat(head);
	if (format) {
		const read = READERS[format.name];
		return { format, ...(read ? yield* read(bytes) : nothingMeasured()) };
	}

	const isEmpty = head.length === 0;
	const described = describeText(head);
	if (isEmpty && isTagged) {
		const problem = 'The file holds a tag and no sound.';
		return { format: audioFormat('mp3'), ...nothingMeasured({ truncated: true, problem }) };
	}
	if (isEmpty) return { format: null, ...nothingMeasured({ problem: 'The file is empty.' }) };
	if (described)
		return { format: null, ...nothingMeasured({ problem: `The file is ${described}, not audio.` }) };

	const asMp3 = yield* measureMp3(bytes);
	if (asMp3.mp3 && asMp3.mp3.frames > 1) return { format: audioFormat('mp3'), ...asMp3 };
	return { format: null, ...nothingMeasured({ problem: 'The file is not audio of a known format.' }) };
}

/** What the first bytes look like when they are text of some kind: providers and media hosts answer with that instead of audio. */
function describeText(head: Uint8Array): string | null {
	const start = ascii(head, 0, Math.min(head.length, 512))
		.replace(/^\u00ef\u00bb\u00bf/, '')
		.trimStart();
	if (/^(<!doctype html|<html)/i.test(start)) return 'an HTML page';
	if (/^<(\?xml|[A-Za-z][\w:-]*[\s>])/.test(start)) return 'an XML document';
	if (/^[{[]\s*["{[\]}\d]/.test(start)) return 'JSON';
	return /^[\t\n\r\x20-\x7e]+$/.test(start) ? 'text' : null;
}
