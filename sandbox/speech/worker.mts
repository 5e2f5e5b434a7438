/**
 * The worker thread for speech synthesis: eSpeak NG, compiled to WebAssembly. It processes one
 * piece of text at a time, so that concurrent requests take turns.
 */
import { parentPort } from 'node:worker_threads';

import loadEspeak from '@echogarden/espeak-ng-emscripten';

import type { SpeechOrder, SpeechPiece } from './speech.mts';

const engine = (async () => {
	const { eSpeakNGWorker } = await loadEspeak();
	return new eSpeakNGWorker();
})();

parentPort?.on('message', async ({ id, text, voice }: SpeechOrder) => {
	const espeak = await engine;
	espeak.set_voice(voice.name, '', 0, 0, 0);
	espeak.set_rate(voice.wordsPerMinute);
	espeak.set_pitch(voice.pitch);
	espeak.set_range(voice.range);
	const pieces: Int16Array[] = [];
	espeak.synthesize(text, (samples) => {
		if (samples) pieces.push(samples);
		return false;
	});
	const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let offset = 0;
	for (const piece of pieces) {
		samples.set(piece, offset);
		offset += piece.length;
	}
	const answer: SpeechPiece = { id, samples, sampleRateHz: espeak.get_samplerate() };
	parentPort?.postMessage(answer, [samples.buffer]);
});
