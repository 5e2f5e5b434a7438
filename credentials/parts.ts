import type { ICredentialTestRequest, INodeProperties } from 'n8n-workflow';

/** What every credential of this package asks for. */
export function keyAndBaseUrl(keyDescription: string, host: string): INodeProperties[] {
	return [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: keyDescription,
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: host,
			description: 'Change this only to use a gateway, a proxy or a test server',
		},
	];
}

type Rules = NonNullable<ICredentialTestRequest['rules']>;

/**
 * What the answers to a credential's test mean that do not show a good key: a sentence for each status, so that a wrong key is told from
 * a provider that is down.
 *
 * @param own sentences for statuses that mean something else with this provider; null: this status is no refusal
 */
export function refusals(name: string, wrongKey: string, own: Record<number, string | null> = {}): Rules {
	const down = `${name} is not working at the moment. The key may be good: try again later.`;
	const elsewhere = "This address redirects to another one, which is not sent the key. Check 'Base URL'.";
	const sentences: Record<number, string | null> = {
		401: wrongKey,
		404: `There is no ${name} at this address. Check 'Base URL'.`,
		429: `${name} received too many requests. The key may be good: try again in a minute.`,
		...Object.fromEntries([500, 502, 503, 504].map((status) => [status, down])),
		...Object.fromEntries([301, 302, 303, 307, 308].map((status) => [status, elsewhere])),
		...own,
	};
	return Object.entries(sentences).flatMap(([status, message]) =>
		message === null ? [] : [{ type: 'responseCode', properties: { value: Number(status), message } }],
	);
}
