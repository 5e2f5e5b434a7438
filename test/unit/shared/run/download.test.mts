import type { Item } from '../../../../nodes/shared/run/operation';
import { fetchAudio } from '../../../../nodes/shared/run/produce';

test('audio that is there when the time is up is told by its address, not as something that was never sent', async () => {
	const item = {
		patience: { deadline: Date.now() - 1, maxRetries: 4, signal: undefined },
		channel: { baseUrl: 'https://api.example.com' },
		output: { isDownloadWanted: true },
	} as Item;
	const done = {
		status: 'completed',
		facts: {},
		source: { urls: ['https://cdn.example.com/a.wav'] },
	} as const;

	await expect(fetchAudio(item, { ...done, source: { urls: [...done.source.urls] } })).rejects.toMatchObject({
		code: 'bad_audio',
		charged: null,
		message: expect.stringContaining('https://cdn.example.com/a.wav'),
	});
});
