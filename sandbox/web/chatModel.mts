import { Ajv } from 'ajv';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** A tool in the form that a model receives. */
export interface OfferedTool {
	type: 'function';
	function: { name: string; description: string; parameters: Record<string, unknown> };
}

type Message =
	| { role: 'system' | 'user'; content: string }
	| { role: 'assistant'; content: string | null; tool_calls?: ToolCall[] }
	| { role: 'tool'; tool_call_id: string; content: string };

interface ToolCall {
	id: string;
	type: 'function';
	function: { name: string; arguments: string };
}

interface Question {
	model: string;
	messages: Message[];
	tools?: OfferedTool[];
	stream?: boolean;
}

/** The model's script: the arguments of its tool call, and its reply to the tool's result. */
export interface Behaviour {
	toolArguments: Record<string, unknown>;
	say: (toolAnswer: string) => string;
}

/**
 * A scripted chat model with OpenAI's Chat Completions API. Its first turn calls the only tool that
 * it is offered. Its second turn replies with the tool's result. It enforces the tool's schema:
 * invalid arguments are refused, and so is a second turn without the result of exactly that call.
 */
export function addChatModel(server: FastifyInstance) {
	const apiKey = 'sandbox-key';
	const behaviour: Behaviour = { toolArguments: {}, say: (answer) => answer };
	const questions: Question[] = [];
	let calls = 0;

	const refuse = (reply: FastifyReply, status: number, message: string) =>
		reply.code(status).send({ error: { message, type: 'invalid_request_error', param: null, code: null } });

	server.post('/v1/chat/completions', (request, reply) => {
		if (request.headers.authorization !== `Bearer ${apiKey}`) return refuse(reply, 401, 'Incorrect API key.');
		const question = JSON.parse(String(request.body)) as Question;
		questions.push(question);
		if (question.stream) return refuse(reply, 400, 'This model does not stream.');
		const message = turn(question);
		return typeof message === 'string'
			? refuse(reply, 400, message)
			: reply.send(completion(question, message));
	});

	/** The next message, or the reason why the request is refused. */
	function turn({ messages, tools = [] }: Question): Message | string {
		const last = messages.at(-1);
		if (last?.role === 'user') return callTool(tools);
		if (last?.role !== 'tool') return 'The last message has to be of the user or of a tool.';
		const asked = messages.at(-2);
		const call = asked?.role === 'assistant' ? asked.tool_calls?.[0] : undefined;
		if (!call || call.id !== last.tool_call_id) return `${last.tool_call_id} is the answer to no call.`;
		return { role: 'assistant', content: behaviour.say(last.content) };
	}

	function callTool(tools: OfferedTool[]): Message | string {
		const [tool] = tools;
		if (!tool || tools.length > 1) return `One tool is needed, and ${tools.length} are offered.`;
		const { name, parameters } = tool.function;
		if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return `A function cannot be called ${name}.`;
		const ajv = new Ajv({ strict: false });
		if (!ajv.validate(parameters, behaviour.toolArguments)) return `Wrong arguments: ${ajv.errorsText()}.`;
		calls += 1;
		const toolCall: ToolCall = {
			id: `call_${calls}`,
			type: 'function',
			function: { name, arguments: JSON.stringify(behaviour.toolArguments) },
		};
		return { role: 'assistant', content: null, tool_calls: [toolCall] };
	}

	return {
		apiKey,
		/** All requests so far, including the offered tools. */
		questions,
		/** Sets the script and clears all earlier requests. */
		behave(next: Behaviour): void {
			Object.assign(behaviour, next);
			questions.length = 0;
		},
	};
}

const completion = ({ model }: Question, message: Message) => ({
	id: 'chatcmpl-sandbox',
	object: 'chat.completion',
	created: 0,
	model,
	choices: [{ index: 0, message, finish_reason: 'tool_calls' in message ? 'tool_calls' : 'stop' }],
	usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
});
