import { AURA_2_VOICES, AZURE_VOICES, MINIMAX_VOICES, OPENAI_VOICES } from '../../../../nodes/AimlApi/voices';
import { voiceName } from '../../../../nodes/shared/speech/voiceName';

test.each([
	['coral', 'Coral'],
	['de-DE-KatjaNeural', 'Katja'],
	['en-US-Ava:DragonHDLatestNeural', 'Ava (Dragon HD)'],
	['Inspirational_girl', 'Inspirational Girl'],
	['Sweet_Girl_2', 'Sweet Girl 2'],
	['vivi_mixed_en_zh', 'Vivi Mixed EN ZH'],
	["English Children's Book Narrator", "English Children's Book Narrator"],
	['TikTok Fashion Influencer', 'TikTok Fashion Influencer'],
	['Alice [EN] (Background Music)', 'Alice [EN] (Background Music)'],
	['Maitê', 'Maitê'],
])('The voice %j is shown as %j', (id, name) => {
	expect(voiceName(id)).toBe(name);
});

test('No two voices of a list are shown by the same name', () => {
	for (const ids of [AURA_2_VOICES, AZURE_VOICES, MINIMAX_VOICES, OPENAI_VOICES])
		expect(new Set(ids.map(voiceName)).size).toBe(ids.length);
});
