/**
 * In CI, property-based tests use a fixed seed, so that a red run is due to the change. Elsewhere
 * the cases are random.
 */
import fc from 'fast-check';

if (process.env.CI) fc.configureGlobal({ seed: 20_261_121 });
