import { readAdtsHeader } from './adts';
import { type Measured, nothingMeasured } from './facts';
import type { ByteReader, Reading } from './feed';
import { type FrameHeader, scanFrames } from './frames';

/** AAC in ADTS frames, by counting them. */
export function* measureAac(bytes: ByteReader): Reading<Measured> {
	let first: FrameHeader | null = null;
	let seconds = 0;
	yield* scanFrames<FrameHeader>(bytes, {
		readHeader: readAdtsHeader,
		onFrame(header) {
			first ??= header;
			seconds += header.samples / header.sampleRateHz;
		},
	});
	const stream = first as FrameHeader | null;
	if (!stream) return nothingMeasured({ problem: 'The AAC file has no whole frame of sound.' });
	return nothingMeasured({
		durationSeconds: seconds,
		sampleRateHz: stream.sampleRateHz,
		channels: stream.channels,
	});
}
