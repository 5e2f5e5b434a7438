import type { AudioFormatName } from '../audio/format';
import type { FailureCode } from '../speech/failure';
import type { Body } from './body';

/** One provider as the HTTP floor sees it: whom to ask with which credential, and how to read a refusal. */
export interface Service {
	/** As the record's `provider` has it. */
	id: string;
	/** As sentences name it. */
	displayName: string;
	credentialType: string;
	/** What a refusal means where the provider's body says more than the status does. */
	readRefusal(refusal: Refusal): RefusalMeaning;
}

export interface Refusal {
	status: number;
	body: Body;
}

export interface RefusalMeaning {
	/** Left out: the status decides. */
	code?: FailureCode;
	/** The provider's own words. */
	words?: string;
	/** How to mend it, where this is known better than the code alone tells. */
	how?: string;
	/** Where the body rather than a header says how long to wait. */
	retryAfterSeconds?: number;
}

export interface HttpRequest {
	method: 'GET' | 'POST';
	/** Appended to the credential's base URL. */
	path: string;
	query?: Record<string, string | number>;
	headers?: Record<string, string>;
	/** JSON, or a form that n8n's helper recognises. */
	body?: object;
	/** Opens a body that is a stream: for every attempt anew, as a stream can be read only once. */
	openBody?: () => Promise<object>;
	/** What tells this stream from others, as its bytes are not looked at. */
	streamKey?: string;
	/** Whether the provider may charge for it once accepted; then a request without an answer is never sent again. */
	spends: boolean;
	/** The format that the answer is in when it is audio of a kind that does not tell, as raw PCM. */
	expects?: AudioFormatName;
}

export interface Answer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: Body;
}
