import { carryOver } from '../../../../nodes/shared/run/binary';
import type { Item } from '../../../../nodes/shared/run/operation';
import type { StoredAudio } from '../../../../nodes/shared/run/storedAudio';

const EXECUTION = '42';
const idIn = (execution: string) =>
	`filesystem-v2:workflows/w/executions/${execution}/binary_data/00000000-0000-4000-8000-000000000000`;

/** Audio in n8n's store, as the ledger keeps it. */
const storedAs = (id: string): StoredAudio => ({
	binary: { data: 'filesystem-v2', id, mimeType: 'audio/wav', fileName: 'before.wav', fileExtension: 'wav' },
	facts: {} as StoredAudio['facts'],
	format: { name: 'wav', label: 'WAV', extension: 'wav', mimeType: 'audio/wav' } as StoredAudio['format'],
});

/** An item of execution 42 in an n8n that has the given files. */
function itemWith(files: string[]) {
	const copied: unknown[] = [];
	const helpers = {
		getBinaryMetadata: async (id: string) => {
			if (!files.includes(id)) throw new Error('ENOENT');
			return { fileSize: 1 };
		},
		getBinaryStream: async (id: string) => `stream of ${id}`,
		prepareBinaryData: async (bytes: unknown, fileName: string, mimeType: string) => {
			copied.push(bytes);
			return { data: 'filesystem-v2', id: idIn(EXECUTION), mimeType, fileName, fileExtension: 'bin' };
		},
	};
	const item = {
		context: { helpers, getExecutionId: () => EXECUTION },
		options: { fileName: 'now' },
		job: { kind: 'speech' },
	} as unknown as Item;
	return { item, copied };
}

test('a file of another execution is copied into this one, under the name that the item has now', async () => {
	const { item, copied } = itemWith([idIn('41')]);

	const [audio] = await carryOver(item, [storedAs(idIn('41'))]);

	expect(copied).toEqual([`stream of ${idIn('41')}`]);
	expect(audio!.binary).toMatchObject({ id: idIn(EXECUTION), fileName: 'now.wav', fileExtension: 'wav' });
});

test('a file of this execution stays where it is, and takes the name that the item has now', async () => {
	const { item, copied } = itemWith([idIn(EXECUTION)]);

	const [audio] = await carryOver(item, [storedAs(idIn(EXECUTION))]);

	expect(copied).toEqual([]);
	expect(audio!.binary).toMatchObject({ id: idIn(EXECUTION), fileName: 'now.wav' });
});

test('a file that is gone is an error', async () => {
	await expect(carryOver(itemWith([]).item, [storedAs(idIn(EXECUTION))])).rejects.toThrow('ENOENT');
});
