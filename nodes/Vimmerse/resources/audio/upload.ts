import { createHash } from 'crypto';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import type { HttpRequest } from '../../../shared/http/service';
import { singlePiece } from '../../../shared/run/audioRequest';
import { generateAudio } from '../../../shared/run/generate';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionsField, RUN_OPTIONS } from '../../../shared/run/options';
import { requiredText } from '../../../shared/run/parameters';
import { Failure } from '../../../shared/speech/failure';
import {
	assetStatus,
	readGenerated,
	UPLOAD_FIELD,
	uploadFileRequest,
	uploadUrlRequest,
} from '../../contract';
import { fileForm } from '../../multipart';
import type { FormFile } from '../../multipart';

/**
 * How much of a file is read at a time. The engine lets go of read pieces only now and then: with the usual 64 KiB an upload was
 * measured to add 65 to 75 MB to the process, with 4 KiB about 35 MB, however long the file.
 */
const PIECE_BYTES = 4096;

export const upload: Operation = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload audio',
	description: 'Put an audio file into Vimmerse, to be used as an asset there',
	kind: 'upload',
	properties: [
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			options: [
				{ name: 'Binary File', value: 'binary', description: 'A file of the input item' },
				{ name: 'URL', value: 'url', description: 'A file that Vimmerse downloads by itself' },
			],
			default: 'binary',
			description: 'Where the audio comes from',
		},
		{
			displayName: 'Input Data Field Name',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			displayOptions: { show: { source: ['binary'] } },
			description: 'Name of the binary field that holds the audio',
			hint: 'The name of the input binary field containing the file to upload',
		},
		{
			displayName: 'Audio URL',
			name: 'audioUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://example.com/interview.mp3',
			displayOptions: { show: { source: ['url'] } },
			description: 'Public address of the audio',
		},
		{
			// The file is here already: the record with its new address is all that is put out.
			displayName: 'Download Audio',
			name: 'downloadAudio',
			type: 'hidden',
			default: false,
		},
		optionsField([...RUN_OPTIONS, 'pollInterval']),
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const source = requiredText(item, 'source', 'Source');
	return await generateAudio(item, {
		model: null,
		text: '',
		pieces: singlePiece('', source === 'url' ? uploadUrlRequest(readAudioUrl(item)) : await uploadFile(item)),
		read: readGenerated,
		status: assetStatus,
	});
}

async function uploadFile(item: Item): Promise<HttpRequest> {
	const field = requiredText(item, 'binaryPropertyName', 'Input Data Field Name');
	const binary = item.context.helpers.assertBinaryData(item.index, field);
	const file = await formFile(item, field, binary);
	if (file.sizeBytes > 0) return uploadFileRequest(fileForm(UPLOAD_FIELD, file));
	throw new Failure(
		'invalid_input',
		`The file in '${field}' is empty. Check what the node before puts out, or change 'Input Data Field Name'.`,
		{ field: 'Input Data Field Name' },
	);
}

/** Where n8n keeps files on disk or in a store, the file is read from there as it is sent. */
async function formFile(
	item: Item,
	field: string,
	{ id, fileName, mimeType }: IBinaryData,
): Promise<FormFile> {
	const { helpers } = item.context;
	const about = { name: fileName ?? 'audio', mimeType };
	if (id) {
		const { fileSize } = await helpers.getBinaryMetadata(id);
		return {
			...about,
			sizeBytes: fileSize,
			key: id,
			open: async () => await helpers.getBinaryStream(id, PIECE_BYTES),
		};
	}
	const bytes = await helpers.getBinaryDataBuffer(item.index, field);
	const key = createHash('sha256').update(bytes).digest('hex');
	return { ...about, sizeBytes: bytes.length, key, open: async () => bytes };
}

function readAudioUrl(item: Item): string {
	const audioUrl = requiredText(item, 'audioUrl', 'Audio URL');
	if (URL.canParse(audioUrl) && /^https?:$/.test(new URL(audioUrl).protocol)) return audioUrl;
	throw new Failure(
		'invalid_input',
		`'Audio URL' cannot be ${JSON.stringify(audioUrl)}: it has to start with https:// or http://. Correct it.`,
		{ field: 'Audio URL' },
	);
}
