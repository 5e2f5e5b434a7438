/** The package has no types of its own, and those published apart belong to an older markdown-it. */
declare module 'markdown-it-footnote' {
	import type { PluginSimple } from 'markdown-it';

	const footnotes: PluginSimple;
	export default footnotes;
}
