/**
 * Types of `setup.mjs`, which is plain JavaScript because it runs before the project's TypeScript
 * tools are installed.
 */

export declare const projectDirectory: string;
export declare const workDirectory: string;
export declare const n8nDirectory: string;

export declare class SetupFailure extends Error {
	constructor(message: string, tail?: string[]);
	tail: string[];
}

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	onLine?: (line: string) => void;
}
export declare function run(command: string, args: string[], options?: RunOptions): Promise<string>;

export interface Step {
	/** Shows the current activity. */
	say(text: string): void;
	/** Adds a note to the step's line when the step has ended. */
	note(text: string): void;
}
export interface Progress {
	step<Result>(title: string, work: (step: Step) => Promise<Result> | Result): Promise<Result>;
	heading(text: string): void;
}
export declare function createProgress(stream?: NodeJS.WriteStream): Progress;
export declare function reportFailure(error: unknown, stream?: NodeJS.WritableStream): void;

export declare function isInstalled(directory: string, lockfile?: string): Promise<boolean>;
export declare function installProject(progress: Progress): Promise<void>;
export declare function installProjectAndN8n(progress: Progress): Promise<void>;
export declare function installN8n(progress: Progress): Promise<void>;
export declare function installOtherN8n(progress: Progress, version: string, before: string): Promise<string>;
export declare function buildProject(progress: Progress): Promise<void>;
export declare function nodeBinary(directory?: string): string;
export declare function goOnInProjectNode(file: string, args: string[]): void;
