import type { ProviderContext } from '../core/context.mts';
import type { ProviderModule } from '../core/types.mts';

export function createVimmerse(_context: ProviderContext): ProviderModule {
	return {
		name: 'vimmerse',
		credentialHeader: 'x-api-key',
		keyOf: (value) => value || undefined,
		operations: [],
		refusals: { notFound: () => ({ status: 404 }) },
	};
}
