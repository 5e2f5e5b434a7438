import { markdownTable } from '../../tools/pages/markdown.mts';
import { CHECKS, type Check } from './check.mts';
import { AS_OF } from './versions.mts';

/** The results of one n8n: for each check null, or the reason for its failure. */
export interface Row {
	version: string;
	results: ReadonlyMap<Check, string | null>;
}

/** A Markdown table with one row per n8n, followed by the reason for each "no". */
export function matrix(rows: readonly Row[]): string {
	const reasons = rows.flatMap(({ version, results }) =>
		[...results].flatMap(([{ title }, reason]) =>
			reason === null ? [] : [`- ${version}, ${title}: ${reason.split('\n')[0]}`],
		),
	);
	return [
		markdownTable(
			['n8n', ...CHECKS.map(({ title }) => title)],
			rows.map(({ version, results }) => [
				version,
				...CHECKS.map((check) => (results.get(check) === null ? 'yes' : 'no')),
			]),
		),
		'',
		...(reasons.length > 0 ? [...reasons, ''] : []),
		`Each n8n with its dependencies as they were published before ${AS_OF}.`,
	].join('\n');
}
