import type { FastifyInstance } from 'fastify';

import { isLoggedIn } from './basicAuth.mts';

export interface StoredFile {
	contentType: string;
	bytes: Buffer;
}

/** A WebDAV folder (RFC 4918): uploading needs the login, downloading does not. */
export function addFolder(server: FastifyInstance) {
	const login = { username: 'podcast', password: 'sandbox-password' };
	const files = new Map<string, StoredFile>();

	server.put<{ Params: { name: string } }>('/folder/:name', (request, reply) => {
		if (!isLoggedIn(request.headers.authorization, login)) {
			return reply.code(401).header('www-authenticate', 'Basic realm="folder"').send();
		}
		const bytes = request.body;
		if (!Buffer.isBuffer(bytes) || bytes.length === 0) return reply.code(400).send();
		const isNew = !files.has(request.params.name);
		files.set(request.params.name, { contentType: request.headers['content-type'] ?? '', bytes });
		return reply.code(isNew ? 201 : 204).send();
	});

	server.get<{ Params: { name: string } }>('/folder/:name', (request, reply) => {
		const file = files.get(request.params.name);
		if (!file) return reply.code(404).send();
		return reply.header('content-type', file.contentType).send(file.bytes);
	});

	return { login, files };
}
