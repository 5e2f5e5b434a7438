/** Why no answer came, in words, and whether the other side can have seen the request. */
export interface NetworkFault {
	words: string;
	/** The connection was never made: nothing can have been accepted. */
	neverSent: boolean;
}

/** Codes of the system, in words: n8n puts sentences of its own in the place of any message that holds such a code. */
const FAULTS: Record<string, NetworkFault> = {
	ECONNREFUSED: { words: 'it refused the connection', neverSent: true },
	ENOTFOUND: { words: 'its host name is unknown', neverSent: true },
	EAI_AGAIN: { words: 'its host name cannot be looked up', neverSent: true },
	EHOSTUNREACH: { words: 'its host cannot be reached', neverSent: true },
	EHOSTDOWN: { words: 'its host is down', neverSent: true },
	ENETUNREACH: { words: 'its network cannot be reached', neverSent: true },
	ENETDOWN: { words: 'the network is down', neverSent: true },
	EPROTO: { words: 'no secure connection can be made', neverSent: true },
	ECONNRESET: { words: 'it closed the connection', neverSent: false },
	EPIPE: { words: 'it closed the connection', neverSent: false },
	ECONNABORTED: { words: 'no answer in time', neverSent: false },
	ETIMEDOUT: { words: 'no answer in time', neverSent: false },
};

const NO_SECURE_CONNECTION = /^(CERT_|DEPTH_|ERR_TLS|ERR_SSL|SELF_SIGNED|UNABLE_TO_)/;

/** Reads what n8n's helpers throw. Their wrappers carry the credential: nothing but the system's code is taken from them. */
export function readNetworkFault(thrown: unknown): NetworkFault {
	const code = networkCode(thrown);
	if (NO_SECURE_CONNECTION.test(code)) return { words: 'its certificate is not accepted', neverSent: true };
	return FAULTS[code] ?? { words: 'no answer', neverSent: false };
}

const DEEPEST_WRAPPER = 5;

function networkCode(thrown: unknown): string {
	let at = thrown;
	for (let depth = 0; depth < DEEPEST_WRAPPER && typeof at === 'object' && at !== null; depth += 1) {
		const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: unknown[] };
		if (typeof code === 'string' && (code in FAULTS || NO_SECURE_CONNECTION.test(code))) return code;
		at = cause ?? errors?.[0];
	}
	return '';
}
