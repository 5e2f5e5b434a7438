import type { NodeTypeAndVersion } from 'n8n-workflow';

import { hintAtCollecting } from '../../../nodes/Pixazo/resources/speech/handover';
import type { Item } from '../../../nodes/shared/run/operation';

const PIXAZO = 'n8n-nodes-narration.pixazo';

type LaterNode = Partial<NodeTypeAndVersion>;

/** The hints that a run of as many items gives, with these nodes behind it. */
function hints({
	later = [],
	callbackUrl,
	items = 1,
}: {
	later?: LaterNode[];
	callbackUrl?: string;
	items?: number;
}) {
	const given: Array<{ message: string; type: string }> = [];
	for (let index = 0; index < items; index += 1) {
		hintAtCollecting({
			index,
			options: { callbackUrl },
			context: {
				getNode: () => ({ name: 'Pixazo' }),
				getChildNodes: () => later,
				addExecutionHints: (hint: { message: string; type: string }) => given.push(hint),
			},
		} as unknown as Item);
	}
	return given;
}

const jobGet = { type: PIXAZO, disabled: false, parameters: { resource: 'job', operation: 'get' } };

test('jobs that nothing collects are warned of, with all three ways to mend it', () => {
	const [hint] = hints({});
	expect(hint).toMatchObject({ type: 'warning', location: 'outputPane' });
	for (const way of ['Job: Get', "'Callback URL'", 'job IDs']) expect(hint!.message).toContain(way);
});

test('the warning comes once a run', () => expect(hints({ items: 5 })).toHaveLength(1));

test.each<[string, Parameters<typeof hints>[0], number]>([
	['a callback URL is set', { callbackUrl: 'https://n8n.example/webhook/1/webhook' }, 0],
	['Job: Get comes later', { later: [{ type: 'n8n-nodes-base.wait' }, jobGet] }, 0],
	['Job: Get of a linked package comes later', { later: [{ ...jobGet, type: 'CUSTOM.pixazo' }] }, 0],
	['Job: Get comes later, and is disabled', { later: [{ ...jobGet, disabled: true }] }, 1],
	[
		'only another Speech: Generate comes later',
		{ later: [{ ...jobGet, parameters: { resource: 'speech' } }] },
		1,
	],
	['a job of something else comes later', { later: [{ ...jobGet, type: 'other.node' }] }, 1],
])('where %s', (_, situation, count) => expect(hints(situation)).toHaveLength(count));
