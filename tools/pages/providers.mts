import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { ICredentialType, INodeType } from 'n8n-workflow';

import type { Operation, Resource } from '../../nodes/shared/run/operation';
import { projectDirectory } from '../../sandbox/setup.mjs';
import { markdownTable, withMade } from './markdown.mts';

type Load = (path: string) => Promise<Record<string, unknown>>;

/** A provider's folder and its page. */
export interface ProviderPage {
	/** The name of the folder in `nodes/`. */
	folder: string;
	/** Path of the page. */
	page: string;
}

/** All providers. */
export const PROVIDER_PAGES: ProviderPage[] = readdirSync(join(projectDirectory, 'nodes'))
	.filter((folder) => folder !== 'shared')
	.map((folder) => ({ folder, page: `docs/providers/${folder.toLowerCase()}.md` }));

/** The index page. */
export const INDEX_PAGE = 'docs/README.md';

/** The tables of models and voices for providers that have them. */
const TABLES: Record<string, (load: Load) => Promise<string[]>> = {
	AimlApi: async (load) => {
		const { SPEECH_MODELS, OPTION_TITLES } = (await load(
			'nodes/AimlApi/models',
		)) as typeof import('../../nodes/AimlApi/models');
		return modelTable(
			SPEECH_MODELS.map(({ id, name, text, voice, presets, format, options }) => ({
				id,
				name,
				maxCharacters: text.maxCharacters,
				voices: [...(voice?.ids ?? []), ...(presets ?? [])],
				formats: format.values,
				options: Object.keys(options).map((option) => OPTION_TITLES[option as keyof typeof OPTION_TITLES]),
			})),
		);
	},
	Pixazo: async (load) => {
		const { SPEECH_MODELS } = (await load(
			'nodes/Pixazo/models',
		)) as typeof import('../../nodes/Pixazo/models');
		return modelTable(
			SPEECH_MODELS.map(({ id, name, maxCharacters, voice, speakers, sample, optionKeys, formats }) => ({
				id,
				name,
				maxCharacters: maxCharacters ?? null,
				voices: [...(voice?.ids ?? []), ...(speakers?.presets ?? [])],
				formats,
				options: [
					...(sample || speakers?.takesSamples ? ['a recording of the voice'] : []),
					...Object.keys(optionKeys).map(inWords),
				],
			})),
		);
	},
	Vimmerse: async (load) => {
		const { VOICES } = (await load('nodes/Vimmerse/voices')) as typeof import('../../nodes/Vimmerse/voices');
		return [
			'### Voices',
			'',
			`${VOICES.map((voice) => `\`${voice}\``).join(', ')}, and any other by its name.`,
		];
	},
};

interface Model {
	id: string;
	name: string;
	maxCharacters: number | null;
	voices: readonly string[];
	formats: readonly string[];
	options: readonly string[];
}

function modelTable(models: readonly Model[]): string[] {
	const rows = models.map(({ id, name, maxCharacters, voices, formats, options }) => [
		name,
		`\`${id}\``,
		maxCharacters?.toLocaleString('en-US') ?? '',
		voices.length > 0 ? String(voices.length) : '',
		inShort(formats),
		options.join(', '),
	]);
	const headings = ['Model', 'ID', 'Characters at once', 'Voices', 'Formats', 'Also takes'];
	return ['### Models', '', markdownTable(headings, rows), '', 'Empty: the provider publishes none.'];
}

/**
 * The number of entries that is easy to read. Longer lists are grouped by kind, the part before the
 * sample rate.
 */
const MOST_FORMATS = 8;

function inShort(formats: readonly string[]): string {
	if (formats.length <= MOST_FORMATS) return formats.join(', ');
	const kinds = new Set(formats.map((format) => format.replace(/_.*/, '')));
	return `${[...kinds].join(', ')}: ${formats.length} in all`;
}

/** The display name of a field: `speed` becomes `Speed`. */
const inWords = (name: string) =>
	name === 'cfgScale' ? 'CFG Scale' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/**
 * A provider's page with the generated content. @param load imports a source file by its path
 * without the extension
 */
export async function providerPage({ folder, page }: ProviderPage, load: Load): Promise<string> {
	const { resources } = (await load(`nodes/${folder}/resources/index`)) as { resources: Resource[] };
	const node = Object.values(await load(`nodes/${folder}/${folder}.node`))[0] as new () => INodeType;
	const credentialName = new node().description.credentials?.[0]?.name ?? '';
	const credential = await credentialOf(credentialName, load);
	const field = (name: string) => credential.properties.find((property) => property.name === name);
	const text = [
		`Credential: **${credential.displayName}**. **API Key**: ${lowerFirst(field('apiKey')?.description ?? '')}. **Base URL**: \`${String(field('baseUrl')?.default)}\`.`,
		`The provider's own pages: <${credential.documentationUrl}>.`,
		'',
		'### Operations',
		'',
		operationTable(resources, new node().description.name),
		'',
		...((await TABLES[folder]?.(load)) ?? []),
	].join('\n');
	return withMade(readFileSync(join(projectDirectory, page), 'utf8'), 'docs:providers', text);
}

/**
 * The index of the documents, with one line per provider: the title of its page and the sentence
 * below the title.
 */
export function documentsIndex(): string {
	const rows = PROVIDER_PAGES.map(({ page }) => {
		const [title = '', , about = ''] = readFileSync(join(projectDirectory, page), 'utf8').split('\n');
		return [`[${title.replace(/^# /, '')}](providers/${basename(page)})`, about];
	});
	const index = readFileSync(join(projectDirectory, INDEX_PAGE), 'utf8');
	return withMade(index, 'docs:providers', markdownTable(['Provider', 'In a few words'], rows));
}

async function credentialOf(name: string, load: Load): Promise<ICredentialType> {
	const file = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
	const type = (await load(`credentials/${file}.credentials`))[file] as new () => ICredentialType;
	return new type();
}

const lowerFirst = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, '');

/** Each operation links to its picture, if there is one. */
function operationTable(resources: readonly Resource[], node: string): string {
	const row = (resource: Resource, { name, value, description }: Operation) => {
		const title = `${resource.name}: ${name}`;
		const picture = `pictures/${node}-${resource.value}-${value}.png`;
		const isThere = existsSync(join(projectDirectory, 'docs', picture));
		return [isThere ? `[${title}](../${picture})` : title, description];
	};
	return markdownTable(
		['Operation', 'What it does'],
		resources.flatMap((resource) => resource.operations.map((operation) => row(resource, operation))),
	);
}
