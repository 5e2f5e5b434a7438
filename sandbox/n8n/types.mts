/** The parts of n8n's JSON that the sandbox writes and reads. */

export interface Credential {
	id?: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	webhookId?: string;
	onError?: string;
}

export interface Workflow {
	id?: string;
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	pinData?: Record<string, unknown[]>;
}

/** n8n's reference to a file. `id` is absent when `data` contains the bytes as base64. */
export interface BinaryReference {
	id?: string;
	data: string;
	mimeType: string;
	fileName?: string;
	fileExtension?: string;
	fileSize?: string;
}

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryReference>;
	pairedItem?: unknown;
}

/** Maps every node to its runs; every run contains the items of each output. */
export type RunData = Record<
	string,
	Array<{ data?: { main: Array<Item[] | null> }; error?: { message: string; description?: string | null } }>
>;

export interface Execution {
	id: string;
	status: string;
	runData: RunData;
	/** The error that stopped the whole execution. */
	error?: { message: string; description?: string | null };
}
