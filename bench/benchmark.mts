import type { Stage } from './stage.mts';

/** What one benchmark found, as rows of a table. */
export interface Findings {
	/** What was done, in sentences, for who reads the table without the code. */
	method: string;
	columns: string[];
	rows: string[][];
}

/** A file of this folder exports one, and `run.mts` lists it with the stage that it is played on. */
export interface Benchmark<On = Stage> {
	/** What it is called by: `npm run bench -- <name>`. */
	name: string;
	title: string;
	/** How often everything is measured when the command does not say; 5 when absent. */
	usualRuns?: number;
	/** @param runs how often everything is measured */
	run(stage: On, runs: number): Promise<Findings>;
}
