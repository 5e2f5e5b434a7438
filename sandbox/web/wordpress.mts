import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { isLoggedIn } from './basicAuth.mts';

/** A post; its content is HTML with block comments, as the block editor stores it. */
export interface Post {
	id: number;
	slug: string;
	status: 'publish' | 'draft';
	title: string;
	content: string;
}

/** A file in the media library. `post` is the ID of the post that it is attached to, 0 for none. */
export interface Media {
	id: number;
	post: number;
	fileName: string;
	mimeType: string;
	bytes: Buffer;
}

const AUDIO_TYPES: Record<string, string> = {
	mp3: 'audio/mpeg',
	ogg: 'audio/ogg',
	wav: 'audio/wav',
	m4a: 'audio/mpeg',
};

/**
 * The posts and the media library of a WordPress site, with its REST API
 * (developer.wordpress.org/rest-api/reference). Reading a post's raw content, uploading a file and
 * changing a post require the login.
 */
export function addWordpress(server: FastifyInstance) {
	const login = { username: 'editor', password: 'sandbox application password' };
	const posts = new Map<number, Post>();
	const media: Media[] = [];
	/** The other authors on the site. */
	const colleague = { afterUpload() {} };

	const refuse = (reply: FastifyReply, status: number, code: string, message: string) =>
		reply.code(status).send({ code, message, data: { status } });
	const stranger = (reply: FastifyReply) =>
		refuse(reply, 401, 'rest_forbidden_context', 'Sorry, you are not allowed to do that.');
	const unknownPost = (reply: FastifyReply) => refuse(reply, 404, 'rest_post_invalid_id', 'Invalid post ID.');
	const isEditor = (request: FastifyRequest) => isLoggedIn(request.headers.authorization, login);

	const postAnswer = ({ id, slug, status, title, content }: Post, isForEditing: boolean) => ({
		id,
		slug,
		status,
		type: 'post',
		title: { rendered: title, ...(isForEditing && { raw: title }) },
		content: {
			rendered: content.replace(/<!--.*?-->\n?/gs, ''),
			...(isForEditing && { raw: content }),
			protected: false,
		},
	});
	const addressOf = (request: FastifyRequest, fileName: string) =>
		`${request.protocol}://${request.host}/wp-content/uploads/${fileName}`;

	server.get<{ Params: { id: string }; Querystring: { context?: string } }>(
		'/wp-json/wp/v2/posts/:id',
		(request, reply) => {
			const isForEditing = request.query.context === 'edit';
			if (isForEditing && !isEditor(request)) return stranger(reply);
			const post = posts.get(Number(request.params.id));
			return post ? reply.send(postAnswer(post, isForEditing)) : unknownPost(reply);
		},
	);

	server.post<{ Params: { id: string } }>('/wp-json/wp/v2/posts/:id', (request, reply) => {
		if (!isEditor(request)) return stranger(reply);
		const post = posts.get(Number(request.params.id));
		if (!post) return unknownPost(reply);
		if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
			return refuse(reply, 400, 'rest_missing_callback_param', 'Missing parameter(s): content');
		}
		const { content } = JSON.parse(String(request.body)) as { content?: unknown };
		if (typeof content !== 'string') {
			return refuse(reply, 400, 'rest_invalid_param', 'Invalid parameter(s): content');
		}
		posts.set(post.id, { ...post, content });
		return reply.send(postAnswer({ ...post, content }, true));
	});

	server.post<{ Querystring: { post?: string } }>('/wp-json/wp/v2/media', (request, reply) => {
		if (!isEditor(request)) return stranger(reply);
		const attachedTo = Number(request.query.post ?? 0);
		if (attachedTo !== 0 && !posts.has(attachedTo)) return unknownPost(reply);
		const { 'content-type': mimeType = '', 'content-disposition': disposition } = request.headers;
		const bytes = request.body;
		if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
			return refuse(reply, 400, 'rest_upload_no_data', 'No data supplied.');
		}
		if (!disposition) {
			return refuse(reply, 400, 'rest_upload_no_content_disposition', 'No Content-Disposition supplied.');
		}
		const fileName = /filename="([\w.-]+)"/.exec(disposition)?.[1];
		if (!fileName) {
			return refuse(reply, 400, 'rest_upload_invalid_disposition', 'Invalid Content-Disposition supplied.');
		}
		if (AUDIO_TYPES[fileName.split('.').pop() ?? ''] !== mimeType) {
			const message = 'Sorry, you are not allowed to upload this file type.';
			return refuse(reply, 500, 'rest_upload_sideload_error', message);
		}
		const file: Media = { id: 900 + media.length, post: attachedTo, fileName, mimeType, bytes };
		media.push(file);
		colleague.afterUpload();
		return reply.code(201).send({
			id: file.id,
			post: attachedTo || null,
			media_type: 'file',
			mime_type: mimeType,
			source_url: addressOf(request, fileName),
		});
	});

	server.get<{ Params: { name: string } }>('/wp-content/uploads/:name', (request, reply) => {
		const file = media.find(({ fileName }) => fileName === request.params.name);
		if (!file) return reply.code(404).send();
		return reply.header('content-type', file.mimeType).send(file.bytes);
	});

	return { login, posts, media, colleague };
}
