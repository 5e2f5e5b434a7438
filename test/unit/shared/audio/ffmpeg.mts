import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Runs the ffmpeg and ffprobe that the tests measure our own results with. */

const fromHere = createRequire(join(process.cwd(), 'package.json'));
const paths = {
	ffmpeg: (fromHere('@ffmpeg-installer/ffmpeg') as { path: string }).path,
	ffprobe: (fromHere('@ffprobe-installer/ffprobe') as { path: string }).path,
};

export interface Ran {
	stdout: Buffer;
	stderr: string;
}

/** Rejects with what the program said when it ends with anything but 0. */
export function run(program: keyof typeof paths, args: string[], stdin?: Uint8Array): Promise<Ran> {
	return new Promise((resolve, reject) => {
		const child = spawn(paths[program], args, { stdio: ['pipe', 'pipe', 'pipe'] });
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
		child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
		child.on('error', reject);
		child.on('close', (code) => {
			const said = Buffer.concat(stderr).toString();
			if (code === 0) resolve({ stdout: Buffer.concat(stdout), stderr: said });
			else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${said}`));
		});
		child.stdin.on('error', () => {});
		child.stdin.end(stdin);
	});
}

/** Something that sounds, as ffmpeg's own source: a swept tone with noise, so that bitrates vary and frames differ. */
export const sound = (seconds: number, sampleRateHz: number): string[] => [
	...['-f', 'lavfi', '-i'],
	`aevalsrc=0.4*sin(2*PI*t*(200+300*t))*abs(sin(3*t))+0.05*random(0):d=${seconds}:s=${sampleRateHz}`,
];

export interface Decoded {
	sampleRateHz: number;
	channels: number;
	/** Per channel. */
	samples: number;
	/** Of the first channel. */
	left: Int16Array;
	/** What ffmpeg complained about. */
	complaints: string;
}

/** Decodes a whole file to 16-bit samples, in its own rate and number of channels. */
export async function decode(path: string, sampleRateHz: number, channels: number): Promise<Decoded> {
	const { stdout, stderr } = await run('ffmpeg', [
		'-v',
		'error',
		'-i',
		path,
		'-f',
		's16le',
		'-c:a',
		'pcm_s16le',
		'-',
	]);
	const all = new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
	const left = all.filter((_, at) => at % channels === 0);
	return { sampleRateHz, channels, samples: left.length, left, complaints: stderr };
}

/** What the file's tags say. */
export async function tags(file: Uint8Array): Promise<Record<string, string>> {
	const { stdout } = await run(
		'ffprobe',
		['-v', 'error', '-show_entries', 'format_tags', '-of', 'json', 'pipe:0'],
		file,
	);
	return (JSON.parse(stdout.toString()) as { format: { tags: Record<string, string> } }).format.tags;
}

/** The duration that players see, in seconds. */
export async function probedSeconds(path: string): Promise<number> {
	const { stdout } = await run('ffprobe', [
		'-v',
		'error',
		'-show_entries',
		'format=duration',
		'-of',
		'csv=p=0',
		path,
	]);
	return Number(stdout.toString().trim());
}
