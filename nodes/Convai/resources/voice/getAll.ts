import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { LIST_FIELDS, listed } from '../../../shared/run/lists';
import type { Item, Operation } from '../../../shared/run/operation';
import { readVoices, voiceListRequest } from '../../voices';
import type { Voice } from '../../voices';

const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Gender',
			name: 'gender',
			type: 'options',
			options: [
				{ name: 'Female', value: 'female' },
				{ name: 'Male', value: 'male' },
				{ name: 'Neutral', value: 'neutral' },
			],
			default: 'female',
			description: 'Only voices of this gender',
		},
		{
			displayName: 'Language',
			name: 'language',
			type: 'string',
			default: '',
			placeholder: 'e.g. en-US',
			description:
				'Only voices that speak it, those first that speak few others. Without a region, e.g. en, those of every region.',
		},
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			placeholder: 'e.g. middle-aged british',
			description: 'Only voices with all of these words in their name or ID',
		},
		{
			displayName: 'Section',
			name: 'section',
			type: 'string',
			default: '',
			placeholder: 'e.g. GCP Voices',
			description: 'Only voices in sections whose name contains this',
		},
	],
};

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many voices',
	description: 'List the voices that may be used in production',
	properties: [
		{
			displayName: "The voice list needs Convai's Professional plan or a higher one.",
			name: 'planNotice',
			type: 'notice',
			default: '',
		},
		...LIST_FIELDS,
		filtersField,
	],
	execute,
};

/** The output has no key for it, so voices for development only would pass for others: they are left out. */
async function execute(item: Item): Promise<INodeExecutionData[]> {
	const answer = await item.channel.send(voiceListRequest, item.patience);
	const filters = item.context.getNodeParameter('filters', item.index, {}) as IDataObject;
	const wanted = wantedBy(filters);
	const voices = readVoices(answer).filter((voice) => voice.isProduction && wanted(voice));
	return listed(
		item,
		(filters.language ? specialistsFirst(voices) : voices).map(
			({ id, name, languages, gender, section, previewUrl }) => ({
				provider: 'convai',
				id,
				name,
				languages,
				gender,
				section,
				previewUrl,
			}),
		),
	);
}

/** Whether a voice passes all filters; one that is left empty lets every voice pass. */
function wantedBy(filters: IDataObject): (voice: Voice) => boolean {
	const [gender, language, search, section] = ['gender', 'language', 'search', 'section'].map((name) =>
		String(filters[name] ?? '')
			.trim()
			.toLowerCase(),
	) as [string, string, string, string];
	const searched = search.split(/\s+/);
	return (voice) =>
		(gender === '' || voice.gender === gender) &&
		(language === '' || (voice.languages ?? []).some((tag) => isWithin(tag, language))) &&
		(voice.section ?? '').toLowerCase().includes(section) &&
		searched.every((word) => `${voice.name} ${voice.id}`.toLowerCase().includes(word));
}

/** Who asks for a language wants its own voices before those that speak it as one of sixty. */
function specialistsFirst(voices: readonly Voice[]): Voice[] {
	const count = ({ languages }: Voice) => languages?.length ?? 0;
	return [...voices].sort((a, b) => count(a) - count(b));
}

/** `en-US` is within `en` and `en-us`. */
function isWithin(tag: string, language: string): boolean {
	return `${tag.toLowerCase()}-`.startsWith(`${language.replace('_', '-')}-`);
}
