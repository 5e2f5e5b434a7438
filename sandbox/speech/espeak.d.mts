/** The parts of eSpeak NG's binding that are used; the package has no types. */
declare module '@echogarden/espeak-ng-emscripten' {
	interface Espeak {
		/** 0 when the voice is known. */
		set_voice(name: string, language: string, gender: number, age: number, variant: number): number;
		set_rate(wordsPerMinute: number): void;
		set_pitch(percent: number): void;
		set_range(percent: number): void;
		/** Calls back with pieces of mono audio, and stops when the callback returns true. */
		synthesize(text: string, onSamples: (samples: Int16Array | null) => boolean): void;
		get_samplerate(): number;
	}
	export default function load(): Promise<{ eSpeakNGWorker: new () => Espeak }>;
}
