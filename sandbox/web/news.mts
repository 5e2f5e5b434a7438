import type { FastifyInstance } from 'fastify';

export interface Story {
	title: string;
	/** HTML, as usual in feeds. */
	description: string;
	publishedAt: Date;
}

/** A news feed (RSS 2.0) that serves the contents of `stories`. */
export function addNews(server: FastifyInstance) {
	const stories: Story[] = [];
	server.get('/news.xml', (_request, reply) =>
		reply.header('content-type', 'application/rss+xml; charset=utf-8').send(rss(stories)),
	);
	return { stories };
}

const rss = (stories: readonly Story[]) => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
	<channel>
		<title>News of the coast</title>
		<link>https://news.example/</link>
		<description>What happens between the tides</description>
${stories.map(entry).join('\n')}
	</channel>
</rss>
`;

const entry = ({ title, description, publishedAt }: Story, index: number) => `		<item>
			<title>${escape(title)}</title>
			<link>https://news.example/${index + 1}</link>
			<guid>https://news.example/${index + 1}</guid>
			<pubDate>${publishedAt.toUTCString()}</pubDate>
			<description>${escape(description)}</description>
		</item>`;

const escape = (text: string) => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
