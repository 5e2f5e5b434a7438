import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

import { encode, type AudioFormat } from './encode.mts';
import { createFileCache } from './cache.mts';
import { musicSamples, soundEffectSamples } from './sounds.mts';
import { espeakVoiceFor, languageOf, type EspeakVoice } from './voices.mts';
import type { SpokenTurn } from '../core/types.mts';

/** One piece of text for the worker. */
export interface SpeechOrder {
	id: number;
	text: string;
	voice: EspeakVoice;
}

/** The worker's result: mono samples. */
export interface SpeechPiece {
	id: number;
	samples: Int16Array;
	sampleRateHz: number;
}

/** The sound to generate. */
export type AudioOrder =
	| { kind: 'speech'; turns: SpokenTurn[]; speed?: number }
	| { kind: 'soundEffect' | 'music'; prompt: string; seconds: number };

/**
 * Text is sent to the worker in pieces of about this many characters, so that no piece blocks it
 * for long.
 */
const PIECE_CHARACTERS = 1_500;
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
const PAUSE_BETWEEN_TURNS_SECONDS = 0.25;
const CACHE_BYTES = 8 * 1024 ** 3;
const ESPEAK_SAMPLE_RATE_HZ = 22_050;

const cache = createFileCache(CACHE_BYTES);
let worker: Worker | undefined;
let lastOrderId = 0;
const waiting = new Map<number, { resolve: (piece: SpeechPiece) => void; reject: (error: Error) => void }>();

/**
 * Real audio for an order in a given format, as the bytes of one file. The same order returns the
 * same bytes while they are in the cache, which has a size limit. Rejects when `encode` does not
 * support the format.
 */
export function renderAudio(order: AudioOrder, format: AudioFormat): Promise<Buffer> {
	const key = createHash('sha256')
		.update(JSON.stringify([order, format]))
		.digest('hex');
	return cache.get(key, async () => {
		if (order.kind === 'speech')
			return encode(await speak(order.turns, order.speed), ESPEAK_SAMPLE_RATE_HZ, format);
		const samples =
			order.kind === 'music'
				? musicSamples(order.prompt, order.seconds)
				: soundEffectSamples(order.prompt, order.seconds);
		return encode(samples, ESPEAK_SAMPLE_RATE_HZ, format);
	});
}

/** Ends the worker and clears the cache; the next order starts a new worker. */
export async function stopSpeaking(): Promise<void> {
	const ending = worker;
	worker = undefined;
	await ending?.terminate();
	cache.clear();
	for (const { reject } of waiting.values()) reject(new Error('The sandbox stopped'));
	waiting.clear();
}

async function speak(turns: SpokenTurn[], speed = 1): Promise<Int16Array> {
	const pieces: Int16Array[] = [];
	for (const turn of turns) {
		for (const text of splitForWorker(speakable(turn.text))) {
			const { samples } = await order(text, espeakVoiceFor(turn.voice, text, speed));
			pieces.push(samples);
		}
		pieces.push(new Int16Array(Math.round(PAUSE_BETWEEN_TURNS_SECONDS * ESPEAK_SAMPLE_RATE_HZ)));
	}
	return concatenate(pieces);
}

function order(text: string, voice: EspeakVoice): Promise<SpeechPiece> {
	const id = ++lastOrderId;
	return new Promise((resolve, reject) => {
		waiting.set(id, { resolve, reject });
		worker ??= startWorker();
		worker.ref();
		worker.postMessage({ id, text, voice } satisfies SpeechOrder);
	});
}

function startWorker(): Worker {
	const started = new Worker(new URL('./worker.mts', import.meta.url), { execArgv: ['--no-warnings'] });
	started.on('message', (piece: SpeechPiece) => {
		waiting.get(piece.id)?.resolve(piece);
		waiting.delete(piece.id);
		if (waiting.size === 0) started.unref();
	});
	started.on('error', (error: Error) => {
		worker = undefined;
		for (const { reject } of waiting.values()) reject(error);
		waiting.clear();
	});
	return started;
}

/** eSpeak NG treats angle brackets and ampersands as markup, and control characters as commands. */
function speakable(text: string): string {
	return text
		.replace(/[<>&|]/g, ' ')
		.replace(/\p{Cc}/gu, ' ')
		.trim();
}

/** Groups consecutive sentences of one language. A sentence that is too long is cut. */
function splitForWorker(text: string): string[] {
	const pieces: string[] = [];
	for (const { segment } of SENTENCES.segment(text)) {
		for (let at = 0; at < segment.length; at += PIECE_CHARACTERS) {
			const sentence = segment.slice(at, at + PIECE_CHARACTERS);
			const last = pieces.at(-1);
			const goesOn =
				last !== undefined &&
				last.length + sentence.length <= PIECE_CHARACTERS &&
				languageOf(last) === languageOf(sentence);
			if (goesOn) pieces.splice(-1, 1, last + sentence);
			else pieces.push(sentence);
		}
	}
	return pieces.filter((piece) => piece.trim() !== '');
}

function concatenate(pieces: Int16Array[]): Int16Array {
	const whole = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let offset = 0;
	for (const piece of pieces) {
		whole.set(piece, offset);
		offset += piece.length;
	}
	return whole;
}
