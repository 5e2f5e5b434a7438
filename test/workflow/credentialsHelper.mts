import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import type { ICredentialType } from 'n8n-workflow';

const require = createRequire(resolve('package.json'));
require('reflect-metadata');
const { ICredentialsHelper } = require('n8n-workflow') as typeof import('n8n-workflow');

export type Secrets = { baseUrl: string; apiKey: string };

/** Returns the secrets and adds them to a request as the credential type defines. */
export function helperFor(credential: ICredentialType, secrets: Secrets): new () => never {
	const filled = (text: string) =>
		text
			.replace(/^=/, '')
			.replace(/\{\{\s*\$credentials\.(\w+)\s*\}\}/g, (_, key: string) => secrets[key as keyof Secrets]);
	class Helper extends (ICredentialsHelper as unknown as new () => object) {
		async getDecrypted() {
			return { ...secrets };
		}
		async preAuthentication() {
			return undefined;
		}
		async authenticate(_data: unknown, _type: string, request: { headers?: object }) {
			const { headers } = (credential.authenticate as { properties: { headers: Record<string, string> } })
				.properties;
			const added = Object.entries(headers).map(([name, value]) => [name, filled(value)]);
			return { ...request, headers: { ...request.headers, ...Object.fromEntries(added) } };
		}
		getParentTypes() {
			return [];
		}
		isCredentialUsableByNode() {
			return true;
		}
	}
	return Helper as never;
}
