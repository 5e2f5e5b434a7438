import type { Resource } from '../../shared/run/operation';
import { get } from './asset/get';
import { upload } from './audio/upload';
import { estimate } from './credits/estimate';
import { generate as generateMusic } from './music/generate';
import { generate as generateSoundEffect } from './soundEffect/generate';
import { generate as generateSpeech } from './speech/generate';

export const resources: Resource[] = [
	{ name: 'Speech', value: 'speech', operations: [generateSpeech] },
	{ name: 'Sound Effect', value: 'soundEffect', operations: [generateSoundEffect] },
	{ name: 'Music', value: 'music', operations: [generateMusic] },
	{ name: 'Audio', value: 'audio', operations: [upload] },
	{ name: 'Asset', value: 'asset', operations: [get] },
	{ name: 'Credits', value: 'credits', operations: [estimate] },
];
