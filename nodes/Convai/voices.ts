import { z } from 'zod';

import type { Answer, HttpRequest } from '../shared/http/service';

/** One voice of Convai's catalogue; `id` is what a speech request calls `voice`. */
export interface Voice {
	id: string;
	name: string;
	languages: string[];
	gender: string | null;
	/** The catalogue's own grouping, e.g. `GCP Voices`. */
	section: string;
	previewUrl: string | null;
	/** False when the catalogue says that it is for development only. */
	isProduction: boolean;
}

export const voiceListRequest: HttpRequest = {
	method: 'GET',
	path: '/tts/get_available_voices',
	spends: false,
};

const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish().catch(undefined);

const details = z.object({
	voice_value: z.string(),
	lang_codes: optional(z.array(z.string())),
	gender: optional(z.string()),
	deployment_env: optional(z.array(z.string())),
	sample_link: optional(z.string()),
});

/**
 * The catalogue: sections, each a list of objects with one key, the voice's name. Its shape has changed from version to
 * version: sections as objects are read too, and what is no voice is passed over.
 */
export function readVoices(answer: Answer): Voice[] {
	const sections = answer.body.kind === 'json' ? answer.body.value : {};
	return entriesOf(sections).flatMap(([section, voices]) =>
		(Array.isArray(voices) ? voices : [voices]).flatMap((group) =>
			entriesOf(group).flatMap(([name, value]) => readVoice(section, name, value)),
		),
	);
}

function readVoice(section: string, name: string, value: unknown): Voice[] {
	const parsed = details.safeParse(value);
	if (!parsed.success) return [];
	const { voice_value, lang_codes, gender, deployment_env, sample_link } = parsed.data;
	return [
		{
			id: voice_value,
			name,
			languages: lang_codes ?? [],
			gender: gender?.toLowerCase() ?? null,
			section,
			previewUrl: sample_link ?? null,
			isProduction: deployment_env?.some((environment) => environment.toUpperCase() === 'PRODUCTION') ?? true,
		},
	];
}

function entriesOf(value: unknown): Array<[string, unknown]> {
	return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
