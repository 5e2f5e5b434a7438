import type { Stage } from './stage.mts';

/** What one benchmark found, as rows of a table. */
export interface Findings {
	/** What was done, in sentences, for who reads the table without the code. */
	method: string;
	columns: string[];
	rows: string[][];
}

/** A file of this folder exports one, and `run.mts` lists it. */
export interface Benchmark {
	/** What it is called by: `npm run bench -- <name>`. */
	name: string;
	title: string;
	/** @param runs how often everything is measured */
	run(stage: Stage, runs: number): Promise<Findings>;
}
