import type { ProviderContext } from '../core/context.mts';
import type { ProviderModule } from '../core/types.mts';

export function createPixazo(_context: ProviderContext): ProviderModule {
	return {
		name: 'pixazo',
		credentialHeader: 'ocp-apim-subscription-key',
		keyOf: (value) => value || undefined,
		operations: [],
		refusals: { notFound: () => ({ status: 404 }) },
	};
}
