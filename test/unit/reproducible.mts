/** In CI the cases of property-based tests are the same every time: a red run is about the change. Elsewhere they are new ones each time. */
import fc from 'fast-check';

if (process.env.CI) fc.configureGlobal({ seed: 20_261_121 });
