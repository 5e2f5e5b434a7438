import { HtmlParser, MarkdownIt, markdownItFootnote } from './markup';

export type TextFormat = 'plain' | 'markdown' | 'html';

/**
 * What a narrator would say of a text: the words without tags, URLs, code blocks and pictures, paragraphs set apart by an
 * empty line, list items and table rows by a line break. Headings, items, rows and captions end with a full stop, so that a
 * pause follows. Plain text comes back as it is.
 *
 * Not said are, besides scripts, styles and controls: alternative texts of images (too often file names; the caption below
 * is said), struck-out text, footnotes and their marks, navigation, asides and footers, and what is hidden. Inline code
 * is said, a link by its text, an e-mail address as it stands. Of WordPress, block comments and shortcodes go (what a
 * shortcode encloses stays); of Markdown, front matter and the tags of static-site generators.
 */
export function speakable(text: string, format: TextFormat): string {
	if (format === 'html') return sayHtml(withoutShortcodes(text));
	if (format === 'markdown')
		return sayHtml(markdown.render(withoutFrontMatter(text).replace(GENERATOR_TAG, '')));
	return text;
}

const markdown = new MarkdownIt({ html: true }).use(markdownItFootnote);
markdown.linkify.set({ fuzzyLink: true, fuzzyEmail: false });

/** Liquid and Hugo tags, marks of GitHub's alerts and task lists, fences of containers, and places of a table of contents. */
const GENERATOR_TAG =
	/\{\{[<%][^{}]*[%>]\}\}|\{%[^{}]*%\}|(?<=^[ >]*)\[!\w+\]|(?<=^\s*(?:[-*+]|\d+[.)])\s+)\[[ xX]\] |^:{3,}.*$|^\[{1,2}toc\]{1,2}\s*$/gim;

/** YAML or TOML between two lines of dashes or plus signs at the very beginning. */
function withoutFrontMatter(text: string): string {
	const lines = text.split('\n');
	const fence = lines[0]?.trim();
	if (fence !== '---' && fence !== '+++') return text;
	const end = lines.findIndex((line, index) => index > 0 && line.trim() === fence);
	return end < 0 ? text : lines.slice(end + 1).join('\n');
}

const SHORTCODE = /\[(\[?)(\/?)([a-z][\w-]*)((?:\s[^[\]]*)?)\](\]?)/gi;
const SHORTCODES_WITHOUT_END = new Set(['audio', 'embed', 'gallery', 'more', 'playlist', 'toc', 'video']);
const SHORTCODES_OF_CODE = /\[(code|sourcecode|highlight)\b[^\]]*\][^]*?\[\/\1\]/gi;

/**
 * Without WordPress shortcodes (https://codex.wordpress.org/Shortcode_API). Brackets are a shortcode when they have an end
 * tag or attributes, or one of WordPress's own names: `[sic]` and `[1]` are text, `[[gallery]]` is the text `[gallery]`.
 */
function withoutShortcodes(html: string): string {
	const text = html.replace(SHORTCODES_OF_CODE, ' ');
	const ended = new Set(
		Array.from(text.matchAll(/\[\/([a-z][\w-]*)\]/gi), (match) => match[1]?.toLowerCase()),
	);
	return text.replace(
		SHORTCODE,
		(all, opened: string, slash: string, name: string, rest: string, closed: string) => {
			if (opened && closed) return all.slice(1, -1);
			const known = SHORTCODES_WITHOUT_END.has(name.toLowerCase()) || ended.has(name.toLowerCase());
			return slash || known || rest.includes('=') || rest.endsWith('/') ? opened + closed : all;
		},
	);
}

/** Elements whose content is not said. */
const UNSAID = new Set(
	(
		'script style noscript template title iframe object embed applet svg math canvas audio video picture map ' +
		'nav aside button select textarea label legend datalist dialog pre rt rp del s strike'
	).split(' '),
);

/** The same for elements of any name, by class and role. */
const UNSAID_CLASSES = new Set(
	(
		'footnote-ref footnote-reference footnote-backref footnotes wp-block-footnotes reference references mw-editsection ' +
		'screen-reader-text sr-only visually-hidden sharedaddy jp-relatedposts toc ez-toc-container table-of-contents ' +
		'header-anchor heading-anchor anchor-link headerlink katex-html'
	).split(' '),
);
const UNSAID_ROLES = new Set('navigation search doc-noteref doc-backlink doc-endnotes doc-toc'.split(' '));
const FOOTNOTE_LINK = /^#_?(?:fn|ftn|footnote|endnote|cite_note|cite_ref|note)/i;

/** What parts an element from what is around it; elements that are not named here stay within the line. */
const GAPS: Record<string, Gap> = Object.fromEntries([
	...'li tr dt dd option'.split(' ').map((name) => [name, '\n'] as const),
	...(
		'p div h1 h2 h3 h4 h5 h6 ul ol dl table thead tbody tfoot caption section article main header footer address ' +
		'blockquote figure figcaption details summary hr center fieldset form body html'
	)
		.split(' ')
		.map((name) => [name, '\n\n'] as const),
]);

/** Elements after which a narrator pauses although their text often has no full stop. */
const PAUSES = new Set('h1 h2 h3 h4 h5 h6 li dt dd tr caption figcaption summary'.split(' '));

/** Where paragraphs are lines of an item or a row. */
const ITEMS = new Set('li tr dt dd'.split(' '));
const CELLS = new Set(['td', 'th']);

type Gap = '\n' | '\n\n';
type Attributes = Record<string, string>;
type OpenElement = { name: string; isUnsaid: boolean };

function sayHtml(html: string): string {
	const open: OpenElement[] = [];
	let unsaid = 0;
	let pauses = 0;
	let items = 0;
	let said = '';
	let cells: string[] = [];
	let line = '';
	let gap: Gap = '\n\n';

	const endLine = (wanted: Gap | undefined) => {
		if (wanted === undefined) return;
		const text = withoutUrls(tidy(cells.join('') + line));
		const next = items > 0 ? '\n' : wanted;
		cells = [];
		line = '';
		if (SAYS_SOMETHING.test(text)) {
			said += (said && gap) + (pauses > 0 ? withFullStop(text) : text);
			gap = next;
		} else if (next === '\n\n') gap = next;
	};
	const endCell = () => {
		cells.push(asCell(line));
		line = '';
	};

	const parser = new HtmlParser({
		onopentag(name, attributes) {
			const isUnsaid = isNotSaid(name, attributes, open);
			if (unsaid === 0) endLine(GAPS[name]);
			if (unsaid === 0 && name === 'br') line += '\n';
			if (unsaid === 0 && name === 'q') line += '“';
			if (unsaid === 0 && CELLS.has(name)) endCell();
			open.push({ name, isUnsaid });
			if (isUnsaid) unsaid++;
			if (PAUSES.has(name)) pauses++;
			if (ITEMS.has(name)) items++;
		},
		ontext(text) {
			if (unsaid === 0) line += text.replace(/[ \t\r\n\f]+/g, ' ');
		},
		onclosetag() {
			const element = open.pop();
			if (!element) return;
			if (unsaid === 0 && element.name === 'q') line += '”';
			if (unsaid === 0 && CELLS.has(element.name)) endCell();
			if (unsaid === 0) endLine(GAPS[element.name]);
			if (element.isUnsaid) unsaid--;
			if (PAUSES.has(element.name)) pauses--;
			if (ITEMS.has(element.name)) items--;
		},
	});
	parser.end(html);
	endLine('\n\n');
	return said;
}

function isNotSaid(name: string, attributes: Attributes, open: readonly OpenElement[]): boolean {
	if (UNSAID.has(name)) return true;
	const isWithin = (outer: string) => open.some((element) => element.name === outer);
	if (name === 'footer') return !isWithin('blockquote');
	if (name === 'a' && attributes.href?.startsWith('#'))
		return FOOTNOTE_LINK.test(attributes.href) || isWithin('sup');
	if ('hidden' in attributes || attributes['aria-hidden'] === 'true') return true;
	if (/display\s*:\s*none/i.test(attributes.style ?? '')) return true;
	if (UNSAID_ROLES.has(attributes.role ?? '')) return true;
	return (attributes.class ?? '').split(/\s+/).some((token) => UNSAID_CLASSES.has(token));
}

const SAYS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** Cells of a row are listed: a comma follows each that says anything. */
function asCell(text: string): string {
	const cell = text.trim();
	if (cell === '') return ' ';
	return cell + (ENDS_WITH_PAUSE.test(cell) ? ' ' : ', ');
}

/** One space between words, no white space at line ends, no soft hyphens, at most one empty line, no comma left at the end. */
function tidy(line: string): string {
	return line
		.replace(/[\u00ad\ufeff]/g, '')
		.replace(/ {2,}/g, ' ')
		.replace(/ ?\n ?/g, '\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim()
		.replace(/,$/, '');
}

/** Without addresses of web pages, and without the brackets around them. */
function withoutUrls(text: string): string {
	if (!/:\/\/|www\./i.test(text)) return text;
	const urls = markdown.linkify
		.match(text)
		?.filter(({ schema, raw }) => schema.endsWith(':') || /^www\./i.test(raw));
	let rest = '';
	let end = 0;
	for (const url of urls ?? []) {
		rest += text.slice(end, url.index);
		end = url.lastIndex;
	}
	if (end === 0) return text;
	return tidy((rest + text.slice(end)).replace(/[([<（]\s*[)\]>）]/g, '').replace(/ +(?=[.,;:!?…)])/g, ''));
}

const ENDS_WITH_PAUSE = /[\p{Terminal_Punctuation}…–—][\p{Pe}\p{Pf}\p{Pi}"']*$/u;

/** Full stops of scripts that have their own; Thai and Lao have none, the line break has to do. */
const FULL_STOPS: Array<[script: RegExp, fullStop: string]> = [
	[/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u, '。'],
	[/[\p{Script=Devanagari}\p{Script=Bengali}]/u, '।'],
	[/[\p{Script=Khmer}]/u, '។'],
	[/[\p{Script=Thai}\p{Script=Lao}]/u, ''],
];

function withFullStop(text: string): string {
	if (ENDS_WITH_PAUSE.test(text)) return text;
	const ending = text.slice(-8);
	return text + (FULL_STOPS.find(([script]) => script.test(ending))?.[1] ?? '.');
}
