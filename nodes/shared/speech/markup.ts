/**
 * The libraries that read HTML and Markdown. They ship inside the package: the build (`gulpfile.js`) replaces this module in
 * `dist` by a bundle of exactly what it exports, so that nothing has to be installed with the nodes.
 */
export { Parser as HtmlParser } from 'htmlparser2';
export { default as MarkdownIt } from 'markdown-it';
export { default as markdownItFootnote } from 'markdown-it-footnote';
