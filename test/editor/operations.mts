import type { NodeSketch } from '../../sandbox/n8n/workflow.mts';

export interface Picture {
	name: string;
	/** In a row; the last one is the operation. */
	nodes: NodeSketch[];
	/** What of the output is shown. */
	output: 'schema' | 'table' | 'json' | 'binary' | 'player';
}

type Provider = 'aimlApi' | 'convai' | 'pixazo' | 'vimmerse';

const CREDENTIALS: Record<Provider, { type: string; name: string }> = {
	aimlApi: { type: 'aimlApi', name: 'AI/ML API account' },
	convai: { type: 'convaiApi', name: 'Convai account' },
	pixazo: { type: 'pixazoApi', name: 'Pixazo account' },
	vimmerse: { type: 'vimmerseApi', name: 'Vimmerse account' },
};

const fromList = (value: string, cachedResultName = value) => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName,
});

function step(
	provider: Provider,
	name: string,
	resource: string,
	operation: string,
	parameters: Record<string, unknown> = {},
): NodeSketch {
	const credential = CREDENTIALS[provider];
	return {
		name,
		type: `n8n-nodes-narration.${provider}`,
		parameters: { resource, operation, ...parameters },
		credentials: { [credential.type]: { id: `demo-${provider}`, name: credential.name } },
	};
}

const WELCOME =
	'Good morning, and welcome to the show. Today we talk about tides, and why they come twice a day.';
const DIALOGUE = `Speaker 1: Why do the tides come twice a day?
Speaker 2: Because the water bulges on both sides of the Earth.
Speaker 1: And the Moon pulls at only one of them?`;

const aimlSpeech = step('aimlApi', 'Generate speech', 'speech', 'generate', {
	model: fromList('openai/tts-1', 'TTS-1'),
	text: WELCOME,
	voice: fromList('coral', 'Coral'),
	options: { fileName: 'morning-show', speed: 1.1 },
});

const pixazoSpeech = step('pixazo', 'Generate speech', 'speech', 'generate', {
	model: fromList('vibevoice', 'VibeVoice'),
	text: DIALOGUE,
	options: { fileName: 'tides' },
});

const vimmerseSpeech = step('vimmerse', 'Generate speech', 'speech', 'generate', {
	text: WELCOME,
	voice: fromList('Rachel'),
	options: { fileName: 'morning-show', maxCredits: 50, pollInterval: 1 },
});

const submitted = {
	...pixazoSpeech,
	name: 'Submit speech',
	parameters: { ...pixazoSpeech.parameters, completion: 'submit' },
};

/** Submits a job that calls back. */
export function submission(callbackUrl: string): NodeSketch {
	return { ...submitted, parameters: { ...submitted.parameters, options: { callbackUrl } } };
}

/** One of each operation. */
export const OPERATIONS: Picture[] = [
	{ name: 'aimlApi-speech-generate', nodes: [aimlSpeech], output: 'player' },
	{
		name: 'aimlApi-model-getAll',
		nodes: [step('aimlApi', 'Get many models', 'model', 'getAll', { limit: 20 })],
		output: 'schema',
	},
	{
		name: 'aimlApi-voice-getAll',
		nodes: [
			step('aimlApi', 'Get many voices', 'voice', 'getAll', {
				model: fromList('openai/tts-1', 'TTS-1'),
				limit: 20,
			}),
		],
		output: 'table',
	},
	{
		name: 'aimlApi-account-getBalance',
		nodes: [step('aimlApi', 'Get account balance', 'account', 'getBalance')],
		output: 'schema',
	},
	{ name: 'pixazo-speech-generate', nodes: [pixazoSpeech], output: 'schema' },
	{
		name: 'pixazo-job-get',
		nodes: [
			submitted,
			step('pixazo', 'Get job status', 'job', 'get', {
				jobId: '={{ $json.job.id }}',
				waitForCompletion: true,
				options: { pollInterval: 1 },
			}),
		],
		output: 'schema',
	},
	{
		name: 'pixazo-model-getAll',
		nodes: [step('pixazo', 'Get many models', 'model', 'getAll', { limit: 20 })],
		output: 'table',
	},
	{
		name: 'convai-speech-generate',
		nodes: [
			step('convai', 'Generate speech', 'speech', 'generate', {
				text: WELCOME,
				voice: fromList('WUMale 1', 'Young US Masculine Voice'),
				options: { captions: 'srt', fileName: 'morning-show' },
			}),
		],
		output: 'binary',
	},
	{
		name: 'convai-voice-getAll',
		nodes: [
			step('convai', 'Get many voices', 'voice', 'getAll', {
				limit: 20,
				filters: { language: 'es-ES', gender: 'female' },
			}),
		],
		output: 'table',
	},
	{
		name: 'convai-account-getUsage',
		nodes: [step('convai', 'Get account usage', 'account', 'getUsage')],
		output: 'schema',
	},
	{ name: 'vimmerse-speech-generate', nodes: [vimmerseSpeech], output: 'schema' },
	{
		name: 'vimmerse-soundEffect-generate',
		nodes: [
			step('vimmerse', 'Generate sound effect', 'soundEffect', 'generate', {
				prompt: 'Rain on a tin roof, distant thunder',
				duration: 8,
				options: { pollInterval: 1 },
			}),
		],
		output: 'player',
	},
	{
		name: 'vimmerse-music-generate',
		nodes: [
			step('vimmerse', 'Generate music', 'music', 'generate', {
				prompt: 'Calm piano, slow, in a large hall',
				options: { pollInterval: 1 },
			}),
		],
		output: 'player',
	},
	{
		name: 'vimmerse-credits-estimate',
		nodes: [
			step('vimmerse', 'Estimate credits', 'credits', 'estimate', {
				service: 'text-to-speech',
				prompt: WELCOME,
			}),
		],
		output: 'json',
	},
	{
		name: 'vimmerse-audio-upload',
		nodes: [
			aimlSpeech,
			step('vimmerse', 'Upload audio', 'audio', 'upload', { source: 'binary', options: { pollInterval: 1 } }),
		],
		output: 'schema',
	},
	{
		name: 'vimmerse-asset-get',
		nodes: [
			{ ...vimmerseSpeech, parameters: { ...vimmerseSpeech.parameters, downloadAudio: false } },
			step('vimmerse', 'Get asset status', 'asset', 'get', { assetId: '={{ $json.job.id }}' }),
		],
		output: 'schema',
	},
];

/** The nodes of one of {@link OPERATIONS}, the operation last. */
export const nodesOf = (operation: string): NodeSketch[] =>
	OPERATIONS.find(({ name }) => name === operation)?.nodes ?? [];
