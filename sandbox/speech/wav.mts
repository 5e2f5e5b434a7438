/**
 * WAV PCM (RIFF/WAVE, Microsoft and IBM, 1991): a 44-byte header and interleaved 16-bit little-endian samples.
 */
const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;

/** The header of a mono 16-bit WAV file with this many bytes of samples. */
export function wavHeader(dataBytes: number, sampleRateHz: number): Buffer {
	const header = Buffer.alloc(HEADER_BYTES);
	header.write('RIFF', 0, 'ascii');
	header.writeUInt32LE(Math.min(HEADER_BYTES - 8 + dataBytes, 0xffffffff), 4);
	header.write('WAVEfmt ', 8, 'ascii');
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(sampleRateHz, 24);
	header.writeUInt32LE(sampleRateHz * SAMPLE_BYTES, 28);
	header.writeUInt16LE(SAMPLE_BYTES, 32);
	header.writeUInt16LE(8 * SAMPLE_BYTES, 34);
	header.write('data', 36, 'ascii');
	header.writeUInt32LE(Math.min(dataBytes, 0xffffffff), 40);
	return header;
}

/** The samples' bytes in the order of a WAV file. */
export function samplesToBytes(samples: Int16Array): Buffer {
	return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** A complete mono file. */
export function wavFile(samples: Int16Array, sampleRateHz: number): Buffer {
	const data = samplesToBytes(samples);
	return Buffer.concat([wavHeader(data.length, sampleRateHz), data]);
}

/**
 * A valid mono WAV of exactly this size (rounded down to a whole sample, at least a header),
 * generated while it is sent. It is a low hum with varying loudness, so that it is neither silent
 * nor a repeated block.
 */
export function virtualWav(
	sizeBytes: number,
	sampleRateHz = 24_000,
): { sizeBytes: number; chunks(): Iterable<Uint8Array> } {
	const wholeBytes = SAMPLE_BYTES * Math.floor(Math.max(0, sizeBytes - HEADER_BYTES) / SAMPLE_BYTES);
	return {
		sizeBytes: HEADER_BYTES + wholeBytes,
		*chunks() {
			yield wavHeader(wholeBytes, sampleRateHz);
			const block = humBlock(sampleRateHz);
			for (let left = wholeBytes; left > 0; left -= block.length)
				yield left < block.length ? block.subarray(0, left) : block;
		},
	};
}

const humBlocks = new Map<number, Buffer>();

/** One second of the hum, generated once for each sample rate. */
function humBlock(sampleRateHz: number): Buffer {
	const block = humBlocks.get(sampleRateHz) ?? makeHumBlock(sampleRateHz);
	humBlocks.set(sampleRateHz, block);
	return block;
}

/** Begins and ends at zero, so that blocks join without a click. */
function makeHumBlock(sampleRateHz: number): Buffer {
	const samples = Int16Array.from({ length: sampleRateHz }, (_, index) => {
		const seconds = index / sampleRateHz;
		return Math.round(6_000 * Math.sin(2 * Math.PI * 110 * seconds) * Math.sin(Math.PI * seconds));
	});
	return samplesToBytes(samples);
}
