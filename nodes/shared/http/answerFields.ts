import { z } from 'zod';

/** A key that may be missing, null or of another type than documented: undefined or null then, as nothing else hangs on it. */
export const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish().catch(undefined);

/** A number, or one written as text. Nothing else passes: `Number` makes a 0 of null, '' and false. */
export const numeric = z.union([
	z.number(),
	z
		.string()
		.regex(/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i)
		.transform(Number),
]);
