import { Failure } from '../speech/failure';
import type { Item } from './operation';

/** A text that must not be empty. @throws {Failure} `invalid_input` naming the field */
export function requiredText(item: Item, name: string, displayName: string): string {
	const value = optionalText(item, name);
	if (value !== '') return value;
	throw new Failure(
		'invalid_input',
		`'${displayName}' is empty. Enter it, or check that the expression yields it for this item.`,
		{ field: displayName },
	);
}

/** A text, '' when there is none; of a resource locator what was chosen or entered. */
export function optionalText(item: Item, name: string): string {
	const parameter: unknown = item.context.getNodeParameter(name, item.index, '');
	const value = isLocator(parameter) ? parameter.value : parameter;
	return value === null || value === undefined ? '' : String(value).trim();
}

function isLocator(parameter: unknown): parameter is { mode: string; value: unknown } {
	return typeof parameter === 'object' && parameter !== null && 'mode' in parameter && 'value' in parameter;
}
