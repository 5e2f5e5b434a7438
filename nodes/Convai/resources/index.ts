import type { Resource } from '../../shared/run/operation';
import { getUsage } from './account/getUsage';
import { generate } from './speech/generate';
import { getAll as getAllVoices } from './voice/getAll';

export const resources: Resource[] = [
	{ name: 'Speech', value: 'speech', operations: [generate] },
	{ name: 'Voice', value: 'voice', operations: [getAllVoices] },
	{ name: 'Account', value: 'account', operations: [getUsage] },
];
