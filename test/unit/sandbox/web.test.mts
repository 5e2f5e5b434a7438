/** The stand-ins for the examples refuse what the real services would refuse. */
import { startWeb, type Web } from '../../../sandbox/web/web.mts';

const basic = ({ username, password }: { username: string; password: string }) =>
	`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

let web: Web;

beforeAll(async () => {
	web = await startWeb();
	const content = '<!-- wp:x -->\n<p>Out.</p>';
	web.wordpress.posts.set(7, { id: 7, slug: 'tides', status: 'publish', title: 'Tides', content });
});

afterAll(async () => await web.stop());

async function call(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
	const response = await fetch(web.url + path, { method, headers, body });
	const text = await response.text();
	return { status: response.status, text };
}

describe('WordPress', () => {
	const MEDIA = '/wp-json/wp/v2/media';
	const POST = '/wp-json/wp/v2/posts/7';
	const editor = () => ({ authorization: basic(web.wordpress.login) });
	const file = (name: string, type: string) => ({
		...editor(),
		'content-type': type,
		'content-disposition': `attachment; filename="${name}"`,
	});

	test('shows everyone what is published, and its raw content to its user', async () => {
		expect((await call('GET', POST)).text).not.toContain('wp:x');
		expect((await call('GET', `${POST}?context=edit`, editor())).text).toContain('wp:x');
	});

	test.each([
		['raw content from a stranger', 'GET', `${POST}?context=edit`, () => ({}), undefined, 401],
		['a change by a stranger', 'POST', POST, () => ({ 'content-type': 'application/json' }), '{}', 401],
		[
			'a change without content',
			'POST',
			POST,
			() => ({ ...editor(), 'content-type': 'application/json' }),
			'{}',
			400,
		],
		['a change that is no JSON', 'POST', POST, editor, 'content', 400],
		['a post that there is not', 'GET', '/wp-json/wp/v2/posts/8?context=edit', editor, undefined, 404],
		['an upload by a stranger', 'POST', MEDIA, () => ({ 'content-type': 'audio/mpeg' }), 'ID3', 401],
		[
			'an upload without a name',
			'POST',
			MEDIA,
			() => ({ ...editor(), 'content-type': 'audio/mpeg' }),
			'ID3',
			400,
		],
		['an empty upload', 'POST', MEDIA, () => file('a.mp3', 'audio/mpeg'), undefined, 400],
		['a type that is not the name’s', 'POST', MEDIA, () => file('a.mp3', 'audio/wav'), 'RIFF', 500],
		[
			'an upload for a post that there is not',
			'POST',
			`${MEDIA}?post=8`,
			() => file('a.mp3', 'audio/mpeg'),
			'ID3',
			404,
		],
	])('refuses %s', async (_, method, path, headers, body, status) => {
		expect((await call(method, path, headers() as Record<string, string>, body)).status).toBe(status);
		expect(web.wordpress.media).toEqual([]);
	});
});

describe('the web folder', () => {
	test('takes files from whoever has its login, and gives them to everyone', async () => {
		const path = '/folder/feed.xml';
		expect((await call('PUT', path, {}, '<rss/>')).status).toBe(401);
		expect((await call('GET', path)).status).toBe(404);
		const headers = { authorization: basic(web.folder.login), 'content-type': 'application/rss+xml' };
		expect((await call('PUT', path, headers, '<rss/>')).status).toBe(201);
		expect((await call('PUT', path, headers, '<rss></rss>')).status).toBe(204);
		expect((await call('GET', path)).text).toBe('<rss></rss>');
	});
});

describe('the chat model', () => {
	const tool = {
		type: 'function',
		function: {
			name: 'speak',
			description: 'Speaks',
			parameters: {
				type: 'object',
				properties: { text: { type: 'string' } },
				required: ['text'],
				additionalProperties: false,
			},
		},
	};
	const user = { role: 'user', content: 'Say hello.' };

	async function ask(question: object, apiKey = web.chatModel.apiKey) {
		const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
		const body = JSON.stringify({ model: 'any', messages: [user], tools: [tool], ...question });
		const { status, text } = await call('POST', '/v1/chat/completions', headers, body);
		return { status, ...(JSON.parse(text) as { choices?: Array<{ message: object }> }) };
	}

	beforeEach(() =>
		web.chatModel.behave({ toolArguments: { text: 'Hello' }, say: (answer) => `It is ${answer}.` }),
	);

	test('calls its tool, and answers with what the tool said', async () => {
		const called = (await ask({})).choices![0]!.message as { tool_calls: Array<{ id: string }> };
		const [call] = called.tool_calls;
		expect(call).toMatchObject({ function: { name: 'speak', arguments: '{"text":"Hello"}' } });
		const answer = { role: 'tool', tool_call_id: call!.id, content: 'there' };
		expect((await ask({ messages: [user, called, answer] })).choices![0]!.message).toMatchObject({
			content: 'It is there.',
		});
	});

	test.each([
		['a wrong key', {}, 'wrong', 401],
		['a question without a tool', { tools: [] }, undefined, 400],
		['two tools', { tools: [tool, tool] }, undefined, 400],
		['to stream', { stream: true }, undefined, 400],
		[
			'the answer to a call that it did not make',
			{ messages: [user, { role: 'tool', tool_call_id: 'x' }] },
			undefined,
			400,
		],
	])('refuses %s', async (_, question, apiKey, status) => {
		expect((await ask(question, apiKey)).status).toBe(status);
	});

	test.each([{}, { text: 7 }, { text: 'Hello', voice: 'sage' }])(
		'does not call a tool with arguments that it does not take: %j',
		async (toolArguments) => {
			web.chatModel.behave({ toolArguments, say: String });
			expect((await ask({})).status).toBe(400);
		},
	);
});
