import type { NodeName } from '../workflow/harness.mts';
import { speechParameters, SYSTEMS } from '../workflow/systems.mts';

/**
 * What an operation is like, as far as faults care: `paid` what it asks for is charged for, `free` it only asks; `bytes` the answer is the
 * audio, `media` the answer leads to an address of it; `job` there is something to ask for until it is done, `named` the answer names it;
 * `wav` the audio says in its header how long it is; `fixed` it has no Options, so what holds without them holds; `always` it puts out what is built in when the provider is silent.
 */
export type Trait = 'paid' | 'free' | 'bytes' | 'media' | 'job' | 'named' | 'wav' | 'fixed' | 'always';

export interface Operation {
	name: string;
	node: NodeName;
	/** The sandbox's name of what it asks. */
	endpoint: string;
	traits: readonly Trait[];
	/** @param id of the job or asset made beforehand, where the operation wants one */
	parameters(id: string): Record<string, unknown>;
	options?: Record<string, unknown>;
	/** How often it sends again, where that is not for the user to say. */
	resends?: number;
	/** Name of the paid operation that makes what this one asks for, and what makes it do no more than that. */
	madeBy?: { operation: string; parameters: Record<string, unknown> };
}

/** How a provider is asked what became of a job: the node's operation, and the sandbox's name of the request. */
export const COLLECTING: Partial<Record<NodeName, string>> = {
	pixazo: 'pixazo job.get',
	vimmerse: 'vimmerse asset.get',
};

/** Max Retries as it is when nobody sets it. */
const DEFAULT_RESENDS = 4;

const TEXT = 'Good morning.';
/** As often as a node may ask. */
const SHORTEST_POLL = { pollInterval: 0.1 };

const speech = (systemName: string, node: NodeName, traits: Trait[]): Operation => ({
	name: `${node} speech.generate`,
	node,
	endpoint: 'speech.generate',
	traits: ['paid', ...traits],
	parameters: () =>
		speechParameters(SYSTEMS.find(({ name }) => name === systemName) as (typeof SYSTEMS)[number], {
			text: TEXT,
		}),
	options: traits.includes('job') ? SHORTEST_POLL : {},
});

const free = (node: NodeName, resource: string, operation: string, traits: Trait[] = []): Operation => ({
	name: `${node} ${resource}.${operation}`,
	node,
	endpoint: `${resource}.${operation}`,
	traits: ['free', ...traits],
	parameters: () => ({ resource, operation }),
});

const asset = (
	resource: string,
	operation: string,
	traits: Trait[],
	parameters: Record<string, unknown>,
): Operation => ({
	name: `vimmerse ${resource}.${operation}`,
	node: 'vimmerse',
	endpoint: `${resource}.${operation}`,
	traits,
	parameters: () => ({ resource, operation, ...parameters }),
	options: traits.includes('job') ? SHORTEST_POLL : {},
});

/** All that ask a provider for something. Not here: the lists of voices and models that are built in, which ask nobody. */
export const OPERATIONS: readonly Operation[] = [
	speech('AI/ML API openai/tts-1', 'aimlApi', ['media', 'named']),
	speech('Convai', 'convai', ['bytes', 'wav']),
	speech('Pixazo VibeVoice', 'pixazo', ['media', 'job', 'named', 'wav']),
	speech('Vimmerse', 'vimmerse', ['media', 'job', 'named']),
	{
		...free('pixazo', 'job', 'get', ['media', 'named', 'wav']),
		parameters: (jobId) => ({ resource: 'job', operation: 'get', jobId }),
		options: SHORTEST_POLL,
		madeBy: { operation: 'pixazo speech.generate', parameters: { downloadAudio: false } },
	},
	asset('soundEffect', 'generate', ['paid', 'media', 'job', 'named'], {
		prompt: 'A door creaks.',
		duration: 1,
	}),
	asset('music', 'generate', ['paid', 'media', 'job', 'named', 'wav'], { prompt: 'A slow waltz.' }),
	asset('audio', 'upload', ['paid', 'job', 'named'], {
		source: 'url',
		audioUrl: 'https://example.com/a.wav',
	}),
	{
		...asset('asset', 'get', ['free', 'media', 'named'], {}),
		parameters: (assetId) => ({ resource: 'asset', operation: 'get', assetId }),
		options: SHORTEST_POLL,
		madeBy: { operation: 'vimmerse speech.generate', parameters: { downloadAudio: false } },
	},
	asset('credits', 'estimate', ['free'], { service: 'text-to-speech', prompt: TEXT }),
	{ ...free('aimlApi', 'model', 'getAll', ['fixed', 'always']), resends: 1 },
	{ ...free('aimlApi', 'account', 'getBalance', ['fixed']), resends: DEFAULT_RESENDS },
	{ ...free('convai', 'voice', 'getAll', ['fixed']), resends: DEFAULT_RESENDS },
	{ ...free('convai', 'account', 'getUsage', ['fixed']), resends: DEFAULT_RESENDS },
];

export function operationNamed(name: string): Operation {
	const operation = OPERATIONS.find((candidate) => candidate.name === name);
	if (!operation) throw new Error(`There is no operation ${name} in the table`);
	return operation;
}
