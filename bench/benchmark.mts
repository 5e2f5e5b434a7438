import type { Stage } from './stage.mts';

/** What one benchmark found, as rows of a table. */
export interface Findings {
	/** What was done, in sentences, for who reads the table without the code. */
	method: string;
	columns: string[];
	rows: string[][];
	plot?: Plot;
}

/** Horizontal bars: what is measured is in their length. */
export interface Plot {
	/** What a bar's length means, with its unit. */
	title: string;
	bars: Bar[];
	/** Where a line is drawn, and what it says. */
	mark?: { value: number; label: string };
}

export interface Bar {
	label: string;
	/** Whether it is this package's. */
	isOurs: boolean;
	/** Of all runs; the bar shows their median, and a whisker from the smallest to the largest. */
	values: number[];
}

/** How much of a benchmark is run: all of it, or so little that only its working is shown. */
export type Extent = 'whole' | 'smoke';

/** A file of this folder exports one, and `run.mts` lists it with the stage that it is played on. */
export interface Benchmark<On = Stage> {
	/** What it is called by: `npm run bench -- <name>`. */
	name: string;
	title: string;
	/** How often everything is measured when the command does not say; 5 when absent. */
	usualRuns?: number;
	/** @param runs how often everything is measured */
	run(stage: On, runs: number, extent: Extent): Promise<Findings>;
}
