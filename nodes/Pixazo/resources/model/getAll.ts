import type { INodeExecutionData } from 'n8n-workflow';

import { LIST_FIELDS, listed } from '../../../shared/run/lists';
import type { Item, Operation } from '../../../shared/run/operation';
import { SPEECH_MODELS } from '../../models';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many models',
	description: 'List the speech models that this node knows; Pixazo itself has no list to ask for',
	properties: LIST_FIELDS,
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const models = SPEECH_MODELS.map(({ id, name, maxCharacters, formats, voice, speakers }) => ({
		provider: item.channel.service.id,
		id,
		name,
		maxCharacters: maxCharacters ?? null,
		formats: formats.length > 0 ? formats : null,
		voices: (speakers?.presets ?? voice?.ids)?.length || null,
	}));
	return listed(item, models);
}
