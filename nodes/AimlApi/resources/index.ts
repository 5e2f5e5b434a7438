import type { Resource } from '../../shared/run/operation';
import { generate } from './speech/generate';

export const resources: Resource[] = [{ name: 'Speech', value: 'speech', operations: [generate] }];
