import { refusalFailure } from '../../../../nodes/shared/http/refusal';
import type { Service } from '../../../../nodes/shared/http/service';

const refusedWith = (words: string | undefined, status = 400) => {
	const service: Service = {
		id: 'studio',
		displayName: 'Studio',
		credentialType: 'studioApi',
		readRefusal: () => ({ words }),
	};
	return refusalFailure(service, { status, headers: {}, body: { kind: 'empty' } }).message;
};

test.each(['BAD REQUEST', 'Bad Request', '400 Bad Request', 'HTTP 422: Unprocessable Entity', undefined])(
	'%j names nothing that could be changed',
	(words) => {
		expect(refusedWith(words)).toContain('It does not say why. Check the text, the voice and the options');
	},
);

test.each(['prompt: Field required', 'Bad request: voice is unknown', 'Voice not found'])(
	'%j names what to change',
	(words) => {
		expect(refusedWith(words)).toBe(
			`Studio did not accept the request (${words}). Change what it names, then run the node again.`,
		);
	},
);
