import type { Resource } from '../../shared/run/operation';
import { getBalance } from './account/getBalance';
import { getAll as getAllModels } from './model/getAll';
import { generate } from './speech/generate';
import { getAll as getAllVoices } from './voice/getAll';

export const resources: Resource[] = [
	{ name: 'Speech', value: 'speech', operations: [generate] },
	{ name: 'Voice', value: 'voice', operations: [getAllVoices] },
	{ name: 'Model', value: 'model', operations: [getAllModels] },
	{ name: 'Account', value: 'account', operations: [getBalance] },
];
