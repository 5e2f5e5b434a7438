import { readNetworkFault } from '../../../../nodes/shared/http/networkFault';

/** As n8n's helpers wrap what the system says. */
const thrown = (code: string, syscall?: string) => ({
	code: 'ERR_BAD_REQUEST',
	cause: { code, cause: { code, syscall } },
});

describe('whether the other side can have seen the request', () => {
	test.each(['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'])(
		'%s: only where a connection had been made',
		(code) => {
			expect(readNetworkFault(thrown(code, 'connect')).neverSent).toBe(true);
			expect(readNetworkFault(thrown(code)).neverSent).toBe(true);
			expect(readNetworkFault(thrown(code, 'read')).neverSent).toBe(false);
			expect(readNetworkFault(thrown(code, 'write')).neverSent).toBe(false);
		},
	);

	test.each([
		['ECONNREFUSED', 'connect', true],
		// Of a handshake; what is written then is not the request.
		['EPROTO', 'write', true],
		['CERT_HAS_EXPIRED', undefined, true],
		['ECONNRESET', 'read', false],
		['ETIMEDOUT', undefined, false],
		['something else', undefined, false],
	])('%s at %s: never sent is %s', (code, syscall, neverSent) => {
		expect(readNetworkFault(thrown(code, syscall)).neverSent).toBe(neverSent);
	});
});
