/**
 * Convai (docs of github.com/Conv-AI/Convai-Documentation at 1ee593db, error bodies from its
 * history up to 2024-10): the answer is the audio itself. Some errors are a 200 with JSON.
 */
import { createHash } from 'node:crypto';

import { loadData, type ProviderContext } from '../core/context.mts';
import type { Answer, Call, Operation, ProviderModule, RefusalTable } from '../core/types.mts';
import { renderAudio } from '../speech/speech.mts';
import { virtualWav } from '../speech/wav.mts';

interface ConvaiVoice {
	name: string;
	section: string;
	id: string;
	languages: string[];
}

const VOICES = loadData<{ voices: ConvaiVoice[] }>('convai-voices.json').voices;
const MP3_SECTION = 'GCP Voices';
/** An additional voice that is not for production; clients have to filter it out. */
const DEVELOPMENT_VOICE: ConvaiVoice = {
	name: 'Sandbox development voice',
	section: 'Convai Voices',
	id: 'SandboxDevelopmentVoice',
	languages: ['en-US'],
};
/** The sandbox's own figures. */
const USAGE_LIMIT = 100_000;

export function createConvai(_context: ProviderContext): ProviderModule {
	let spokenCharacters = 0;
	const speech = (path: string): Operation => ({
		name: 'speech.generate',
		method: 'POST',
		path,
		paid: true,
		async answer(call) {
			const answer = await speak(call);
			if (answer.charged) spokenCharacters += [...(call.body as { transcript: string }).transcript].length;
			return answer;
		},
	});
	return {
		name: 'convai',
		credentialHeader: 'convai-api-key',
		keyOf: (value) => value || undefined,
		operations: [
			speech('/tts/'),
			speech('/tts'),
			{ name: 'voice.getAll', method: 'GET', path: '/tts/get_available_voices', answer: listVoices },
			{ name: 'language.getAll', method: 'GET', path: '/tts/get_available_languages', answer: listLanguages },
			{
				name: 'account.getUsage',
				method: 'POST',
				path: '/user/user-api-usage',
				answer: (call) => usage(call, spokenCharacters),
			},
		],
		refusals,
		clear() {
			spokenCharacters = 0;
		},
		jobs: () => [],
	};
}

/** `language` was documented until 2024-10 and is still accepted. */
const SPEECH_FIELDS = ['transcript', 'voice', 'filename', 'encoding', 'language'];

async function speak(call: Call): Promise<Answer> {
	const complaint = complaintAbout(call);
	if (complaint) return complaint;
	const body = call.body as {
		transcript: string;
		voice: string;
		filename?: string;
		encoding?: 'wav' | 'mp3';
	};
	const turns = [{ voice: body.voice, text: body.transcript }];
	const paid = { accepted: true, charged: true, spoken: turns };
	const sizeBytes = call.effect.audioSizeBytes ?? call.settings.audioSizeBytes;
	if (sizeBytes)
		return { status: 200, headers: { 'content-type': 'audio/wav' }, stream: virtualWav(sizeBytes), ...paid };
	const codec = body.encoding ?? 'wav';
	const bytes = await renderAudio({ kind: 'speech', turns }, { codec });
	return { status: 200, headers: { 'content-type': contentTypeFor(call, codec) }, body: bytes, ...paid };
}

/**
 * The documentation does not name the audio's Content-Type. The correct type is the default; the
 * others are scenarios.
 */
function contentTypeFor(call: Call, codec: 'wav' | 'mp3'): string {
	if (call.effect.shape === 'octetStream') return 'application/octet-stream';
	if (call.effect.shape === 'noType') return '';
	return codec === 'mp3' ? 'audio/mpeg' : 'audio/wav';
}

function complaintAbout(call: Call): Answer | undefined {
	if (call.body === undefined)
		return error(400, `The request body is not JSON: ${call.bodyError ?? 'empty'}`);
	const body = call.body as Record<string, unknown>;
	const unknown = Object.keys(body).find((name) => !SPEECH_FIELDS.includes(name));
	if (unknown) return error(400, `Unexpected field: ${unknown}`);
	if (!body.transcript) return { status: 200, body: { result: 'No transcript found in the request' } };
	if (!body.voice) return { status: 200, body: { result: 'No voice found in the request' } };
	const notText = Object.entries(body).find(([, value]) => typeof value !== 'string');
	if (notText) return error(400, `Field ${notText[0]} is not a string`);
	if (body.encoding !== undefined && body.encoding !== 'wav' && body.encoding !== 'mp3') {
		return { status: 400, body: { result: 'Incorrect encoding for the mentioned voice.' } };
	}
	const voice = [...VOICES, DEVELOPMENT_VOICE].find(({ id }) => id === body.voice);
	if (!voice) return { status: 500, body: { result: 'Error encountered while processing the TTS request.' } };
	if (body.encoding === 'mp3' && voice.section !== MP3_SECTION) {
		return { status: 400, body: { result: 'Incorrect encoding for the mentioned voice.' } };
	}
	return undefined;
}

const error = (status: number, message: string): Answer => ({ status, body: { ERROR: message } });

/**
 * The catalogue in the documented shape: section -> list of objects with the voice's name as their
 * only key. The scenario shape `object` is section -> object of name -> details, as older clients
 * saw it.
 */
function listVoices(call: Call): Answer {
	const sections: Record<string, Array<Record<string, unknown>>> = {};
	for (const voice of [...VOICES, DEVELOPMENT_VOICE]) {
		(sections[voice.section] ??= []).push({ [voice.name]: voiceDetails(voice) });
	}
	if (call.effect.shape !== 'object') return { status: 200, body: sections };
	const merged = Object.entries(sections).map(([section, voices]) => [section, Object.assign({}, ...voices)]);
	return { status: 200, body: Object.fromEntries(merged) };
}

function voiceDetails(voice: ConvaiVoice): Record<string, unknown> {
	const isDevelopment = voice === DEVELOPMENT_VOICE;
	return {
		voice_value: voice.id,
		lang_codes: voice.languages,
		gender: genderOf(voice),
		deployment_env: isDevelopment ? ['DEVELOPMENT'] : ['PRODUCTION', 'DEVELOPMENT'],
		sample_link: `https://samples.sandbox.example/${encodeURIComponent(voice.id)}.wav`,
	};
}

/** The published table has no gender. Most names indicate it; the sandbox assigns the others. */
function genderOf({ name }: ConvaiVoice): string {
	if (/female|feminine|woman|witch|nicole|dorothy/i.test(name)) return 'FEMALE';
	if (/neutral|alien/i.test(name)) return 'NEUTRAL';
	if (/male|masculine|man/i.test(name)) return 'MALE';
	return (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0 ? 'FEMALE' : 'MALE';
}

function listLanguages(): Answer {
	const codes = [...new Set(VOICES.flatMap(({ languages }) => languages))].sort();
	const names = new Intl.DisplayNames(['en'], { type: 'language' });
	return {
		status: 200,
		body: codes.map((code) => ({
			[code]: { lang_code: code, lang_name: names.of(code.split('-')[0] as string) },
		})),
	};
}

function usage(call: Call, spokenCharacters: number): Answer {
	if (call.body === undefined || Object.keys(call.body as object).length > 0)
		return error(400, 'Expected an empty JSON object');
	const metric = (id: string, used: number) => ({ id, usage_details: [{ limit: USAGE_LIMIT, usage: used }] });
	return {
		status: 200,
		body: {
			usage_v2: {
				plan_name: 'Enterprise Plan',
				expiry_ts: '2027-12-31T23:59:59Z',
				metrics: [
					metric('interactions', 12),
					metric('provider_pool_1', spokenCharacters),
					metric('core-api', 34),
					metric('pixel_streaming', 0),
				],
			},
			usage: { user_name: 'Sandbox builder', email: 'builder@sandbox.example' },
		},
	};
}

/**
 * The refusals for a plan, a quota or a rate limit are not documented: these bodies are the
 * sandbox's own.
 */
const isSpeech = (call: Call) => call.operation === 'speech.generate';
const INVALID_KEY = { API_ERROR: 'Invalid API key provided.' };
const FAILED: Answer = {
	status: 500,
	body: { result: 'Error encountered while processing the TTS request.' },
};

const refusals: RefusalTable = {
	missingKey: (call) =>
		isSpeech(call)
			? { status: 403, body: { ERROR: 'api_key error.' } }
			: { status: 400, body: { API_ERROR: 'API key not found' } },
	wrongKey: (call) => ({ status: isSpeech(call) ? 403 : 401, body: INVALID_KEY }),
	notFound: (call) => ({ status: 404, body: { ERROR: `No such path: ${call.path}` } }),
	'400': (call) =>
		isSpeech(call)
			? { status: 400, body: { result: 'Incorrect encoding for the mentioned voice.' } }
			: error(400, 'Bad request'),
	'400:internal': () => ({ status: 400, body: { INTERNAL_ERROR: 'The request could not be processed.' } }),
	'401': () => ({ status: 401, body: INVALID_KEY }),
	'402': () => ({ status: 402, body: { ERROR: 'Your quota is used up.' } }),
	'403': () => ({ status: 403, body: INVALID_KEY }),
	'403:key': () => ({ status: 403, body: { ERROR: 'api_key error.' } }),
	'403:plan': () => ({
		status: 403,
		body: { ERROR: 'This feature is available on the Enterprise plan only.' },
	}),
	'403:credits': () => ({ status: 403, body: { ERROR: 'Your quota is used up.' } }),
	'403:verification': () => ({ status: 403, body: { ERROR: 'Your account is not verified.' } }),
	'404': () => error(404, 'Not found'),
	'422': () => error(422, 'Unprocessable request'),
	'429': () => ({ status: 429, body: { ERROR: 'Too many requests.' } }),
	'500': () => FAILED,
	'503': () => ({ status: 503, body: { ERROR: 'Service unavailable.' } }),
	'504': () => ({ status: 504, body: { ERROR: 'Gateway timeout.' } }),
};
