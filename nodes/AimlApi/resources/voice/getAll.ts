import type { INodeExecutionData } from 'n8n-workflow';

import { LIST_FIELDS, listed } from '../../../shared/run/lists';
import type { Item, Operation } from '../../../shared/run/operation';
import { optionalText } from '../../../shared/run/parameters';
import { Failure } from '../../../shared/speech/failure';
import { voicesOf } from '../../catalogue';
import { isKnown, SPEECH_MODELS, speechModel } from '../../models';
import { modelField } from '../modelField';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many voices',
	description: 'List the voices of a model, or of all models',
	properties: [
		modelField({
			default: { mode: 'list', value: '' },
			required: false,
			description: 'The model whose voices to list. Left empty, the voices of all models.',
		}),
		...LIST_FIELDS,
	],
	execute,
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const id = optionalText(item, 'model', 'Model');
	if (id !== '' && !isKnown(id)) throw unlisted(id);
	const models = id === '' ? SPEECH_MODELS : [speechModel(id)];
	return listed(item, models.flatMap(voicesOf));
}

/** An empty list would say that the model has no voices. */
function unlisted(id: string): Failure {
	return new Failure(
		'invalid_input',
		`AI/ML API publishes no list of the voices of '${id}'. Choose another 'Model', or look the voice up in its documentation and enter it by ID.`,
		{ field: 'Model' },
	);
}
