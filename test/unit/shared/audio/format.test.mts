import fc from 'fast-check';
import {
	AUDIO_FORMATS,
	detectFormat,
	formatFromExtension,
	formatFromMimeType,
} from '../../../../nodes/shared/audio/format';
import { adtsFrames, id3v2, joined, latin1, mp3Frames } from './bytes.mts';

const nameOf = (format: { name: string } | null) => format?.name ?? null;

describe('formatFromMimeType', () => {
	test.each([
		['audio/wav', 'wav'],
		['audio/x-wav', 'wav'],
		['audio/wave', 'wav'],
		['audio/vnd.wave;codec=1', 'wav'],
		['audio/mpeg', 'mp3'],
		['audio/mp3', 'mp3'],
		['audio/mpga', 'mp3'],
		['Audio/MPEG; charset=utf-8', 'mp3'],
		['audio/ogg', 'ogg'],
		['audio/opus', 'opus'],
		['audio/flac', 'flac'],
		['audio/aac', 'aac'],
		['audio/mp4', 'm4a'],
		['audio/webm;codecs=opus', 'webm'],
		['audio/L16; rate=24000', 'pcm'],
		['application/octet-stream', null],
		['application/json', null],
		['text/html', null],
		['', null],
	])('%s: %s', (mimeType, name) => {
		expect(nameOf(formatFromMimeType(mimeType))).toBe(name);
	});

	test('every name and alias stands in one row only', () => {
		const extensions = AUDIO_FORMATS.flatMap((format) => [format.extension, ...format.otherExtensions]);
		const aliases = AUDIO_FORMATS.flatMap((format) => format.otherMimeTypes);
		expect(new Set(extensions).size).toBe(extensions.length);
		expect(new Set(aliases).size).toBe(aliases.length);
	});
});

describe('formatFromExtension', () => {
	test.each([
		['narration.wav', 'wav'],
		['NARRATION.MP3', 'mp3'],
		['https://cdn.example/a/speech.mp3?Expires=1&name=x.wav', 'mp3'],
		['https://cdn.example/a/speech.ogg#t=10.wav', 'ogg'],
		['https://cdn.example/tts/x.mp3/1764327112283-x.mp3/123-a.wav', 'wav'],
		['https://cdn.example/speech?file=a.wav', null],
		['https://speech.example.mp3', null],
		['C:\\audio\\a.flac', 'flac'],
		['Episode #5.opus', 'opus'],
		['archive.mp3.zip', null],
		['mp3', null],
		['folder.mp3/', null],
		['', null],
	])('%s: %s', (nameOrUrl, name) => {
		expect(nameOf(formatFromExtension(nameOrUrl))).toBe(name);
	});
});

describe('detectFormat', () => {
	test.each<[string, Uint8Array, string | null]>([
		['RIFF', latin1('RIFF\x00\x00\x00\x00WAVEfmt '), 'wav'],
		['RF64', latin1('RF64\xff\xff\xff\xffWAVEds64'), 'wav'],
		['RIFF of another kind', latin1('RIFF\x00\x00\x00\x00AVI LIST'), null],
		['two MP3 frames', mp3Frames(2), 'mp3'],
		['the beginning of an MP3 frame', mp3Frames(1).subarray(0, 16), 'mp3'],
		['an MP3 header that nothing of its kind follows', joined(mp3Frames(1), new Uint8Array(64)), null],
		['an ID3v2 tag before MP3', joined(id3v2(300), mp3Frames(2)), 'mp3'],
		['an ID3v2 tag that does not end here', id3v2(5000).subarray(0, 64), 'mp3'],
		['an ID3v2 tag before FLAC', joined(id3v2(300), latin1('fLaC\x00\x00\x00\x22')), 'flac'],
		['an ID3v2 tag before AAC', joined(id3v2(300, true), adtsFrames(2)), 'aac'],
		['ADTS', adtsFrames(3), 'aac'],
		[
			'Ogg Opus',
			joined(latin1('OggS'), new Uint8Array(22), Uint8Array.of(1, 19), latin1('OpusHead')),
			'opus',
		],
		[
			'Ogg Vorbis',
			joined(latin1('OggS'), new Uint8Array(22), Uint8Array.of(1, 30), latin1('\x01vorbis')),
			'ogg',
		],
		['MP4', latin1('\x00\x00\x00\x20ftypM4A '), 'm4a'],
		['WebM', latin1('\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm'), 'webm'],
		['UTF-16 JSON', latin1('\xff\xfe{\x00"\x00a\x00'), null],
		['HTML', latin1('<!DOCTYPE html><html>'), null],
		['nothing', new Uint8Array(0), null],
	])('%s', (_, head, name) => {
		expect(nameOf(detectFormat(head))).toBe(name);
	});

	test('takes any bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (head) => {
				expect([null, ...AUDIO_FORMATS]).toContain(detectFormat(head));
			}),
		);
	});
});
