import type { Stage } from './stage.mts';

/** The results of one benchmark, as rows of a table. */
export interface Findings {
	/** The method in sentences, for readers without the code. */
	method: string;
	columns: string[];
	rows: string[][];
	plot?: Plot;
}

/** Horizontal bars; their length is the measured value. */
export interface Plot {
	/** The meaning of a bar's length, with its unit. */
	title: string;
	bars: Bar[];
	/** A reference line and its label. */
	mark?: { value: number; label: string };
}

export interface Bar {
	label: string;
	/** Whether the bar belongs to this package. */
	isOurs: boolean;
	/**
	 * The values of all runs. The bar shows their median; a whisker spans the smallest to the
	 * largest.
	 */
	values: number[];
}

/** The size of a benchmark: complete, or only large enough to show that it works. */
export type Extent = 'whole' | 'smoke';

/** A benchmark. Each file of this folder exports one, and `run.mts` lists it with its stage. */
export interface Benchmark<On = Stage> {
	/** The name for `npm run bench -- <name>`. */
	name: string;
	title: string;
	/** The default number of runs; 5 when absent. */
	usualRuns?: number;
	/** @param runs the number of measurements of each value */
	run(stage: On, runs: number, extent: Extent): Promise<Findings>;
}
