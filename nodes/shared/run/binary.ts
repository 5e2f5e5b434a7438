import type { AudioFormat } from '../audio/format';
import { createAudioProbe } from '../audio/measure';
import type { AudioProbe } from '../audio/measure';
import type { AudioBody, ByteStream } from '../http/body';
import type { AudioKind } from '../speech/job';
import type { Item } from './operation';
import type { StoredAudio } from './storedAudio';

/** What a file is called when the user does not say. */
const FILE_NAMES: Record<AudioKind, string> = {
	speech: 'narration',
	soundEffect: 'sound-effect',
	music: 'music',
	upload: 'upload',
};

/**
 * Puts audio into n8n's binary store as it comes in, and measures it on the way: however long it is, memory does not grow.
 *
 * @throws the stream's own error when it breaks off
 */
export async function storeAudio(item: Item, audio: AudioBody): Promise<StoredAudio> {
	const probe = createAudioProbe();
	const fileName = fileNameFor(item, audio.format);
	const bytes = measuredOnTheWay(audio.bytes, probe);
	const binary = await item.context.helpers.prepareBinaryData(bytes, fileName, audio.format.mimeType);
	// n8n derives the extension from the MIME type, and knows audio/mpeg as .mpga.
	return {
		binary: { ...binary, fileExtension: audio.format.extension },
		facts: probe.end(),
		format: audio.format,
	};
}

/**
 * Audio of an earlier attempt, as this execution's own: n8n deletes the files of an execution together with it, so those of
 * another execution are copied. The file name is that of the item now.
 *
 * @throws n8n's error when a file is gone
 */
export async function carryOver(item: Item, stored: readonly StoredAudio[]): Promise<StoredAudio[]> {
	return await Promise.all(
		stored.map(async (audio) => {
			const { id } = audio.binary;
			const fileName = fileNameFor(item, audio.format);
			if (!id) return { ...audio, binary: { ...audio.binary, fileName } };
			await item.context.helpers.getBinaryMetadata(id);
			if (id.includes(`/executions/${item.context.getExecutionId()}/`))
				return { ...audio, binary: { ...audio.binary, fileName } };
			const bytes = await item.context.helpers.getBinaryStream(id);
			const { mimeType, extension } = audio.format;
			const binary = await item.context.helpers.prepareBinaryData(bytes, fileName, mimeType);
			return { ...audio, binary: { ...binary, fileExtension: extension } };
		}),
	);
}

function measuredOnTheWay(bytes: Buffer | ByteStream, probe: AudioProbe): Buffer | ByteStream {
	if (Buffer.isBuffer(bytes)) {
		probe.push(bytes);
		return bytes;
	}
	return bytes.map((chunk: Buffer) => {
		probe.push(chunk);
		return chunk;
	});
}

/** The user's name or the usual one, with the extension that the audio really has. */
function fileNameFor(item: Item, format: AudioFormat): string {
	const wanted = item.options.fileName ?? FILE_NAMES[item.job.kind];
	const extension = `.${format.extension}`;
	const base = wanted.toLowerCase().endsWith(extension) ? wanted.slice(0, -extension.length) : wanted;
	return `${base}${extension}`;
}
