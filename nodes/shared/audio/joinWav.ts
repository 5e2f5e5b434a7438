import { concatBytes } from './bytes';
import type { AudioFacts, WavFacts } from './facts';
import { createFeed } from './feed';
import { type JoinPart, JoinRefusal, type OpenPart, refusePart, requireSame } from './joinParts';
import { skipLeadingTags } from './frames';
import { smoothEdges } from './wavEdges';
import { EXTENSIBLE_TAG, readWavLayout, SUBFORMAT_TAIL, type WavSound } from './wav';

export interface WavPlan {
	kind: 'wav';
	header: Uint8Array;
	sound: WavSound;
	parts: Array<{ dataBytes: number; pauseBytes: number }>;
	dataBytes: number;
}

const SIZE_FIELD_MAX = 0xffff_ffff;
const SILENCE_PIECE_BYTES = 64 * 1024;

const ENCODING_LABELS = {
	pcm: 'PCM',
	float: 'floating point',
	alaw: 'A-law',
	mulaw: 'µ-law',
	other: 'compressed',
};

const MUST_BE_SAME: Record<string, (facts: AudioFacts) => string> = {
	'sample rate': ({ sampleRateHz }) => `${sampleRateHz} Hz`,
	'number of channels': ({ channels }) => (channels === 1 ? 'mono' : `of ${channels} channels`),
	encoding: ({ wav }) => ENCODING_LABELS[wav!.encoding],
	'bit depth': ({ wav }) => `${wav!.bitsPerSample} bit`,
};

/** Plans a file with a plain header, or an extensible one when the first part has that. */
export function planWav(parts: readonly JoinPart[]): WavPlan {
	for (const [index, { facts }] of parts.entries()) {
		if (!facts.wav || !facts.sampleRateHz || !facts.channels)
			throw refusePart('unsupported', index, 'holds no sound');
		if (facts.wav.encoding === 'other') {
			throw refusePart('unsupported', index, 'is compressed WAV, which cannot be joined; ask for PCM');
		}
		if (facts.wav.bitsPerSample === 0) {
			throw refusePart('unsupported', index, 'is WAV with 0 bits per sample, which cannot be joined');
		}
	}
	requireSame(parts, MUST_BE_SAME);

	const first = parts[0]!.facts as AudioFacts & { wav: WavFacts };
	const { encoding, bitsPerSample, blockAlignBytes } = first.wav;
	const sampleRateHz = first.sampleRateHz!;
	const planned = parts.map(({ facts, pauseAfterMs }, index) => ({
		dataBytes: facts.wav!.dataBytes,
		pauseBytes:
			index === parts.length - 1 ? 0 : Math.round((pauseAfterMs * sampleRateHz) / 1000) * blockAlignBytes,
	}));
	const dataBytes = planned.reduce((total, part) => total + part.dataBytes + part.pauseBytes, 0);
	const header = wavHeader(first, dataBytes);
	if (header.length + dataBytes > SIZE_FIELD_MAX) {
		throw new JoinRefusal('too_large', 'The joined WAV file would be larger than 4 GiB; ask for MP3.');
	}
	const sound = { encoding, bitsPerSample, blockAlignBytes, channels: first.channels!, sampleRateHz };
	return { kind: 'wav', header, sound, parts: planned, dataBytes };
}

/** Where the parts lie, in samples from the start of the file. */
export function wavTimeline({ parts, sound }: WavPlan): Array<{ start: number; end: number }> {
	let at = 0;
	return parts.map(({ dataBytes, pauseBytes }) => {
		const start = at / sound.blockAlignBytes;
		at += dataBytes + pauseBytes;
		return { start, end: start + dataBytes / sound.blockAlignBytes };
	});
}

export const wavSizeBytes = ({ header, dataBytes }: WavPlan): number =>
	header.length + dataBytes + (dataBytes % 2);

export async function* joinWav(plan: WavPlan, openPart: OpenPart): AsyncGenerator<Uint8Array> {
	yield plan.header;
	for (const [index, part] of plan.parts.entries()) {
		yield* partSound(plan, index, await openPart(index));
		yield* silence(plan.sound, part.pauseBytes);
	}
	if (plan.dataBytes % 2 === 1) yield new Uint8Array(1);
}

/** Exactly the bytes that were measured, its inner edges without a step. */
async function* partSound(
	{ parts, sound }: WavPlan,
	index: number,
	chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	const { dataBytes } = parts[index]!;
	const waiting: Uint8Array[] = [];
	const edges = smoothEdges(sound, dataBytes, { start: index > 0, end: index < parts.length - 1 });
	const feed = createFeed(function* (bytes) {
		yield* skipLeadingTags(bytes);
		const layout = yield* readWavLayout(bytes);
		return layout ? yield* bytes.take(dataBytes, (piece) => waiting.push(...edges.push(piece))) : 0;
	});

	for await (const chunk of chunks) {
		feed.push(chunk);
		yield* waiting.splice(0);
	}
	const cameBytes = feed.end();
	yield* waiting.splice(0);
	if (cameBytes < dataBytes)
		throw refusePart('changed', index, 'is shorter than it was when it was measured');
}

/** The byte that silence consists of. */
const SILENT_BYTES: Partial<Record<WavFacts['encoding'], number>> = { alaw: 0xd5, mulaw: 0xff };

function* silence({ encoding, bitsPerSample }: WavSound, lengthBytes: number): Generator<Uint8Array> {
	const unsigned = encoding === 'pcm' && bitsPerSample <= 8 ? 0x80 : 0;
	const fill = SILENT_BYTES[encoding] ?? unsigned;
	for (let left = lengthBytes; left > 0; left -= SILENCE_PIECE_BYTES) {
		yield new Uint8Array(Math.min(left, SILENCE_PIECE_BYTES)).fill(fill);
	}
}

/** RIFF, fmt, fact where the encoding is not PCM, and the head of the data chunk. */
function wavHeader(first: AudioFacts & { wav: WavFacts }, dataBytes: number): Uint8Array {
	const { wav, channels, sampleRateHz } = first;
	const isPlainPcm = wav.encoding === 'pcm' && !wav.extensible;
	const fmt = concatBytes([
		fields([
			[2, wav.extensible ? EXTENSIBLE_TAG : wav.formatTag],
			[2, channels!],
			[4, sampleRateHz!],
			[4, sampleRateHz! * wav.blockAlignBytes],
			[2, wav.blockAlignBytes],
			[2, wav.bitsPerSample],
		]),
		isPlainPcm ? new Uint8Array(0) : extension(wav),
	]);
	const fact = fields([[4, dataBytes / wav.blockAlignBytes]]);
	const chunks = concatBytes([
		fourCharacters('WAVE'),
		...[fourCharacters('fmt '), fields([[4, fmt.length]]), fmt],
		...(wav.encoding === 'pcm' ? [] : [fourCharacters('fact'), fields([[4, fact.length]]), fact]),
		...[fourCharacters('data'), fields([[4, dataBytes]])],
	]);
	const riffBytes = chunks.length + dataBytes + (dataBytes % 2);
	return concatBytes([fourCharacters('RIFF'), fields([[4, riffBytes]]), chunks]);
}

function extension({ extensible, formatTag }: WavFacts): Uint8Array {
	if (!extensible) return fields([[2, 0]]);
	const { validBitsPerSample, channelMask } = extensible;
	const subFormat = concatBytes([fields([[2, formatTag]]), Uint8Array.from(SUBFORMAT_TAIL)]);
	return concatBytes([
		fields([
			[2, 22],
			[2, validBitsPerSample],
			[4, channelMask],
		]),
		subFormat,
	]);
}

const fourCharacters = (code: string): Uint8Array =>
	Uint8Array.from(code, (character) => character.charCodeAt(0));

/** Little-endian numbers of the given widths in bytes. */
function fields(values: Array<[width: 2 | 4, value: number]>): Uint8Array {
	const bytes = values.flatMap(([width, value]) =>
		Array.from({ length: width }, (_, at) => Math.floor(value / 2 ** (8 * at)) % 256),
	);
	return Uint8Array.from(bytes);
}
