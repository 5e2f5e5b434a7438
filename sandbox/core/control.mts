import { fastify, type FastifyInstance } from 'fastify';

import type { RecordedRequest, Scenario, Settings } from './types.mts';
import type { Sandbox } from '../sandbox.mts';

/**
 * The in-process interface over HTTP. `GET /requests` takes the properties of a filter as query
 * parameters.
 */
export function createControlServer(sandbox: Sandbox): FastifyInstance {
	const server = fastify();
	server.get('/', () => ({ urls: sandbox.urls }));
	server.get('/requests', ({ query }) => sandbox.requests(matching(query as Record<string, string>)));
	server.get('/counters', () => sandbox.counters());
	server.get('/callbacks', () => sandbox.callbacks());
	server.get('/jobs', () => sandbox.jobs());
	server.post('/scenarios', ({ body }, reply) => {
		for (const scenario of [body].flat() as Scenario[]) sandbox.scenario(scenario);
		return reply.code(204).send();
	});
	server.post('/settings', ({ body }, reply) => {
		sandbox.configure(body as Partial<Settings>);
		return reply.code(204).send();
	});
	server.post('/reset', (_request, reply) => {
		sandbox.reset();
		return reply.code(204).send();
	});
	server.setErrorHandler((error, _request, reply) =>
		reply.code(400).send({ error: (error as Error).message }),
	);
	return server;
}

function matching(query: Record<string, string>): (request: RecordedRequest) => boolean {
	const wanted = Object.entries(query);
	return (request) =>
		wanted.every(([name, value]) => String(request[name as keyof RecordedRequest]) === value);
}
