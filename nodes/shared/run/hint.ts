import type { IExecuteFunctions } from 'n8n-workflow';

const toldIn = new WeakMap<IExecuteFunctions, Set<string>>();

/** Says something beside the output of a run: once, however many items it is true of. */
export function hintOnce(
	context: IExecuteFunctions,
	message: string,
	type: 'info' | 'warning' = 'warning',
): void {
	const told = toldIn.get(context) ?? new Set();
	if (told.has(message)) return;
	toldIn.set(context, told.add(message));
	context.addExecutionHints({ message, type, location: 'outputPane' });
}
