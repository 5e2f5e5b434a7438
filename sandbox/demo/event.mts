import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectDirectory } from '../setup.mjs';

/**
 * The body of a "post published" call: a post as WordPress's REST API describes it (`GET
 * /wp/v2/posts/<id>`). WordPress webhook plugins send it when a post reaches the `publish` status.
 * Title and content are HTML, including entities and block comments. The article is `article.html`;
 * its `<h1>` is the post's title.
 */
export async function postPublished() {
	const html = await readFile(join(projectDirectory, 'sandbox', 'demo', 'article.html'), 'utf8');
	const [heading = '', title = ''] = /<h1>(.*?)<\/h1>/s.exec(html) ?? [];
	const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
	return {
		id: 4711,
		date: '2026-03-31T12:00:00',
		date_gmt: '2026-03-31T10:00:00',
		slug,
		status: 'publish',
		type: 'post',
		link: `https://blog.example/${slug}/`,
		title: { rendered: title },
		content: { rendered: html.replace(heading, '').trim(), protected: false },
		excerpt: { rendered: '', protected: false },
		author: 1,
		format: 'standard',
	};
}
