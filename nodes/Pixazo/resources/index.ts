import type { Resource } from '../../shared/run/operation';
import { get } from './job/get';
import { getAll } from './model/getAll';
import { generate } from './speech/generate';

export const resources: Resource[] = [
	{ name: 'Speech', value: 'speech', operations: [generate] },
	{ name: 'Job', value: 'job', operations: [get] },
	{ name: 'Model', value: 'model', operations: [getAll] },
];
