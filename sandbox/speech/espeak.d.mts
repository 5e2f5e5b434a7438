/** The used parts of eSpeak NG's binding; the package has no types. */
declare module '@echogarden/espeak-ng-emscripten' {
	interface Espeak {
		/** Returns 0 when the voice exists. */
		set_voice(name: string, language: string, gender: number, age: number, variant: number): number;
		set_rate(wordsPerMinute: number): void;
		set_pitch(percent: number): void;
		set_range(percent: number): void;
		/** Passes chunks of mono audio to the callback, and stops when it returns true. */
		synthesize(text: string, onSamples: (samples: Int16Array | null) => boolean): void;
		get_samplerate(): number;
	}
	export default function load(): Promise<{ eSpeakNGWorker: new () => Espeak }>;
}
