import { u8 } from './bytes';
import type { FrameHeader } from './frames';

/** Header of an MPEG audio frame: ISO/IEC 11172-3 (MPEG-1), 13818-3 (MPEG-2), and the unofficial MPEG-2.5 for 8 to 12 kHz. */
export interface MpegHeader extends FrameHeader {
	version: 1 | 2 | 2.5;
	layer: 1 | 2 | 3;
	bitrateKbps: number;
	channels: 1 | 2;
	/** 0 stereo, 1 joint stereo, 2 two languages, 3 mono. */
	channelMode: number;
	/** Whether 16 bits of CRC follow the header. */
	hasCrc: boolean;
}

const VERSIONS = [2.5, null, 2, 1] as const;
const LAYERS = [null, 3, 2, 1] as const;
const SAMPLE_RATES_HZ = { 1: [44100, 48000, 32000], 2: [22050, 24000, 16000], 2.5: [11025, 12000, 8000] };
const SAMPLES = { 1: { 1: 384, 2: 1152, 3: 1152 }, 2: { 1: 384, 2: 1152, 3: 576 } };

/** By index 1 to 14; 0 (free format) and 15 are not accepted. */
const BITRATES_KBPS = {
	1: {
		1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
		2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
		3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	},
	2: {
		1: [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
		2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
		3: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
	},
};

const MONO = 3;
const NO_CRC = 1;
const RESERVED_EMPHASIS = 2;

export interface Layer3Stream {
	version: MpegHeader['version'];
	sampleRateHz: number;
	channels: 1 | 2;
	channelMode: number;
}

/** Samples of one channel in a layer III frame. */
export const layer3Samples = (version: MpegHeader['version']): number => SAMPLES[version === 1 ? 1 : 2][3];

/**
 * A layer III frame of the given stream that holds silence: all of its side information is zero, so nothing of it is decoded and nothing
 * refers to earlier frames. Its bitrate is the lowest, from `bitrateKbps` on, whose frames have `atLeastBytes`.
 */
export function silentLayer3Frame(
	stream: Layer3Stream,
	bitrateKbps: number,
	atLeastBytes: number,
): Uint8Array {
	const { version, sampleRateHz, channelMode } = stream;
	const bitrates = BITRATES_KBPS[version === 1 ? 1 : 2][3];
	const lengthAt = (kbps: number) =>
		Math.floor((layer3Samples(version) / 8) * ((kbps * 1000) / sampleRateHz));
	const chosen = bitrates.findIndex((kbps) => kbps >= bitrateKbps && lengthAt(kbps) >= atLeastBytes);

	const frame = new Uint8Array(lengthAt(bitrates[chosen] ?? 0));
	const rate = SAMPLE_RATES_HZ[version].indexOf(sampleRateHz);
	frame.set([
		0xff,
		0xe0 | (VERSIONS.indexOf(version) << 3) | (LAYERS.indexOf(3) << 1) | NO_CRC,
		((chosen + 1) << 4) | (rate << 2),
		channelMode << 6,
	]);
	return frame;
}

/** The header at `at`, or null where no valid header stands. */
export function readMpegHeader(view: Uint8Array, at: number): MpegHeader | null {
	if (view.length < at + 4 || u8(view, at) !== 0xff || (u8(view, at + 1) & 0xe0) !== 0xe0) return null;
	const [second, third, fourth] = [u8(view, at + 1), u8(view, at + 2), u8(view, at + 3)];

	const version = VERSIONS[(second >> 3) & 3];
	const layer = LAYERS[(second >> 1) & 3];
	if (!version || !layer || (fourth & 3) === RESERVED_EMPHASIS) return null;

	const generation = version === 1 ? 1 : 2;
	const bitrateKbps = BITRATES_KBPS[generation][layer][(third >> 4) - 1];
	const sampleRateHz = SAMPLE_RATES_HZ[version][(third >> 2) & 3];
	if (!bitrateKbps || !sampleRateHz) return null;

	const samples = SAMPLES[generation][layer];
	const slotBytes = layer === 1 ? 4 : 1;
	const slots = Math.floor((samples / 8 / slotBytes) * ((bitrateKbps * 1000) / sampleRateHz));
	return {
		version,
		layer,
		bitrateKbps,
		sampleRateHz,
		samples,
		channels: fourth >> 6 === MONO ? 1 : 2,
		channelMode: fourth >> 6,
		hasCrc: (second & 1) === 0,
		lengthBytes: (slots + ((third >> 1) & 1)) * slotBytes,
		stream: `${version}/${layer}/${sampleRateHz}`,
	};
}
