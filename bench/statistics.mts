/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const [below = NaN, above = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
	return (below + above) / 2;
}

/** The median followed by the smallest and the largest value: `1.08 (1.05 to 1.13)`. */
export function withSpread(values: readonly number[], digits: number): string {
	if (values.length === 0) return 'not measured';
	const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
	return `${middle.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

export const inMegabytes = (bytes: number) => bytes / 1e6;

/**
 * The values as a list, for `withSpread` and the plot; empty where the system does not report them.
 */
export const grownMegabytes = ({ grownBytes }: { grownBytes: number | null }): number[] =>
	grownBytes === null ? [] : [inMegabytes(grownBytes)];
