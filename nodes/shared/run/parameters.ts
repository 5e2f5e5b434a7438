import { Failure } from '../speech/failure';
import type { Item } from './operation';

/** A text that must not be empty. @throws {Failure} `invalid_input` naming the field, as {@link optionalText} does */
export function requiredText(item: Item, name: string, displayName: string): string {
	const value = optionalText(item, name, displayName);
	if (value !== '') return value;
	throw new Failure(
		'invalid_input',
		`'${displayName}' is empty. Enter it, or check that the expression yields it for this item.`,
		{ field: displayName },
	);
}

/**
 * A text, '' when there is none; of a resource locator what was chosen or entered.
 *
 * @throws {Failure} `invalid_input` naming the field, when an expression yields something with more than a text in it
 */
export function optionalText(item: Item, name: string, displayName: string): string {
	const parameter: unknown = item.context.getNodeParameter(name, item.index, '');
	const value = isLocator(parameter) ? parameter.value : parameter;
	if (Array.isArray(value))
		throw notText(displayName, 'a list. Pick one entry of it, or join them to one text');
	if (typeof value === 'object' && value !== null) {
		throw notText(
			displayName,
			'an object. Pick the field in it that holds the text, such as content.rendered',
		);
	}
	return value === null || value === undefined ? '' : String(value).trim();
}

function notText(displayName: string, whatAndHow: string): Failure {
	return new Failure('invalid_input', `'${displayName}' is ${whatAndHow}.`, { field: displayName });
}

function isLocator(parameter: unknown): parameter is { mode: string; value: unknown } {
	return typeof parameter === 'object' && parameter !== null && 'mode' in parameter && 'value' in parameter;
}

/** For operations that ask for what the user names: adds the field to look at when the provider does not know it. @throws always */
export function namingIfUnknown(displayName: string): (thrown: unknown) => never {
	return (thrown) => {
		if (!(thrown instanceof Failure) || thrown.code !== 'rejected' || thrown.httpStatus !== 404) throw thrown;
		const message = `${thrown.message} Check '${displayName}'.`;
		throw new Failure(thrown.code, message, { ...thrown, field: displayName });
	};
}
