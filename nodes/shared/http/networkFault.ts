/** Why no answer came, in words, and whether the other side can have seen the request. */
export interface NetworkFault {
	words: string;
	/** The connection was never made: nothing can have been accepted. */
	neverSent: boolean;
}

interface Fault extends Pick<NetworkFault, 'words'> {
	/** `unlessConnected`: where the system says this of a connection that was made before, the request may have gone through it. */
	neverSent: boolean | 'unlessConnected';
}

/** Codes of the system, in words: n8n puts sentences of its own in the place of any message that holds such a code. */
const FAULTS: Record<string, Fault> = {
	ECONNREFUSED: { words: 'it refused the connection', neverSent: true },
	ENOTFOUND: { words: 'its host name is unknown', neverSent: true },
	EAI_AGAIN: { words: 'its host name cannot be looked up', neverSent: true },
	EHOSTUNREACH: { words: 'its host cannot be reached', neverSent: 'unlessConnected' },
	EHOSTDOWN: { words: 'its host is down', neverSent: 'unlessConnected' },
	ENETUNREACH: { words: 'its network cannot be reached', neverSent: 'unlessConnected' },
	ENETDOWN: { words: 'the network is down', neverSent: 'unlessConnected' },
	EPROTO: { words: 'no secure connection can be made', neverSent: true },
	ECONNRESET: { words: 'it closed the connection', neverSent: false },
	EPIPE: { words: 'it closed the connection', neverSent: false },
	ECONNABORTED: { words: 'no answer in time', neverSent: false },
	ETIMEDOUT: { words: 'no answer in time', neverSent: false },
};

const NO_SECURE_CONNECTION = /^(CERT_|DEPTH_|ERR_TLS|ERR_SSL|SELF_SIGNED|UNABLE_TO_)/;

/** Reads what n8n's helpers throw. Their wrappers carry the credential: nothing but the system's code and call are taken from them. */
export function readNetworkFault(thrown: unknown): NetworkFault {
	const { code, wasConnected } = systemError(thrown);
	if (NO_SECURE_CONNECTION.test(code)) return { words: 'its certificate is not accepted', neverSent: true };
	const { words, neverSent } = FAULTS[code] ?? { words: 'no answer', neverSent: false };
	return { words, neverSent: neverSent === 'unlessConnected' ? !wasConnected : neverSent };
}

const DEEPEST_WRAPPER = 5;

/** Calls of the system to a connection that there is. https://nodejs.org/api/errors.html#errorsyscall */
const CALLS_WHEN_CONNECTED: unknown[] = ['read', 'write'];

function systemError(thrown: unknown): { code: string; wasConnected: boolean } {
	const chain = [...wrapped(thrown)];
	const code = chain.map((error) => error.code).find(isKnown) ?? '';
	return { code, wasConnected: chain.some(({ syscall }) => CALLS_WHEN_CONNECTED.includes(syscall)) };
}

const isKnown = (code: unknown): code is string =>
	typeof code === 'string' && (code in FAULTS || NO_SECURE_CONNECTION.test(code));

interface Wrapper {
	code?: unknown;
	syscall?: unknown;
	cause?: unknown;
	errors?: unknown[];
}

function* wrapped(thrown: unknown): Generator<Wrapper> {
	let at = thrown;
	for (let depth = 0; depth < DEEPEST_WRAPPER && typeof at === 'object' && at !== null; depth += 1) {
		const wrapper = at as Wrapper;
		yield wrapper;
		at = wrapper.cause ?? wrapper.errors?.[0];
	}
}
