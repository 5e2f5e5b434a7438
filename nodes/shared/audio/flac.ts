import { u24be, u32be, u8 } from './bytes';
import { type Measured, nothingMeasured } from './facts';
import type { ByteReader, Reading } from './feed';

/** FLAC by its STREAMINFO block (RFC 9639, 8.2), which comes first. A streaming writer leaves the number of samples 0: duration unknown. */
export function* measureFlac(bytes: ByteReader): Reading<Measured> {
	const head = yield* bytes.peek(4 + 4 + 34);
	const isStreamInfo = (u8(head, 4) & 0x7f) === 0;
	const sampleRateHz = u24be(head, 18) >> 4;
	if (head.length < 42 || !isStreamInfo || sampleRateHz === 0) {
		return nothingMeasured({
			truncated: head.length < 42,
			problem: 'The FLAC file does not say what it holds.',
		});
	}
	const samples = (u8(head, 21) & 0xf) * 0x1_0000_0000 + u32be(head, 22);
	return nothingMeasured({
		durationSeconds: samples > 0 ? samples / sampleRateHz : null,
		sampleRateHz,
		channels: ((u8(head, 20) >> 1) & 7) + 1,
	});
}
