import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Channel } from '../http/channel';
import type { Patience } from '../http/patience';
import type { Service } from '../http/service';
import type { AudioJob, AudioKind } from '../speech/job';
import type { Halt } from './halt';
import type { JobTimes } from './jobTimes';
import type { Ledger } from './ledger';
import type { Options } from './options';
import type { Slots } from './slots';

/** One input item on its way through an operation. */
export interface Item {
	context: IExecuteFunctions;
	index: number;
	channel: Channel;
	patience: Patience;
	/** Shared by all items of the run. */
	slots: Slots;
	/** Called when nothing more is to come from the provider: what is left is done here, and another may be asked for already. */
	giveWay: () => void;
	/** Shared by all items of the run. */
	jobTimes: JobTimes;
	ledger: Ledger;
	halt: Halt;
	options: Options;
	output: OutputSettings;
	/** What is known so far: put out when all goes well, and beside the failure when it does not. */
	job: AudioJob;
	/** The provider's last JSON, put out when `simplify` is off. */
	providerResponse: unknown;
}

/** In which form audio is to be put out; read before anything is spent on it. */
export interface OutputSettings {
	isDownloadWanted: boolean;
	binaryPropertyName: string;
	isSimplified: boolean;
}

/** What the user picks in the operation drop-down: its fields, and the few lines that read them. */
export interface Operation {
	name: string;
	value: string;
	action: string;
	description: string;
	/** What the record of an item calls it; left out by operations that yield no audio. */
	kind?: AudioKind;
	/** Shown for this resource and operation only. */
	properties: INodeProperties[];
	/** @throws {Failure} */
	execute(item: Item): Promise<INodeExecutionData[]>;
}

/** Speech: Generate is the same question to every provider; its fields and its answer's way are theirs. */
export const SPEECH_GENERATE = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate speech',
	description: 'Turn a text into spoken audio',
	kind: 'speech',
} satisfies Partial<Operation>;

export interface Resource {
	name: string;
	value: string;
	operations: Operation[];
}

/** A node: one provider and all that it can be asked to do. */
export interface Program {
	service: Service;
	resources: Resource[];
	/** The operation that collects the audio of a job that was accepted, as the editor names it; null: there is none. */
	collectWith: string | null;
}

/** The resource and operation drop-downs, alphabetical, and every operation's fields, scoped to where they belong. The first of each is the default. */
export function describeProgram(resources: Resource[]): INodeProperties[] {
	const firstResource = resources[0]?.value ?? '';
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: byName(resources.map(({ name, value }) => ({ name, value }))),
			default: firstResource,
		},
		...resources.map(operationField),
		...resources.flatMap((resource) =>
			resource.operations.flatMap((operation) =>
				operation.properties.map((property) => scoped(property, resource.value, operation.value)),
			),
		),
	];
}

function operationField(resource: Resource): INodeProperties {
	const firstOperation = resource.operations[0]?.value ?? '';
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource.value] } },
		options: byName(
			resource.operations.map(({ name, value, action, description }) => ({
				name,
				value,
				action,
				description,
			})),
		),
		default: firstOperation,
	};
}

function byName<T extends { name: string }>(choices: T[]): T[] {
	return choices.sort((a, b) => a.name.localeCompare(b.name));
}

function scoped(property: INodeProperties, resource: string, operation: string): INodeProperties {
	const { show, ...rest } = property.displayOptions ?? {};
	return {
		...property,
		displayOptions: { ...rest, show: { resource: [resource], operation: [operation], ...show } },
	};
}

/** The operation that the node is set to. */
export function findOperation(
	resources: Resource[],
	resource: string,
	operation: string,
): Operation | undefined {
	return resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
}
