/** From a provider's spelling to one for people, in this order. */
const SPELLINGS: Array<[RegExp, string | ((found: string) => string)]> = [
	// Azure's names begin with the language and end with the technique: `de-DE-KatjaNeural`.
	[/^[a-z]{2}-[A-Z]{2}-(?=\w+)/, ''],
	[/:DragonHDLatestNeural$/, ' (Dragon HD)'],
	[/(?<=[a-z])Neural$/, ''],
	// Others end with the languages that the voice speaks: `kian_en_zh`.
	[/(?<=_)[a-z]{2}(?=_|$)/g, (language) => language.toUpperCase()],
	[/_/g, ' '],
	[/(?<=^|\s)\p{Ll}/gu, (letter) => letter.toUpperCase()],
];

/** The ID of a voice as a list shows it: `Coral` for `coral`, `Katja` for `de-DE-KatjaNeural`, `Calm Woman` for `Calm_Woman`. */
export function voiceName(id: string): string {
	return SPELLINGS.reduce(
		(name, [from, to]) => (typeof to === 'string' ? name.replace(from, to) : name.replace(from, to)),
		id,
	);
}
