import { z } from 'zod';

import type { Answer, HttpRequest, Refusal, RefusalMeaning, Service } from '../shared/http/service';
import { merged } from '../shared/http/jsonBody';
import { answeredWithout } from '../shared/http/refusal';
import type { JobState } from '../shared/run/jobState';

/** Convai's standalone voice API. Source: docs.convai.com, Text to Speech API, Voice List API; error bodies from its history. */
export const convai: Service = {
	id: 'convai',
	displayName: 'Convai',
	credentialType: 'convaiApi',
	readRefusal,
};

export interface SpeechRequest {
	transcript: string;
	/** `voice_value` of the voice list. */
	voice: string;
	encoding: 'wav' | 'mp3';
	filename?: string;
}

/** @param additionalFields the user's own part of the body: goes over everything */
export function speechRequest(body: SpeechRequest, additionalFields: object = {}): HttpRequest {
	return { method: 'POST', path: '/tts/', body: merged(body, additionalFields), spends: true };
}

/** The answer is the audio itself. JSON with words of its own is a refusal, even with status 200. @throws {Failure} `bad_audio` */
export function readSpeech(answer: Answer): JobState {
	if (answer.body.kind === 'audio') return { status: 'completed', facts: {}, source: { body: answer.body } };
	const words = wordsOf(answer);
	if (words !== undefined) return { status: 'failed', facts: {}, words, code: codeOf(words) };
	throw answeredWithout(convai, 'any audio');
}

/** Words about the key mean the key, whatever the status says. */
function codeOf(words: string | undefined): 'invalid_credentials' | undefined {
	return /api[_ ]?key/i.test(words ?? '') ? 'invalid_credentials' : undefined;
}

const errorBody = z
	.object({ result: z.string(), ERROR: z.string(), API_ERROR: z.string(), INTERNAL_ERROR: z.string() })
	.partial();

function wordsOf({ body }: Pick<Refusal, 'body'>): string | undefined {
	if (body.kind !== 'json') return undefined;
	const parsed = errorBody.safeParse(body.value);
	if (!parsed.success) return undefined;
	const { API_ERROR, ERROR, INTERNAL_ERROR, result } = parsed.data;
	return API_ERROR ?? ERROR ?? INTERNAL_ERROR ?? result;
}

/**
 * A 403 is about the key when its words are, and otherwise about the plan: speech needs Enterprise, the voice list Professional.
 * How Convai words a refusal by plan is not documented.
 */
function readRefusal(refusal: Refusal): RefusalMeaning {
	const words = wordsOf(refusal);
	if (refusal.status === 403 && codeOf(words)) return { code: codeOf(words), words };
	if (refusal.status === 403) {
		return {
			words,
			how: 'Speech needs the Enterprise plan of Convai, and the voice list the Professional plan.',
		};
	}
	if (refusal.status === 400 && /encoding/i.test(words ?? '')) {
		return { words, how: "Not every voice has MP3: choose WAV as 'Format' in Options, or another voice." };
	}
	return { words };
}
