import type { AudioFormat } from './format';

/** How the samples of a WAV file are written: its `fmt ` chunk, as WAVEFORMATEX and WAVEFORMATEXTENSIBLE name the fields. */
export interface WavFacts {
	encoding: 'pcm' | 'float' | 'alaw' | 'mulaw' | 'other';
	/** The code of the encoding: that of the sub-format when the header is extensible. */
	formatTag: number;
	bitsPerSample: number;
	/** Bytes of one sample of all channels. */
	blockAlignBytes: number;
	/** Of WAVE_FORMAT_EXTENSIBLE; null when the header is a plain one. */
	extensible: { validBitsPerSample: number; channelMask: number } | null;
	/** Bytes of sound that the file really has, whole blocks only. */
	dataBytes: number;
}

/** As many frames as the longest padding that a LAME tag can tell of. */
export const LAST_FRAMES = 8;

export interface Mp3Facts {
	version: 1 | 2 | 2.5;
	layer: 1 | 2 | 3;
	/** Audio frames: without the Xing, Info or VBRI frame. */
	frames: number;
	/** Their bytes. */
	frameBytes: number;
	/** Of the first audio frame. */
	bitrateKbps: number;
	/** Of the first audio frame, as its header has it. */
	channelMode: number;
	hasVariableBitrate: boolean;
	/** Whether all frames have the version, layer, sample rate and number of channels of the first. */
	isUniform: boolean;
	/** Samples that the encoder put before and after the sound, when it says so (LAME tag). */
	encoderDelay: { startSamples: number; endSamples: number; encoder: string } | null;
	/** Bytes of the last frames, the very last one at the end; at most `LAST_FRAMES`. */
	lastFrameBytes: number[];
	/** Where the frames lie: bytes of audio frames before frame 0, `everyFrames`, 2 x `everyFrames` ... */
	index: { everyFrames: number; byteOffsets: number[] };
}

/** What a file of audio is, measured from its bytes. null: this format, or this file, does not tell. */
export interface AudioFacts {
	/** null: the bytes are not audio of a format known here. */
	format: AudioFormat | null;
	sizeBytes: number;
	/** Of the sound that is there, whatever the header declares; encoder delay and padding taken off where known. */
	durationSeconds: number | null;
	sampleRateHz: number | null;
	channels: number | null;
	/** The container declares more than came. */
	truncated: boolean;
	/** A sentence on why there is nothing to hear in these bytes; null when there is. */
	problem: string | null;
	/** Set for WAV whose sound was found: what joining needs. */
	wav: WavFacts | null;
	/** Set for MP3 whose frames were found: what joining needs. */
	mp3: Mp3Facts | null;
}

/**
 * The longest duration that is believed: 1,000 hours. The largest WAV file (4 GiB) lasts 149 hours at
 * 8 kHz and 8 bits, so a longer duration is a wrong number in a header.
 */
export const MAX_DURATION_SECONDS = 3_600_000;

/** What the reader of one format finds out. */
export type Measured = Omit<AudioFacts, 'format' | 'sizeBytes'>;

export const nothingMeasured = (overrides: Partial<Measured> = {}): Measured => ({
	durationSeconds: null,
	sampleRateHz: null,
	channels: null,
	truncated: false,
	problem: null,
	wav: null,
	mp3: null,
	...overrides,
});
