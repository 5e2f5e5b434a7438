/** The workflows of `examples/`, imported and run in a real n8n as their notes say. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { N8n } from '../../sandbox/n8n/instance.mts';
import type { Execution, Item, Workflow } from '../../sandbox/n8n/types.mts';
import { webCredentials } from '../../sandbox/web/credentials.mts';
import { startWeb, type Web } from '../../sandbox/web/web.mts';
import { decode } from './audio.mts';
import { exampleNames, readExample, withSettings } from './examples.mts';
import { START_TIMEOUT_MS, startEverything } from './n8n.mts';

jest.setTimeout(60_000);

let everything: Awaited<ReturnType<typeof startEverything>>;
let n8n: N8n;
let web: Web;
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'narration-examples-'));
	web = await startWeb();
	everything = await startEverything('examples', { env: { N8N_RESTRICT_FILE_ACCESS_TO: folder } });
	({ n8n } = everything);
	for (const credential of webCredentials(web)) await n8n.createCredential(credential);
}, START_TIMEOUT_MS);

afterAll(async () => {
	await everything?.stop();
	await web?.stop();
	await rm(folder, { recursive: true, force: true });
}, 60_000);

/** Imports an example with a user's changes to its Settings node. */
async function importExample(name: string, settings: Record<string, unknown> = {}) {
	return await n8n.createWorkflow(withSettings(readExample(name), settings));
}

function outputOf(execution: Execution, node: string): Item[] {
	expect({ status: execution.status, error: execution.error?.message }).toEqual({ status: 'success' });
	return execution.runData[node]?.at(-1)?.data?.main[0] ?? [];
}

const recordOf = (json: unknown) => json as { audio: { url: string; durationSeconds: number } };

const secondsOf = (bytes: Buffer) => decode(bytes).durationSeconds;

async function download(url: string): Promise<{ contentType: string; bytes: Buffer }> {
	const response = await fetch(url);
	expect(response.status).toBe(200);
	const bytes = Buffer.from(await response.arrayBuffer());
	return { contentType: response.headers.get('content-type') ?? '', bytes };
}

/** The ID at the end of the address of an example's form. */
function formPathOf(name: string): string {
	return readExample(name).nodes.find(({ type }) => type.endsWith('.formTrigger'))!.webhookId!;
}

interface Cue {
	start: number;
	end: number;
	text: string;
}

/** Cues of a WebVTT file. */
function cuesOf(captions: string): Cue[] {
	const seconds = (time: string) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
	return Array.from(
		captions.matchAll(/^([\d:.]+) --> ([\d:.]+)\n((?:.+\n?)+)/gm),
		([, start, end, text]) => ({
			start: seconds(start!),
			end: seconds(end!),
			text: text!.trim().replace(/\n/g, ' '),
		}),
	);
}

test('there are six', () => {
	expect(exampleNames).toHaveLength(6);
});

describe('cms-post-to-audio', () => {
	const POST = {
		id: 4711,
		slug: 'why-tides-turn',
		status: 'publish' as const,
		title: 'Why tides turn',
		content:
			'<!-- wp:paragraph -->\n<p>The sea goes out &amp; comes back, <a href="https://tides.example">twice a day</a>.</p>\n<!-- /wp:paragraph -->',
	};
	let workflow: { id: string; versionId: string };

	beforeAll(async () => {
		everything.sandbox.reset();
		web.wordpress.posts.set(POST.id, POST);
		workflow = await importExample('cms-post-to-audio', { wordpressUrl: web.url });
		await n8n.activate(workflow);
		await n8n.callWebhook('narrate-published-post', { id: POST.id });
		outputOf(await n8n.executionOf(workflow.id), 'Add Player to Post');
	});

	test('puts a player at the top of the post, above what was there', () => {
		const { content } = web.wordpress.posts.get(POST.id)!;
		expect(content).toMatch(
			/^<!-- wp:audio \{"id":\d+ ?\} -->\n<figure class="wp-block-audio"><audio controls/,
		);
		expect(content.endsWith(POST.content)).toBe(true);
	});

	test('the player plays the post, from the media library', async () => {
		const { content } = web.wordpress.posts.get(POST.id)!;
		const { contentType, bytes } = await download(/<audio controls src="([^"]+)">/.exec(content)![1]!);
		expect(contentType).toBe('audio/mpeg');
		expect(secondsOf(bytes)).toBeGreaterThan(2);
		expect(web.wordpress.media).toMatchObject([{ post: POST.id, fileName: 'why-tides-turn.mp3' }]);
	});

	test('says what is to be read, and no tags', () => {
		const [request] = everything.sandbox.requests({ operation: 'speech.generate' });
		expect(request!.spoken.map(({ text }) => text).join(' ')).toMatch(
			/^Why tides turn\W+The sea goes out & comes back, twice a day\.$/,
		);
	});

	let executions = 1;
	/** Sends the event of a published post, and returns the outcome of the workflow. */
	async function announce(id: unknown) {
		await n8n.callWebhook('narrate-published-post', { post_id: String(id) });
		return await n8n.executionOf(workflow.id, (executions += 1));
	}

	test.each([
		['has a player', POST.id],
		['is a draft', 4712],
	])('spends nothing on a post that %s', async (_what, id) => {
		web.wordpress.posts.set(4712, { ...POST, id: 4712, status: 'draft' });
		const before = web.wordpress.posts.get(id);
		const execution = await announce(id);
		expect(outputOf(execution, 'Get Post')).toHaveLength(1);
		expect(execution.runData).not.toHaveProperty('Narrate');
		expect(web.wordpress.posts.get(id)).toEqual(before);
	});

	test('keeps what someone has changed in the post while it was narrated', async () => {
		const post = { ...POST, id: 4713 };
		const corrected = POST.content.replace('twice a day', 'every twelve hours');
		web.wordpress.posts.set(post.id, post);
		web.wordpress.colleague.afterUpload = () =>
			void web.wordpress.posts.set(post.id, { ...post, content: corrected });
		outputOf(await announce(post.id), 'Add Player to Post');
		const { content } = web.wordpress.posts.get(post.id)!;
		expect(content).toMatch(/^<!-- wp:audio /);
		expect(content.endsWith(corrected)).toBe(true);
	});
});

describe('two-speaker-podcast', () => {
	const HOUR_MS = 3_600_000;
	const story = (title: string, description: string, hoursAgo: number) => ({
		title,
		description,
		publishedAt: new Date(Date.now() - hoursAgo * HOUR_MS),
	});
	let workflow: { id: string };
	let audio: ReturnType<typeof recordOf>['audio'];

	beforeAll(async () => {
		everything.sandbox.reset();
		web.news.stories.push(
			story('Ferries & trains run again', '<p>The harbour is open,\n<b>says</b> the pilot.</p>', 2),
			story('A lighthouse turns 200.', 'It still flashes three times.', 5),
			story('Is the tide late?', '', 6),
			story('Last week’s storm', 'This is old news.', 30),
		);
		workflow = await importExample('two-speaker-podcast', {
			newsUrl: `${web.url}/news.xml`,
			uploadUrl: `${web.url}/folder`,
			publicUrl: `${web.url}/folder`,
			podcastTitle: 'Tides & Times',
		});
		const execution = await n8n.runWorkflow(workflow.id, 'Every Morning');
		({ audio } = recordOf(outputOf(execution, 'Speak')[0]?.json));
	});

	const feed = () => web.folder.files.get('feed.xml')!.bytes.toString();

	test('two speakers take turns over the stories of the last day', () => {
		const spoken = everything.sandbox.requests({ operation: 'speech.generate' })[0]!.spoken;
		const [first, second] = ['Maya [EN]', 'Carter [EN]'];
		expect(spoken).toEqual([
			{ voice: first, text: 'Good morning, and welcome to Tides & Times.' },
			{ voice: first, text: 'Ferries & trains run again' },
			{ voice: second, text: 'The harbour is open, says the pilot.' },
			{ voice: first, text: 'A lighthouse turns 200.' },
			{ voice: second, text: 'It still flashes three times.' },
			{ voice: first, text: 'Is the tide late?' },
			{ voice: first, text: 'That was the news. See you tomorrow.' },
		]);
	});

	test('the feed names the episode, with the size, type and length of the file that is there', async () => {
		const [, url, length, type] = /<enclosure url="([^"]+)" length="(\d+)" type="([^"]+)"\/>/.exec(feed())!;
		const { contentType, bytes } = await download(url!);
		expect({ type, length: Number(length) }).toEqual({ type: contentType, length: bytes.length });
		expect(contentType).toBe('audio/wav');
		const seconds = Number(/<itunes:duration>(\d+)</.exec(feed())![1]);
		expect(Math.abs(seconds - secondsOf(bytes))).toBeLessThanOrEqual(0.5);
		expect(seconds).toBe(Math.round(audio.durationSeconds));
	});

	test('a title with signs that XML keeps for itself stays whole in the feed', () => {
		expect(feed()).toContain('<title>Tides &#38; Times</title>');
	});

	test('the next episode joins the feed', async () => {
		outputOf(await n8n.runWorkflow(workflow.id, 'Every Morning'), 'Upload Feed');
		const urls = Array.from(feed().matchAll(/<enclosure url="([^"]+)"/g), ([, url]) => url);
		expect(new Set(urls).size).toBe(2);
	});

	test('without news nothing is spoken', async () => {
		web.news.stories.splice(0, 3);
		everything.sandbox.reset();
		const execution = await n8n.runWorkflow(workflow.id, 'Every Morning');
		expect(outputOf(execution, 'Read News')).toHaveLength(1);
		expect(everything.sandbox.requests()).toEqual([]);
	});
});

describe('long-article-with-captions', () => {
	const PARAGRAPHS = 60;
	const article = Array.from(
		{ length: PARAGRAPHS },
		(_, index) =>
			`**Chapter ${index + 1}.** The tide comes in, the tide goes out, and the boats wait for it in the harbour.`,
	).join('\n\n');

	beforeAll(async () => {
		everything.sandbox.reset();
		const workflow = await importExample('long-article-with-captions', { folder });
		await n8n.activate(workflow);
		await n8n.submitForm(formPathOf('long-article-with-captions'), ['Sixty Chapters!', article]);
		outputOf(await n8n.executionOf(workflow.id), 'Save Captions');
	});

	const saved = async (name: string) => await readFile(join(folder, name));

	test('saves one file of an article that takes several requests', async () => {
		expect(everything.sandbox.requests({ operation: 'speech.generate' }).length).toBeGreaterThan(1);
		expect(secondsOf(await saved('sixty-chapters.mp3'))).toBeGreaterThan(PARAGRAPHS * 2);
	});

	test('saves captions that cover the audio from its beginning to its end', async () => {
		const captions = (await saved('sixty-chapters.vtt')).toString();
		expect(captions).toMatch(/^WEBVTT\n/);
		const cues = cuesOf(captions);
		const seconds = secondsOf(await saved('sixty-chapters.mp3'));
		expect(cues[0]!.start).toBeLessThan(1);
		expect(cues.at(-1)!.end).toBeGreaterThan(seconds - 2);
		expect(cues.at(-1)!.end).toBeLessThanOrEqual(seconds + 0.1);
		expect(cues.map(({ text }) => text).join(' ')).toContain('Chapter 60. The tide comes in');
	});
});

describe('budget-guard', () => {
	const TEXT = 'The ferry leaves at nine.';

	async function run(maxCredits: number): Promise<Execution> {
		everything.sandbox.reset();
		const { id } = await importExample('budget-guard', { text: TEXT, maxCredits });
		return await n8n.runWorkflow(id);
	}

	test('speaks what is within the budget', async () => {
		const [item] = outputOf(await run(1_000), 'Generate Speech');
		expect(secondsOf(await n8n.readBinary(item!.binary!.data!))).toBeGreaterThan(1);
		expect(everything.sandbox.requests({ operation: 'speech.generate' })[0]!.spoken).toMatchObject([
			{ text: TEXT },
		]);
	});

	test('stops what is not, with both figures, and spends nothing', async () => {
		const execution = await run(0.5);
		const [estimate] = outputOf(execution, 'Estimate Credits');
		expect(outputOf(execution, 'Too Expensive')).toMatchObject([
			{
				json: {
					message: `Not spoken: it would cost ${estimate!.json.credits} credits, and the budget is 0.5. Nothing was spent.`,
				},
			},
		]);
		expect(everything.sandbox.counters().total.charges).toBe(0);
	});
});

describe('submit-now-collect-later', () => {
	interface Row {
		jobId: string;
		title: string;
		status: string;
		audioUrl: string | null;
		durationSeconds: number | null;
		problem: string | null;
	}
	let id: string;

	beforeAll(async () => {
		({ id } = await importExample('submit-now-collect-later'));
	});

	beforeEach(() => everything.sandbox.reset());

	const submit = async () =>
		outputOf(await n8n.runWorkflow(id), 'Keep Job ID').map(({ json }) => json as unknown as Row);
	const collect = async () => await n8n.runWorkflow(id, 'Every 5 Minutes');
	const rowsOf = async (submitted: Row[]) => {
		const rows = (await n8n.readTable('Narration Jobs')) as unknown as Row[];
		return submitted.map(({ jobId }) => rows.find((row) => row.jobId === jobId)!);
	};

	const statesOf = async (submitted: Row[]) => (await rowsOf(submitted)).map(({ status }) => status);

	test('the jobs that are done are collected, and their rows say so', async () => {
		const submitted = await submit();
		expect(submitted).toMatchObject([
			{ title: 'Tides', status: 'submitted' },
			{ title: 'Lighthouses', status: 'submitted' },
		]);
		const collected = outputOf(await collect(), 'Collect');
		for (const row of await rowsOf(submitted)) {
			expect(row.status).toBe('done');
			expect(secondsOf((await download(row.audioUrl!)).bytes)).toBeCloseTo(row.durationSeconds!, 1);
		}
		expect(collected.map(({ binary }) => binary!.data!.fileName).sort()).toEqual([
			'Lighthouses.wav',
			'Tides.wav',
		]);
	});

	test('a job that still runs keeps its row, and one that failed says why', async () => {
		everything.sandbox.scenario({ operation: 'speech.generate', job: { outcome: 'FAILED' }, times: 1 });
		everything.sandbox.scenario({ operation: 'speech.generate', job: { seconds: 600 }, times: 1 });
		const submitted = await submit();
		await collect();
		const rows = await rowsOf(submitted);
		expect(rows.map(({ status }) => status).sort()).toEqual(['failed', 'submitted']);
		expect(rows.find(({ status }) => status === 'failed')!.problem).toMatch(/^\S.+\.$/);
	});

	test.each([
		['a job that Pixazo no longer knows', () => everything.sandbox.reset(), null],
		[
			'a job whose file is gone',
			() => everything.sandbox.scenario({ provider: 'media', operation: 'media.get', status: 410 }),
			expect.stringMatching(/^http/),
		],
	])('%s is given up, and its row says why', async (_what, lose, audioUrl) => {
		const submitted = await submit();
		lose();
		expect((await collect()).status).toBe('success');
		const failed = { status: 'failed', audioUrl, problem: expect.stringMatching(/^\S.+\.$/) };
		expect(await rowsOf(submitted)).toMatchObject([failed, failed]);
	});

	test('a row is not given up because Pixazo could not be asked, and the execution says why', async () => {
		const submitted = await submit();
		everything.sandbox.scenario({ provider: 'pixazo', operation: 'job.get', name: '401' });
		const { status, error } = await collect();
		expect({ status, message: error?.message }).toEqual({
			status: 'error',
			message: expect.stringContaining('API key'),
		});
		expect(await statesOf(submitted)).toEqual(['submitted', 'submitted']);
		everything.sandbox.calm();
		await collect();
		expect(await statesOf(submitted)).toEqual(['done', 'done']);
	});
});

describe('agent-with-a-voice', () => {
	const MESSAGE = { sessionId: 'example', action: 'sendMessage', chatInput: 'Greet our passengers.' };
	const TEXT = 'Good morning, and welcome aboard.';

	/**
	 * Makes the agent call its tool with these arguments; returns the tool's result and the agent's
	 * reply.
	 */
	async function talk(
		example: Workflow,
		toolArguments: Record<string, unknown>,
		say: (toolAnswer: string) => string = String,
	) {
		everything.sandbox.reset();
		let toolAnswer = '';
		web.chatModel.behave({ toolArguments, say: (answer) => say((toolAnswer = answer)) });
		const { id } = await n8n.createWorkflow(example);
		const [answer] = outputOf(await n8n.runWorkflow(id, 'Chat', MESSAGE), 'Agent');
		const items = JSON.parse(toolAnswer) as Array<Item['json']>;
		return { items, answer: answer!.json.output as string };
	}

	test('the agent calls the tool with arguments of its own, and answers with address and duration', async () => {
		const example = readExample('agent-with-a-voice');
		const toolArguments = { text: TEXT, voice: 'sage' };
		const { answer } = await talk(example, toolArguments, (toolAnswer) => {
			const { url, durationSeconds } = recordOf(JSON.parse(toolAnswer)[0]).audio;
			return `Here it is: ${url} (${durationSeconds} seconds).`;
		});
		const [, url, seconds] = /^Here it is: (\S+) \(([\d.]+) seconds\)\.$/.exec(answer)!;
		expect(secondsOf((await download(url!)).bytes)).toBeCloseTo(Number(seconds), 1);
		expect(everything.sandbox.requests({ operation: 'speech.generate' })[0]!.spoken).toEqual([toolArguments]);
	});

	test('a model is told what the tool does, what it takes, and what its answer means', () => {
		const [tool] = web.chatModel.questions[0]!.tools!;
		expect(tool!.function).toMatchObject({
			name: 'Generate_Speech',
			description: expect.stringMatching(/spoken audio.*audio\.url.*audio\.durationSeconds/s),
			parameters: {
				properties: {
					text: { type: 'string', description: expect.stringContaining('word for word') },
					voice: { type: 'string', description: expect.stringContaining('alloy'), default: 'alloy' },
				},
			},
		});
	});

	test('a voice that does not exist comes back as a sentence that names those that do', async () => {
		const { items } = await talk(readExample('agent-with-a-voice'), { text: TEXT, voice: 'Bob' });
		expect(items).toEqual([{ error: expect.stringMatching(/alloy.*sage.*Bob/) }]);
	});

	const fromModel = (key: string) => `={{ $fromAI('${key}') }}`;
	const SPEECH = { resource: 'speech', operation: 'generate', text: fromModel('text') };
	const heard = (url: unknown) => ({
		status: 'completed',
		audio: { url, durationSeconds: expect.any(Number) },
		error: null,
	});
	const ADDRESS = expect.stringMatching(/^http/);

	/** The tool version of each node, with n8n's generated description. */
	const TOOLS = [
		{
			does: 'Generate speech in AI/ML API',
			node: 'aimlApi',
			parameters: SPEECH,
			given: { text: TEXT },
			answers: heard(ADDRESS),
		},
		{
			does: 'Generate speech in Pixazo',
			node: 'pixazo',
			parameters: SPEECH,
			given: { text: TEXT },
			answers: heard(ADDRESS),
		},
		{
			does: 'Generate speech in Vimmerse',
			node: 'vimmerse',
			parameters: SPEECH,
			given: { text: TEXT },
			answers: heard(ADDRESS),
		},
		{
			does: 'Generate sound effect in Vimmerse',
			node: 'vimmerse',
			parameters: { resource: 'soundEffect', operation: 'generate', prompt: fromModel('prompt') },
			given: { prompt: 'Rain on a tin roof' },
			answers: heard(ADDRESS),
		},
		{
			does: 'Estimate credits in Vimmerse',
			node: 'vimmerse',
			parameters: { resource: 'credits', operation: 'estimate', prompt: fromModel('prompt') },
			given: { prompt: TEXT },
			answers: { credits: expect.any(Number) },
		},
		{
			does: 'Generate speech in Convai',
			node: 'convai',
			parameters: { ...SPEECH, voice: { __rl: true, mode: 'id', value: fromModel('voice') } },
			given: { text: TEXT, voice: 'WUMale 1' },
			answers: heard(null),
		},
		{
			does: 'Get many voices in Convai',
			node: 'convai',
			parameters: {
				resource: 'voice',
				operation: 'getAll',
				limit: 1,
				filters: { language: fromModel('language') },
			},
			given: { language: 'en-US' },
			answers: { id: expect.any(String), languages: expect.arrayContaining(['en-US']) },
		},
	];

	test.each(TOOLS)(
		'$does: the answer says it all without a file',
		async ({ does, node, parameters, given, answers }) => {
			const example = readExample('agent-with-a-voice');
			const tool = example.nodes.find(({ name }) => name === 'Generate Speech')!;
			Object.assign(tool, {
				type: `n8n-nodes-narration.${node}Tool`,
				parameters: { descriptionType: 'auto', ...parameters },
				credentials: { [`${node.replace(/Api$/, '')}Api`]: { id: `demo-${node}`, name: node } },
			});
			const { items } = await talk(example, given);
			expect(items).toMatchObject([answers]);
			expect(web.chatModel.questions[0]!.tools![0]!.function.description).toBe(does);
		},
	);
});
