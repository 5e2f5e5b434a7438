import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

import { loadData } from '../../../sandbox/core/context.mts';

/** JSON Schema of one parameter, as far as the published ones use it. */
export interface Parameter {
	type?: string;
	enum?: unknown[];
	anyOf?: Parameter[];
	default?: unknown;
	minimum?: number;
	maximum?: number;
	maxLength?: number;
	properties?: Record<string, Parameter>;
	items?: Parameter;
}

export interface PublishedModel {
	model: string;
	aliases: string[];
	textField: string;
	schema: Parameter;
}

/** The models with the schemas of their requests, as AI/ML API publishes them. Unknown keys are refused. */
export const PUBLISHED_MODELS = loadData<{ models: PublishedModel[] }>('aimlApi-models.json').models;

const ajv = new Ajv({ strict: false });
(formats as unknown as (ajv: Ajv) => void)(ajv);
const validators = new Map<string, ValidateFunction>(
	PUBLISHED_MODELS.map(({ model, schema }) => [model, ajv.compile(schema)]),
);

/** What a model's schema has against a body: undefined when it is valid. */
export function complaint(model: string, body: object): string | undefined {
	const validate = validators.get(model) as ValidateFunction;
	return validate(body) ? undefined : ajv.errorsText(validate.errors);
}

/** The schema of the parameter at a path such as `voice_setting.voice_id`. */
export function parameterAt({ schema }: PublishedModel, path: string): Parameter | undefined {
	return path.split('.').reduce<Parameter | undefined>((at, name) => at?.properties?.[name], schema);
}

export function published(model: string): PublishedModel {
	return PUBLISHED_MODELS.find((row) => row.model === model) as PublishedModel;
}
