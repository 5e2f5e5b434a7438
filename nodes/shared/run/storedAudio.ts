import type { IBinaryData } from 'n8n-workflow';

import type { AudioFacts } from '../audio/facts';
import type { AudioFormat } from '../audio/format';

/** Audio in n8n's binary store: where it is, and what it was measured to be. Plain JSON. */
export interface StoredAudio {
	binary: IBinaryData;
	facts: AudioFacts;
	format: AudioFormat;
}
