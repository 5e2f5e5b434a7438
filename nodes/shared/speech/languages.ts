/** MiniMax's names of languages by their BCP 47 subtag. */
const MINIMAX_LANGUAGES: Record<string, string> = {
	...{
		af: 'Afrikaans',
		ar: 'Arabic',
		bg: 'Bulgarian',
		ca: 'Catalan',
		cs: 'Czech',
		da: 'Danish',
		de: 'German',
	},
	...{
		el: 'Greek',
		en: 'English',
		es: 'Spanish',
		fa: 'Persian',
		fi: 'Finnish',
		fil: 'Filipino',
		fr: 'French',
	},
	...{ he: 'Hebrew', hi: 'Hindi', hr: 'Croatian', hu: 'Hungarian', id: 'Indonesian', it: 'Italian' },
	...{
		ja: 'Japanese',
		ko: 'Korean',
		ms: 'Malay',
		nb: 'Norwegian',
		nl: 'Dutch',
		nn: 'Nynorsk',
		no: 'Norwegian',
	},
	...{ pl: 'Polish', pt: 'Portuguese', ro: 'Romanian', ru: 'Russian', sk: 'Slovak', sl: 'Slovenian' },
	...{ sv: 'Swedish', ta: 'Tamil', th: 'Thai', tl: 'Filipino', tr: 'Turkish', uk: 'Ukrainian' },
	...{ vi: 'Vietnamese', yue: 'Chinese,Yue', zh: 'Chinese', auto: 'auto' },
};

/** MiniMax's name of a language that is given as `de`, `de-AT` or `German`; undefined when it has none. */
export function minimaxLanguage(tag: string): string | undefined {
	const wanted = tag.toLowerCase();
	const names = Object.values(MINIMAX_LANGUAGES);
	return names.find((name) => name.toLowerCase() === wanted) ?? MINIMAX_LANGUAGES[primarySubtag(wanted)];
}

/** The English name of a language that is given as `de`, `de-AT` or `German`. */
export function englishName(tag: string): string {
	if (!LANGUAGE_TAG.test(tag)) return tag;
	return new Intl.DisplayNames(['en'], { type: 'language' }).of(primarySubtag(tag)) ?? tag;
}

/** `de` of `de-AT` (BCP 47); what is no tag, such as a name, stays as it is. */
export function primarySubtag(tag: string): string {
	return LANGUAGE_TAG.test(tag) ? (tag.split(/[-_]/)[0] as string).toLowerCase() : tag;
}

const LANGUAGE_TAG = /^[a-z]{2,3}([-_][a-z0-9]+)*$/i;
