import { readFileSync } from 'node:fs';

import type { MediaHost } from './media.mts';
import type { CallbackPost } from './callbacks.mts';
import type { ProviderName } from './types.mts';
import { renderAudio, type AudioOrder } from '../speech/speech.mts';
import { CODECS, type AudioFormat } from '../speech/encode.mts';
import type { PublishedFile } from './media.mts';

/** The services that a stand-in provider may use besides the call. */
export interface ProviderContext {
	media: MediaHost;
	/** The stand-in's own base URL, available once its server is listening. */
	baseUrl(provider: ProviderName): string;
	/** Sends a callback and records it. */
	postCallback(post: CallbackPost): Promise<void>;
	/** Reverses the charge of a request whose job failed with an error that is not charged. */
	refund(requestId: number): void;
	/** Aborted when the sandbox stops or is reset. */
	signal(): AbortSignal;
}

/** A file for the media host. Its audio is generated at the first download. */
export function audioFile(order: AudioOrder, format: AudioFormat): PublishedFile {
	return { contentType: CODECS[format.codec].mimeType, render: () => renderAudio(order, format) };
}

/** Reads one of the sandbox's data files. */
export function loadData<T>(fileName: string): T {
	return JSON.parse(readFileSync(new URL(`../data/${fileName}`, import.meta.url), 'utf8')) as T;
}
