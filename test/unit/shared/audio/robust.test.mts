import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AudioFacts } from '../../../../nodes/shared/audio/facts';
import {
	joinAudio,
	type JoinPart,
	type JoinPlan,
	JoinRefusal,
	planJoin,
} from '../../../../nodes/shared/audio/join';
import { createAudioProbe, measureAudio } from '../../../../nodes/shared/audio/measure';
import { run, sound } from './ffmpeg.mts';

jest.setTimeout(60_000);

/** Files of real sound to damage; short, so that thousands of cases stay quick. */
const SEEDS: Array<[string, number, string[]]> = [
	['plain.wav', 10_000, []],
	['extensible.wav', 1000, ['-c:a', 'pcm_s24le', '-ac', '6']],
	['rf64.wav', 1000, ['-rf64', 'always']],
	['constant.mp3', 6000, ['-b:a', '64k']],
	['variable.mp3', 4000, ['-q:a', '6', '-write_id3v1', '1', '-metadata', 'title=A']],
	['bare.mp3', 2000, ['-write_xing', '0', '-id3v2_version', '0']],
	['sound.flac', 1000, []],
	['sound.opus', 2000, ['-c:a', 'libopus']],
	['sound.ogg', 1000, ['-c:a', 'libvorbis']],
	['sound.aac', 2000, ['-c:a', 'aac']],
	['sound.m4a', 500, ['-c:a', 'aac']],
];

const seeds = new Map<string, Uint8Array>();
beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'narration-robust-'));
	for (const [fileName, , args] of SEEDS) {
		const path = join(folder, fileName);
		await run('ffmpeg', ['-v', 'error', ...sound(0.4, 16000), ...args, path]);
		seeds.set(fileName, Uint8Array.from(await readFile(path)));
	}
	await rm(folder, { recursive: true });
});

/** Facts that contradict themselves are as wrong as an exception. */
function expectSound(facts: AudioFacts, sizeBytes: number): void {
	const numbers = [facts.durationSeconds, facts.sampleRateHz, facts.channels];
	const isSane = numbers.every((value) => value === null || (Number.isFinite(value) && value >= 0));
	const isExplained = facts.format !== null || facts.problem !== null;
	if (!isSane || !isExplained || facts.sizeBytes !== sizeBytes) throw new Error(JSON.stringify(facts));
}

function measureInChunks(file: Uint8Array, chunkBytes: number[]): AudioFacts {
	const probe = createAudioProbe();
	let at = 0;
	for (let turn = 0; at < file.length; turn++) {
		const length = chunkBytes[turn % chunkBytes.length]!;
		const chunk = Buffer.from(file.subarray(at, at + length));
		probe.push(chunk);
		chunk.fill(0xff);
		at += length;
	}
	return probe.end();
}

interface Damage {
	cutAt: number;
	head: Uint8Array;
	changes: Array<[number, number]>;
	removed: [number, number];
	inserted: Uint8Array;
}

const damage: fc.Arbitrary<Damage> = fc.record({
	cutAt: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
	head: fc.uint8Array({ maxLength: 4 }),
	changes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 8 }),
	removed: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(50)),
	inserted: fc.uint8Array({ maxLength: 20 }),
});

/** Changes lie at the beginning of the file more often than elsewhere: headers are there. */
function damaged(seed: Uint8Array, { cutAt, head, changes, removed, inserted }: Damage): Uint8Array {
	const at = Math.floor(removed[0] ** 3 * seed.length);
	const file = Buffer.concat([head, seed.subarray(0, at), inserted, seed.subarray(at + removed[1])]);
	for (const [where, value] of changes) file[Math.floor(where ** 3 * (file.length - 1))] = value;
	return Uint8Array.from(file.subarray(0, Math.ceil(cutAt * file.length)));
}

describe('damaged files are measured, whatever is left of them, and in whatever chunks they come', () => {
	test.each(SEEDS)('%s, %i cases', (fileName, cases) => {
		const seed = seeds.get(fileName)!;
		const chunkSizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(damage, chunkSizes, (how, chunkBytes) => {
				const file = damaged(seed, how);
				const facts = measureInChunks(file, chunkBytes);
				expectSound(facts, file.length);
				if (JSON.stringify(facts) !== JSON.stringify(measureAudio(file)))
					throw new Error('depends on the chunks');
			}),
			{ numRuns: cases },
		);
	});
});

describe('damaged parts are joined or refused, and what comes out is what was planned', () => {
	test.each(['plain.wav', 'extensible.wav', 'constant.mp3', 'variable.mp3', 'bare.mp3'])(
		'%s, 500 cases',
		async (fileName) => {
			const seed = seeds.get(fileName)!;
			await fc.assert(
				fc.asyncProperty(damage, fc.nat(300), async (how, pauseAfterMs) => {
					const files = [seed, damaged(seed, how), seed];
					const plan = planOrRefusal(files.map((file) => ({ facts: measureAudio(file), pauseAfterMs })));
					if (plan instanceof JoinRefusal) return;
					const pieces: Uint8Array[] = [];
					for await (const piece of joinAudio(plan, (index) => inOneChunk(files[index]!))) pieces.push(piece);
					const facts = measureAudio(Buffer.concat(pieces));
					expect(facts).toMatchObject({ sizeBytes: plan.joined.sizeBytes, truncated: false, problem: null });
					expect(facts.durationSeconds).toBeCloseTo(plan.joined.durationSeconds, 6);
				}),
				{ numRuns: 500 },
			);
		},
	);

	async function* inOneChunk(file: Uint8Array): AsyncGenerator<Uint8Array> {
		yield file;
	}

	function planOrRefusal(parts: JoinPart[]): JoinPlan | JoinRefusal {
		try {
			return planJoin(parts);
		} catch (error) {
			if (error instanceof JoinRefusal) return error;
			throw error;
		}
	}
});

test('single bytes measure the same', () => {
	for (const file of seeds.values()) expect(measureInChunks(file, [1])).toEqual(measureAudio(file));
});

describe('bytes that only begin like audio, 1000 cases each', () => {
	test.each([
		'',
		'RIFF\x00\x00\x00\x00WAVE',
		'ID3\x04\x00\x00\x00\x00\x00\x00',
		'\xff\xfb\x90\x00',
		'\xff\xf1',
		'OggS',
		'fLaC',
	])('%j', (start) => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 2000 }), (rest) => {
				const file = Uint8Array.from(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
				expectSound(measureAudio(file), file.length);
			}),
			{ numRuns: 1000 },
		);
	});
});

test.each<[string, string, number]>([
	['beginnings of frames', '', 0xff],
	['zeros behind RIFF', 'RIFF\x00\x00\x00\x00WAVE', 0],
	['zeros behind OggS', 'OggS', 0],
	['zeros behind a tag', 'ID3\x04\x00\x00\x00\x00\x00\x00', 0],
	['spaces behind fLaC', 'fLaC', 0x20],
])(
	'64 MB that consist of %s are given up, not searched for ever',
	(_, start, fill) => {
		const probe = createAudioProbe();
		probe.push(Buffer.from(start, 'latin1'));
		const chunk = new Uint8Array(1024 * 1024).fill(fill);
		for (let megabytes = 0; megabytes < 64; megabytes++) probe.push(chunk);
		expect(probe.end()).toMatchObject({ durationSeconds: null, sizeBytes: start.length + 64 * 1024 * 1024 });
	},
	5000,
);

test('bytes that begin like a frame whose next one lies far off are measured alike in whatever chunks they come', () => {
	// An ADTS header that tells of a frame of 5,800 bytes, and something else behind it.
	const file = Buffer.concat([Buffer.from([0xff, 0xf0, 0x00, 0x52, 0xd5, 0x00]), Buffer.alloc(9_000, 'x')]);

	expect(measureInChunks(file, [1])).toEqual(measureAudio(file));
});
