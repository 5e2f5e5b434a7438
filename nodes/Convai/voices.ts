import { z } from 'zod';

import { optional } from '../shared/http/answerFields';
import type { Answer, HttpRequest } from '../shared/http/service';

/** One voice of Convai's catalogue; `id` is what a speech request calls `voice`. null: the catalogue does not say. */
export interface Voice {
	id: string;
	name: string;
	languages: string[] | null;
	gender: string | null;
	/** The catalogue's own grouping, e.g. `GCP Voices`. */
	section: string | null;
	previewUrl: string | null;
	/** False when the catalogue says that it is for development only. */
	isProduction: boolean;
}

export const voiceListRequest: HttpRequest = {
	method: 'GET',
	path: '/tts/get_available_voices',
	spends: false,
};

/** A list, or one text with commas. */
const words = z.union([
	z.array(z.string()),
	z.string().transform((text) =>
		text
			.split(',')
			.map((word) => word.trim())
			.filter(Boolean),
	),
]);

const details = z.object({
	voice_value: z.string().min(1),
	voice_name: optional(z.string()),
	lang_codes: optional(words),
	gender: optional(z.string()),
	deployment_env: optional(words),
	sample_link: optional(z.string()),
});

/** Sections, names, and one level to spare. */
const DEEPEST = 3;

/**
 * The catalogue: sections, each a list of objects with one key, the voice's name. Its shape has changed from version to
 * version, so a voice is whatever has a `voice_value`, in lists or objects alike; what is no voice is passed over.
 */
export function readVoices(answer: Answer): Voice[] {
	return answer.body.kind === 'json' ? voicesIn(answer.body.value, []) : [];
}

/** @param path the keys that lead here, list positions left out */
function voicesIn(value: unknown, path: readonly string[]): Voice[] {
	const parsed = details.safeParse(value);
	if (parsed.success) return [voiceOf(parsed.data, path)];
	if (Array.isArray(value)) return value.flatMap((entry) => voicesIn(entry, path));
	if (typeof value !== 'object' || value === null || path.length === DEEPEST) return [];
	return Object.entries(value).flatMap(([key, entry]) => voicesIn(entry, [...path, key]));
}

function voiceOf(voice: z.infer<typeof details>, path: readonly string[]): Voice {
	const isNamedInside = Boolean(voice.voice_name);
	const environments = voice.deployment_env?.map((name) => name.toUpperCase());
	return {
		id: voice.voice_value,
		name: voice.voice_name || path.at(-1) || voice.voice_value,
		languages: voice.lang_codes ?? null,
		gender: voice.gender?.toLowerCase() ?? null,
		section: path.length > 1 || isNamedInside ? (path[0] ?? null) : null,
		previewUrl: voice.sample_link ?? null,
		isProduction: environments?.includes('PRODUCTION') ?? true,
	};
}
