/** The part of a node's record that the demo shows; the README describes the whole record. */
export interface NarrationRecord {
	provider: string;
	model: string | null;
	status: string;
	job: { id: string | null };
	audio: {
		mimeType: string | null;
		sizeBytes: number | null;
		durationSeconds: number | null;
		sampleRateHz: number | null;
		channels: number | null;
	};
	credits: { used: number | null; usd: number | null };
	text: { characters: number; requests: number };
}

const UNKNOWN = 'not reported by the provider';

function credits({ used, usd }: NarrationRecord['credits']): string {
	if (used === null && usd === null) return UNKNOWN;
	return [used === null ? undefined : `${used}`, usd === null ? undefined : `$${usd}`]
		.filter(Boolean)
		.join(', ');
}

function format({ mimeType, sampleRateHz, channels, sizeBytes }: NarrationRecord['audio']): string {
	const parts = [
		mimeType,
		sampleRateHz === null ? null : `${sampleRateHz} Hz`,
		channels === null ? null : `${channels} channel${channels === 1 ? '' : 's'}`,
		sizeBytes === null ? null : `${Math.round(sizeBytes / 1024)} KiB`,
	];
	return parts.filter((part) => part !== null).join(', ');
}

/** Formats the record as a small table. */
export function describeRecord(record: NarrationRecord, providerName: string, file: string): string {
	const { text, audio } = record;
	const rows: Array<[string, string]> = [
		['provider', record.model ? `${providerName}, ${record.model}` : providerName],
		['status', record.status],
		['characters', `${text.characters} in ${text.requests} request${text.requests === 1 ? '' : 's'}`],
		['seconds', audio.durationSeconds === null ? 'unknown' : audio.durationSeconds.toFixed(1)],
		['format', format(audio)],
		['credits', credits(record.credits)],
		['file', file],
		['record', `${file}.json`],
	];
	return `\n${rows.map(([name, value]) => `  ${name.padEnd(12)}${value}`).join('\n')}\n\n`;
}
