import fc from 'fast-check';
import { parseScript } from '../../../../nodes/shared/speech/script';
import { speakable } from '../../../../nodes/shared/speech/speakable';
import { sampleText } from './texts.mts';

type Rows = Record<string, [written: string, said: string]>;

const html: Rows = {
	'paragraphs are set apart': ['<p>One.</p><p>Two.</p>', 'One.\n\nTwo.'],
	'tags within a paragraph leave no trace': ['<p>O<b>n</b>e <em>and</em>\n  <i>two</i>.</p>', 'One and two.'],
	'entities are decoded': [
		'<p>Fish &amp; chips&nbsp;&#8211; 5&thinsp;&euro; &lt;b&gt;</p>',
		'Fish & chips\u00a0– 5\u2009€ <b>',
	],
	'headings end with a full stop': ['<h2>The storm</h2><p>It came.</p>', 'The storm.\n\nIt came.'],
	'headings keep the mark they have': ['<h1>Why?</h1><h2>Because:</h2>', 'Why?\n\nBecause:'],
	'headings end with the full stop of their script': [
		'<h2>天气</h2><h2>मौसम</h2><h2>อากาศ</h2><h2>الطقس</h2>',
		'天气。\n\nमौसम।\n\nอากาศ\n\nالطقس.',
	],
	'list items are lines with a pause': [
		'<p>Buy:</p><ul><li>Milk</li><li>Bread;</li><li><p>Eggs</p></li></ul><p>Go.</p>',
		'Buy:\n\nMilk.\nBread;\nEggs.\n\nGo.',
	],
	'nested lists': ['<ul><li>Fruit<ul><li>Apples</li></ul></li><li>Nuts</li></ul>', 'Fruit.\nApples.\nNuts.'],
	'definition lists': ['<dl><dt>Term</dt><dd>What it means</dd></dl>', 'Term.\nWhat it means.'],
	'tables are said row by row': [
		'<table><caption>Rain</caption><thead><tr><th>City</th><th>mm</th></tr></thead><tbody><tr><td>Bergen</td><td> 250 </td></tr><tr><td>Cairo</td><td></td></tr></tbody></table>',
		'Rain.\n\nCity, mm.\n\nBergen, 250.\nCairo.',
	],
	'a break is a line break': [
		'<p>Roses are red,<br>violets<br/> are blue.</p>',
		'Roses are red,\nviolets\nare blue.',
	],
	'pictures are not said, their captions are': [
		'<figure><img src="IMG_2041.jpg" alt="IMG_2041.jpg"><figcaption>The harbour at dawn</figcaption></figure>',
		'The harbour at dawn.',
	],
	'code blocks are not said, code within a line is': [
		'<p>Run <code>npm test</code> now.</p><pre><code>rm -rf /</code></pre>',
		'Run npm test now.',
	],
	'scripts, styles and frames are not said': [
		'<style>p{}</style><script>if (a < b) alert("x</p>")</script><noscript>No.</noscript><iframe src="x">No.</iframe><p>Yes.</p>',
		'Yes.',
	],
	'navigation, asides and controls are not said': [
		'<nav><a href="/">Home</a></nav><aside>Ad</aside><form><p>Yes.</p><button>Send</button><label>Mail</label></form><footer>©</footer>',
		'Yes.',
	],
	'what is hidden is not said': [
		'<p hidden>No.</p><p style="color:red; display: none">No.</p><span aria-hidden="true">No.</span><p class="screen-reader-text">No.</p><p>Yes.</p>',
		'Yes.',
	],
	'a link is said by its text': [
		'<p>Read <a href="https://example.com/x">the report</a>.</p>',
		'Read the report.',
	],
	'addresses of pages are not said': [
		'<p>See <a href="https://example.com/x">https://example.com/x?y=1</a>.</p><p>https://example.com/only</p><p>Or (www.example.com), or ftp://example.com/a_(b) done.</p>',
		'See.\n\nOr, or done.',
	],
	'e-mail addresses and plain domains are': [
		'<p>Write to ann@example.com of example.com about Node.js, see https://example.com.</p>',
		'Write to ann@example.com of example.com about Node.js, see.',
	],
	'footnotes and their marks are not said': [
		'<p>So it is.<sup><a href="#a1">1</a></sup> And<sup class="footnote-ref">2</sup> so<a href="#fn3">[3]</a> on.</p><section class="footnotes"><p>1 No.</p></section>',
		'So it is. And so on.',
	],
	'other raised numbers and links within the page are': [
		'<p>10<sup>2</sup>, see <a href="#part-two">part two</a>.</p>',
		'102, see part two.',
	],
	'struck-out text is not said': ['<p>It costs <del>9</del> <s>8</s> 7.</p>', 'It costs 7.'],
	'readings above characters are not said': [
		'<p><ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>へ。</p>',
		'東京へ。',
	],
	'short quotations have marks': ['<p>He said <q>no</q>.</p>', 'He said “no”.'],
	'the footer of a quotation is said': [
		'<blockquote><p>Be brief.</p><footer>A poet</footer></blockquote><footer>Menu</footer>',
		'Be brief.\n\nA poet',
	],
	'WordPress block comments are not said': [
		'<!-- wp:paragraph {"a":"-"} -->\n<p>Yes.</p>\n<!-- /wp:paragraph -->\n<!--more-->',
		'Yes.',
	],
	'WordPress shortcodes are not said, what they enclose is': [
		'[caption id="a" width="300"]<img src="x.png"/> A boat[/caption]<p>[gallery ids="1,2"]One [highlight2 color=red]two[/highlight2] [sic] [1].</p>[embed]https://example.com[/embed][code]x = 1[/code]',
		'A boat\n\nOne two [sic] [1].',
	],
	'an escaped shortcode is text': ['<p>Write [[gallery]] there.</p>', 'Write [gallery] there.'],
	'soft hyphens go': ['<p>Donau&shy;dampf&shy;schiff.</p>', 'Donaudampfschiff.'],
	'empty paragraphs and ornaments go': [
		'<p>&nbsp;</p><p>One.</p><p>* * *</p><hr><p>Two.</p>',
		'One.\n\nTwo.',
	],
	'broken HTML is read as browsers do': [
		'<p>One.<p>Two <b>bold<li>Item</p>three < four &bogus; <',
		'One.\n\nTwo bold\nItem.\n\nthree < four &bogus; <',
	],
	'a whole document': [
		'<!DOCTYPE html><html><head><title>T</title><meta charset="utf-8"><body><h1>Head</h1><p>Text.',
		'Head.\n\nText.',
	],
	'nothing but markup says nothing': ['<div><img src="a.png"></div>', ''],
};

const markdown: Rows = {
	'marks of emphasis go': ['It is **very** _fine_, `too`.', 'It is very fine, too.'],
	'headings of both kinds': ['# One\n\nTwo\n===\n\nText.', 'One.\n\nTwo.\n\nText.'],
	'a wrapped paragraph is one': ['One\ntwo.\n\nThree.', 'One two.\n\nThree.'],
	lists: ['1. One\n2. Two\n\n- [x] Three\n- [ ] Four', 'One.\nTwo.\n\nThree.\nFour.'],
	tables: ['| City | mm |\n|---|--:|\n| Bergen | 250 |', 'City, mm.\n\nBergen, 250.'],
	'code blocks are not said': ['Run:\n\n```sh\nrm -rf /\n```\n\n    indented\n\nDone.', 'Run:\n\nDone.'],
	'links by their text, pictures not at all': [
		'See [the report](https://example.com "t"), <https://example.com>, ![a.png](a.png).',
		'See the report,,.',
	],
	'addresses are not said': ['Go to https://example.com/a_b_c now.', 'Go to now.'],
	'reference links': ['See [this][1].\n\n[1]: https://example.com', 'See this.'],
	'footnotes and their marks are not said': [
		'So it is.[^1] Yes.^[No.]\n\n[^1]: No.\n    No.',
		'So it is. Yes.',
	],
	'HTML within is read, too': [
		'<figure><figcaption>A boat</figcaption></figure>\n\nOne<br>two &amp; <kbd>x</kbd>.',
		'A boat.\n\nOne\ntwo & x.',
	],
	'front matter is not said': ['---\ntitle: No\n---\n\nYes.', 'Yes.'],
	'a rule at the top is no front matter': ['---\n\nYes.', 'Yes.'],
	'tags of site generators are not said': [
		'{{< figure src="a.png" >}}\n\n{% include x.html %}\n\n[[toc]]\n\n::: tip\nYes.\n:::',
		'Yes.',
	],
	'marks of alerts are not said': ['> [!NOTE]\n> Mind the gap.', 'Mind the gap.'],
	'escapes are undone': ['1\\. \\*not\\* bold', '1. *not* bold'],
	'struck-out text is not said': ['It costs ~~9~~ 7.', 'It costs 7.'],
};

describe('speakable', () => {
	describe('HTML', () => {
		it.each(Object.entries(html))('%s', (_rule, [written, said]) => {
			expect(speakable(written, 'html')).toBe(said);
		});
	});

	describe('Markdown', () => {
		it.each(Object.entries(markdown))('%s', (_rule, [written, said]) => {
			expect(speakable(written, 'markdown')).toBe(said);
		});
	});

	it('leaves plain text as it is', () => {
		const text = ' <p>1 &lt; 2</p> [gallery] **\n';
		expect(speakable(text, 'plain')).toBe(text);
	});

	it('leaves a script a script', () => {
		const script = parseScript(
			speakable('<p>Speaker 1: Hi.</p><p>Speaker 2: Hello.<br>Speaker 1: Bye.</p>', 'html'),
		);
		expect(script.turns.map((turn) => turn.speaker)).toEqual([0, 1, 0]);
	});

	it('says every word of a text without addresses, whatever the script', () => {
		fc.assert(
			fc.property(sampleText, ({ text }) => {
				const words = text.replace(/https?:\S+|www\.\S+/g, '');
				const escaped = words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/[[\]]/g, '');
				expect(lettersOf(speakable(`<div><p>${escaped}</p></div>`, 'html'))).toBe(lettersOf(words));
			}),
			{ numRuns: 2_000 },
		);
	});

	it.each(['html', 'markdown'] as const)('reads any %s at all', (format) => {
		const tags = fc.constantFrom(
			'<p>',
			'</p>',
			'<nav>',
			'</nav>',
			'<td',
			'>',
			'[x',
			']',
			'<!--',
			'-->',
			'&',
			'`',
			'|',
			'\n',
			'<svg>',
			'[^1]',
			'*',
			'a',
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(tags, fc.string()), { maxLength: 30 }), (pieces) => {
				expect(typeof speakable(pieces.join(''), format)).toBe('string');
			}),
			{ numRuns: 2_000 },
		);
	});

	const hostile = {
		nested: '<div>',
		brackets: '[a ',
		links: 'https://example.com/a ',
		cells: '<td>a',
		emphasis: '*a_',
		tags: '<',
		spaces: ' ',
		escapes: '&amp',
	};

	it.each(Object.entries(hostile))(
		'reads 100,000 characters of %s within five seconds',
		(_kind, unit) => {
			const text = unit.repeat(100_000 / unit.length);
			const before = performance.now();
			speakable(text, 'html');
			speakable(text, 'markdown');
			expect(performance.now() - before).toBeLessThan(5_000);
		},
		60_000,
	);
});

function lettersOf(text: string): string {
	return text.replace(/[^\p{L}\p{N}]/gu, '');
}
