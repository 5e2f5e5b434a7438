import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The hosts that pages may link to. */
const HOSTS = new Set([
	...['n8n.io', 'github.com', 'semver.org'],
	// Where the providers give keys, take payments and show their wallets.
	...['aimlapi.com', 'api-console.pixazo.ai', 'convai.com'],
	// The providers' documents, as the credentials link to them.
	...readdirSync('credentials').flatMap((file) => {
		const [, url] =
			/documentationUrl = '([^']+)'/.exec(readFileSync(join('credentials', file), 'utf8')) ?? [];
		return url ? [new URL(url).hostname] : [];
	}),
]);

/** The repositories on GitHub that are documents of a provider, and this one. */
const REPOSITORIES = [
	'n8n-nodes-narration/n8n-nodes-narration',
	'aimlapi/api-docs',
	'Pixazo-AI/skills',
	'Conv-AI/Convai-Documentation',
	'Conv-AI/Convai-UnrealEngine-SDK-V4',
	'fern-demo/vimmerse',
];

const OWN_PAGES = 'https://github.com/n8n-nodes-narration/n8n-nodes-narration';

interface Link {
	page: string;
	target: string;
}

/** What git ignores, and git itself. */
const IGNORED = new Set(['.git', '.sandbox', 'dist', 'narration', 'node_modules']);

const FILES: string[] = readdirSync('.', { withFileTypes: true })
	.filter(({ name }) => !IGNORED.has(name))
	.flatMap((entry) =>
		entry.isDirectory()
			? readdirSync(entry.name, { recursive: true, encoding: 'utf8' }).map((path) => join(entry.name, path))
			: [entry.name],
	);

/** Every page, without what is shown in blocks of code. */
const PAGES = FILES.filter((path) => path.endsWith('.md')).map((page) => ({
	page,
	text: proseOf(readFileSync(page, 'utf8')),
}));

const LINKS: Link[] = [
	...PAGES.flatMap(({ page, text }) => linksOf(text).map((target) => ({ page, target }))),
	...FILES.filter((path) => /^nodes\/.*\.node\.json$/.test(path)).flatMap((page) =>
		codexLinks(page).map((target) => ({ page, target })),
	),
];
const isOutside = ({ target }: Link) => /^[a-z]+:/.test(target);

test('there are pages with links', () => {
	expect(PAGES.length).toBeGreaterThan(10);
	expect(LINKS.length).toBeGreaterThan(50);
});

test.each(LINKS.filter((link) => !isOutside(link)))(
	'$page: $target is in the repository',
	({ page, target }) => {
		const [path = '', anchor] = target.split('#');
		expectPlace(path === '' ? page : normalize(join(dirname(page), decodeURI(path))), anchor);
	},
);

test.each(LINKS.filter((link) => isOutside(link)))(
	'$page: $target is a page that may be linked to',
	({ target }) => {
		const { hostname, pathname, protocol, hash } = new URL(target);

		expect(protocol).toBe('https:');
		expect([...HOSTS]).toContain(hostname);
		if (hostname === 'github.com') {
			const [, owner, name] = pathname.split('/');
			expect(REPOSITORIES).toContain(`${owner}/${name?.replace(/\.git$/, '')}`);
		}
		if (target.startsWith(`${OWN_PAGES}/blob/main/`)) {
			const path = pathname.split('/').slice(5).join('/');
			expectPlace(path, hash.slice(1) || undefined);
		}
	},
);

test.each(FILES.filter((path) => /^docs\/.*\.md$/.test(path) && path !== 'docs/README.md'))(
	'%s can be reached from docs/README.md',
	(path) => {
		const index = LINKS.filter(({ page }) => page === 'docs/README.md').map(({ target }) =>
			normalize(join('docs', target.split('#')[0]!)),
		);
		expect(index).toContain(path);
	},
);

/** A file or folder of the repository, and in it the heading that the anchor is made of. */
function expectPlace(path: string, anchor: string | undefined): void {
	const place = path.replace(/\/$/, '');
	expect(FILES).toContain(place);
	if (anchor === undefined) return;
	const page = statSync(place).isDirectory() ? join(place, 'README.md') : place;
	expect(anchorsOf(proseOf(readFileSync(page, 'utf8')))).toContain(anchor);
}

/** Without blocks of code, and without code within a line: what is in there is shown, not linked. */
function proseOf(text: string): string {
	return text.replace(/^(`{3,})[^\n]*\n.*?^\1$/gms, '').replace(/<!--.*?-->/gs, '');
}

function linksOf(text: string): string[] {
	const prose = text.replace(/`[^`\n]*`/g, '');
	const inline = Array.from(prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g), ([, target]) => target!);
	const bare = Array.from(prose.matchAll(/<(https?:[^>\s]+)>/g), ([, target]) => target!);
	const html = Array.from(prose.matchAll(/(?:src|href)="([^"]+)"/g), ([, target]) => target!);
	return [...inline, ...bare, ...html];
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
	return Array.from(text.matchAll(/^#{1,6} (.*)$/gm), ([, heading]) =>
		heading!
			.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

function codexLinks(path: string): string[] {
	const { resources } = JSON.parse(readFileSync(path, 'utf8')) as {
		resources: Record<string, Array<{ url: string }>>;
	};
	return Object.values(resources).flatMap((list) => list.map(({ url }) => url));
}
