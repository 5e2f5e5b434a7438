import { renderAudio, stopSpeaking } from '../../../sandbox/speech/speech.mts';
import { CODECS, type Codec } from '../../../sandbox/speech/encode.mts';

const SENTENCE = 'Every evening the lighthouse keeper climbs the stairs and counts the ships that pass.';
const order = (voice: string, text = SENTENCE) => ({ kind: 'speech' as const, turns: [{ voice, text }] });
const HEADER_BYTES = 44;

afterAll(stopSpeaking);

/** Loudness (root mean square) of each 20 ms of a mono WAV of 24 kHz. */
function loudnessOverTime(wav: Buffer): number[] {
	const samples = new Int16Array(
		wav.buffer.slice(wav.byteOffset + HEADER_BYTES, wav.byteOffset + wav.length),
	);
	const frameLength = 480;
	return Array.from({ length: Math.floor(samples.length / frameLength) }, (_, frame) => {
		const part = samples.subarray(frame * frameLength, (frame + 1) * frameLength);
		return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / frameLength);
	});
}

describe('Speech', () => {
	test('is as long as a person would take, and neither silence nor a tone', async () => {
		const wav = await renderAudio(order('alloy'), { codec: 'wav' });
		const seconds = (wav.length - HEADER_BYTES) / 2 / 24_000;
		const loudness = loudnessOverTime(wav);
		const loudest = Math.max(...loudness);
		const quiet = loudness.filter((value) => value < loudest / 10).length / loudness.length;
		expect(seconds).toBeGreaterThan(3);
		expect(seconds).toBeLessThan(10);
		expect(loudest).toBeGreaterThan(2_000);
		expect(quiet).toBeGreaterThan(0.05);
		expect(quiet).toBeLessThan(0.6);
	});

	test('sounds different in two voices, and the same twice', async () => {
		const [alice, frank, again] = await Promise.all([
			renderAudio(order('Alice [EN]'), { codec: 'pcm' }),
			renderAudio(order('Frank [EN]'), { codec: 'pcm' }),
			renderAudio(order('Alice [EN]'), { codec: 'pcm' }),
		]);
		expect(alice.equals(frank)).toBe(false);
		expect(alice.equals(again)).toBe(true);
	});

	test('says every turn of a dialogue', async () => {
		const turns = [
			{ voice: 'Alice [EN]', text: SENTENCE },
			{ voice: 'Frank [EN]', text: SENTENCE },
		];
		const both = await renderAudio({ kind: 'speech', turns }, { codec: 'pcm' });
		const each = await Promise.all(
			turns.map((turn) => renderAudio({ kind: 'speech', turns: [turn] }, { codec: 'pcm' })),
		);
		const sum = each.reduce((bytes, { length }) => bytes + length, 0);
		expect(Math.abs(both.length - sum) / 2 / 24_000).toBeLessThan(0.1);
	});

	test('grows with the text, over the size of one piece of work', async () => {
		const once = await renderAudio(order('echo'), { codec: 'pcm' });
		const often = await renderAudio(order('echo', `${SENTENCE} `.repeat(40)), { codec: 'pcm' });
		expect(often.length / once.length).toBeGreaterThan(32);
		expect(often.length / once.length).toBeLessThan(48);
	});

	test.each([
		['Chinese', '今天的天气很好。'],
		['Japanese', 'これは試験です。'],
		['Arabic', 'هذا اختبار قصير.'],
		['Russian', 'Это короткая проверка.'],
		['Thai', 'วันนี้อากาศดีมาก'],
	])('says %s', async (_language, text) => {
		const pcm = await renderAudio(order('nova', text), { codec: 'pcm' });
		expect(pcm.length / 2 / 24_000).toBeGreaterThan(0.8);
	});

	test('says each language of a text as that language', async () => {
		const sentences = [SENTENCE, 'Это короткая проверка.'];
		const both = await renderAudio(order('nova', sentences.join(' ')), { codec: 'pcm' });
		const each = await Promise.all(
			sentences.map((text) => renderAudio(order('nova', text), { codec: 'pcm' })),
		);
		const sum = each.reduce((bytes, { length }) => bytes + length, 0);
		expect(both.length / sum).toBeGreaterThan(0.85);
		expect(both.length / sum).toBeLessThan(1.15);
	});

	test('takes markup and control characters for text', async () => {
		const pcm = await renderAudio(order('nova', 'Less < more & <break/> \u0001 end.'), { codec: 'pcm' });
		expect(pcm.length / 2 / 24_000).toBeGreaterThan(0.8);
	});
});

describe('Formats', () => {
	const firstBytes: Record<Codec, RegExp> = {
		wav: /^RIFF....WAVEfmt /s,
		pcm: /^/,
		mp3: /^(ID3|\xff[\xe2-\xfb])/,
		opus: /^OggS/,
		ogg: /^OggS/,
		aac: /^\xff[\xf0-\xf9]/,
		flac: /^fLaC/,
		m4a: /^....ftyp/s,
		mulaw: /^/,
		alaw: /^/,
	};

	test.each(Object.keys(CODECS) as Codec[])('%s begins as it must and is not empty', async (codec) => {
		const bytes = await renderAudio(order('alloy'), { codec });
		expect(bytes.subarray(0, 16).toString('latin1')).toMatch(firstBytes[codec]);
		expect(bytes.length).toBeGreaterThan(10_000);
	});

	test('take the sample rate that is asked for', async () => {
		const wav = await renderAudio(order('alloy'), { codec: 'wav', sampleRateHz: 8_000 });
		expect(wav.readUInt32LE(24)).toBe(8_000);
	});
});

describe('Sounds', () => {
	test.each(['soundEffect', 'music'] as const)(
		'%s lasts as long as asked and is heard throughout',
		async (kind) => {
			const wav = await renderAudio({ kind, prompt: 'rain on a tin roof', seconds: 3 }, { codec: 'wav' });
			expect((wav.length - HEADER_BYTES) / 2 / 24_000).toBeCloseTo(3, 1);
			const loudness = loudnessOverTime(wav);
			const audible = loudness.filter((value) => value > 50).length / loudness.length;
			expect(audible).toBeGreaterThan(0.9);
			expect(new Set(loudness.map(Math.round)).size).toBeGreaterThan(20);
		},
	);
});
