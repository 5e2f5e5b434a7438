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

describe('Words in brackets', () => {
	test.each([
		[401, 'Missing or invalid API key'],
		[401, 'Invalid API key provided.'],
		[401, 'Unauthorized'],
		[401, undefined],
		[402, 'INSUFFICIENT CREDIT'],
		[402, "You've run out of funds. Please top up your balance."],
		[402, 'Your wallet does not have enough balance.'],
	])('are left out where a %i repeats its own sentence: %j', (status, words) => {
		expect(refusedWith(words, status)).not.toContain('(');
	});

	test.each([
		[401, 'This key has expired'],
		[401, 'Access denied: the subscription key is not active'],
		[402, "You've run out of credits. Top up at https://studio.example/billing"],
		[403, 'Your plan does not include this feature'],
	])('are shown where a %i says more: %j', (status, words) => {
		expect(refusedWith(words, status)).toContain(`(${words})`);
	});
});
