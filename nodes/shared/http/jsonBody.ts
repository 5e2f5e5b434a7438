export type JsonObject = Record<string, unknown>;

/**
 * A request body from keys and values, the later over the earlier, and over all of them what the user adds. A key with a dot leads
 * into an object: `a.b` is `b` within `a`. What has no key or no value is left out.
 */
export function jsonBody(
	fields: Iterable<readonly [key: string | undefined, value: unknown]>,
	additionalFields: object = {},
): JsonObject {
	const body = [...fields].reduce<JsonObject>(
		(made, [key, value]) =>
			key === undefined || value === undefined ? made : merged(made, nested(key, value)),
		{},
	);
	return merged(body, additionalFields);
}

function nested(key: string, value: unknown): object {
	return key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
}

/** Objects within objects are merged as well, so that one more voice setting does not take the place of the voice. */
export function merged(base: object, over: object): JsonObject {
	const entries = Object.entries(over).map(([name, value]) => {
		const under = (base as JsonObject)[name];
		return [name, isObject(under) && isObject(value) ? merged(under, value) : value];
	});
	return { ...base, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
