/**
 * Every key of the record of an operation that yields audio; keys of nested objects follow a dot.
 */
export const RECORD_KEYS = [
	'provider',
	'kind',
	'model',
	'status',
	'job.id',
	'job.providerStatus',
	'job.statusUrl',
	'job.charged',
	'audio.url',
	'audio.urls',
	'audio.fileName',
	'audio.mimeType',
	'audio.sizeBytes',
	'audio.durationSeconds',
	'audio.sampleRateHz',
	'audio.channels',
	'credits.used',
	'credits.usd',
	'text.characters',
	'text.requests',
	'parts',
	'error',
	'createdAt',
	'completedAt',
].sort();

/**
 * Keys of items from operations without audio, by resource and operation; the same for every
 * provider.
 */
export const ITEM_KEYS: Record<string, string[]> = {
	'voice.getAll': ['provider', 'id', 'name', 'languages', 'gender', 'section', 'previewUrl'].sort(),
	'model.getAll': ['provider', 'id', 'name', 'maxCharacters', 'formats', 'voices'].sort(),
	'credits.estimate': ['provider', 'service', 'credits', 'breakdown'].sort(),
	'account.getBalance': ['provider', 'balance', 'currency', 'plan', 'usage', 'expiresAt'].sort(),
	'account.getUsage': ['provider', 'balance', 'currency', 'plan', 'usage', 'expiresAt'].sort(),
};

/** The names of all properties of a record; those of nested objects follow a dot. */
export function keysOfRecord(record: object, prefix = ''): string[] {
	return Object.entries(record)
		.flatMap(([key, member]) =>
			member !== null && typeof member === 'object' && !Array.isArray(member)
				? keysOfRecord(member as object, `${prefix}${key}.`)
				: [`${prefix}${key}`],
		)
		.sort();
}
