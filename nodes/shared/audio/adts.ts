import { u8 } from './bytes';
import type { FrameHeader } from './frames';

const SAMPLE_RATES_HZ = [
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];
/** By channel configuration; 0 leaves it to the stream. */
const CHANNELS = [null, 1, 2, 3, 4, 5, 6, 8];
const HEADER_BYTES = 7;

/** The ADTS header (AAC; ISO/IEC 13818-7, 6.2) at `at`, or null where no valid header stands. */
export function readAdtsHeader(view: Uint8Array, at: number): FrameHeader | null {
	if (view.length < at + HEADER_BYTES) return null;
	if (u8(view, at) !== 0xff || (u8(view, at + 1) & 0xf6) !== 0xf0) return null;

	const sampleRateHz = SAMPLE_RATES_HZ[(u8(view, at + 2) >> 2) & 0xf];
	const configuration = ((u8(view, at + 2) & 1) << 2) | (u8(view, at + 3) >> 6);
	const lengthBytes = ((u8(view, at + 3) & 3) << 11) | (u8(view, at + 4) << 3) | (u8(view, at + 5) >> 5);
	if (!sampleRateHz || lengthBytes <= HEADER_BYTES) return null;

	const blocks = (u8(view, at + 6) & 3) + 1;
	return {
		lengthBytes,
		samples: 1024 * blocks,
		sampleRateHz,
		channels: CHANNELS[configuration] ?? null,
		stream: `${sampleRateHz}/${configuration}`,
	};
}
