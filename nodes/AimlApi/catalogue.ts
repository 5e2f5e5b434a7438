import { z } from 'zod';

import { optional } from '../shared/http/answerFields';
import type { Channel } from '../shared/http/channel';
import type { Patience } from '../shared/http/patience';
import type { Answer, HttpRequest } from '../shared/http/service';
import { isKnown, SPEECH_MODELS } from './models';
import type { SpeechModel } from './models';

/** One speech model as an operation puts it out; null: not known. */
export interface ListedModel {
	provider: 'aimlApi';
	id: string;
	name: string;
	maxCharacters: number | null;
	formats: string[] | null;
	/** How many voices it has, presets of speakers included. */
	voices: number | null;
}

/** One voice as an operation puts it out; null: AI/ML API does not say. */
export interface ListedVoice {
	provider: 'aimlApi';
	id: string;
	name: string;
	languages: string[] | null;
	gender: null;
	/** The model that has it. */
	section: string;
	previewUrl: null;
}

/**
 * Models as the catalogue types them, or, should the type be called otherwise one day, those that make audio: the filters are
 * documented, the value `internal/text-to-speech` is only seen in the catalogue's own links.
 */
const FILTERS: Array<Record<string, string>> = [
	{ type: 'internal/text-to-speech' },
	{ output_modalities: 'audio' },
];

const listRequest = (query: Record<string, string>): HttpRequest => ({
	method: 'GET',
	path: '/v1/models',
	query,
	spends: false,
});

const row = z.object({
	id: z.string(),
	aliases: optional(z.array(z.string())),
	type: optional(z.string()),
	info: optional(z.object({ name: z.string().nullish(), docsJson: z.string().nullish() })),
});

type Row = z.infer<typeof row>;

/** The speech models of an answer; other models, and what is no model, are passed over. */
function readModels(answer: Answer): Row[] {
	const body = answer.body.kind === 'json' ? answer.body.value : undefined;
	const rows = z.object({ data: z.array(z.unknown()) }).safeParse(body).data?.data ?? [];
	return rows.flatMap((entry) => row.safeParse(entry).data ?? []).filter(isSpeech);
}

function isSpeech({ type, info }: Row): boolean {
	return [type, info?.docsJson].some((words) => words?.includes('text-to-speech'));
}

function isNew({ aliases, id }: Row): boolean {
	return ![id, ...(aliases ?? [])].some(isKnown);
}

function unknownModel(id: string, name: string | null | undefined): ListedModel {
	return { provider: 'aimlApi', id, name: name || id, maxCharacters: null, formats: null, voices: null };
}

/** What the built-in table says. */
export function knownModels(): ListedModel[] {
	return SPEECH_MODELS.map((model) => ({
		provider: 'aimlApi',
		id: model.id,
		name: model.name,
		maxCharacters: model.text.maxCharacters,
		formats: [...model.format.values],
		voices: voicesOf(model).length,
	}));
}

/**
 * The built-in table, and what the live list has beyond it. The list needs no key.
 *
 * @throws {Failure} when the list cannot be had
 */
export async function liveModels(channel: Channel, patience: Patience): Promise<ListedModel[]> {
	for (const filter of FILTERS) {
		const listed = readModels(await channel.send(listRequest(filter), patience));
		if (listed.length === 0) continue;
		return [...knownModels(), ...listed.filter(isNew).map(({ id, info }) => unknownModel(id, info?.name))];
	}
	return knownModels();
}

/** The voices of a model that the table has, or the presets of its speakers. */
export function voicesOf(model: SpeechModel): ListedVoice[] {
	return (model.voice?.ids ?? model.presets ?? []).map((id) => ({
		provider: 'aimlApi',
		id,
		name: id,
		languages: languagesIn(id),
		gender: null,
		section: model.id,
		previewUrl: null,
	}));
}

/** Some voices have their language in the name: `de-DE-KatjaNeural`, `Bowen [ZH]`. */
function languagesIn(voice: string): string[] | null {
	const region = /^[a-z]{2}-[A-Z]{2}(?=-)/.exec(voice)?.[0];
	const preset = /\[([A-Z]{2})\]/.exec(voice)?.[1];
	const language = region ?? preset?.toLowerCase();
	return language ? [language] : null;
}
