import type { AddressInfo } from 'node:net';

import { fastify } from 'fastify';

import { addChatModel } from './chatModel.mts';
import { addFolder } from './folder.mts';
import { addNews } from './news.mts';
import { addWordpress } from './wordpress.mts';

const LARGEST_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Loopback stand-ins for the other services that the workflows in `examples/` use: WordPress, a
 * news feed, a WebDAV folder and a chat model. Each refuses what the real service would refuse, and
 * keeps the data that it receives.
 */
export type Web = Awaited<ReturnType<typeof startWeb>>;

export async function startWeb() {
	const server = fastify({ bodyLimit: LARGEST_BODY_BYTES });
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	const parts = {
		wordpress: addWordpress(server),
		news: addNews(server),
		folder: addFolder(server),
		chatModel: addChatModel(server),
	};
	await server.listen({ host: '127.0.0.1', port: 0 });
	const { port } = server.server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		...parts,
		async stop(): Promise<void> {
			server.server.closeAllConnections();
			await server.close();
		},
	};
}
