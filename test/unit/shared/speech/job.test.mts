import { newJob, withFacts } from '../../../../nodes/shared/speech/job';

const job = newJob({ provider: 'pixazo', kind: 'speech', model: null, text: 'Good morning.' });

test.each([
	['whole seconds, within the one in which it began', '2026-03-31T10:00:15.000Z', '2026-03-31T10:00:15.421Z'],
	['a later second', '2026-03-31T10:00:16.000Z', '2026-03-31T10:00:16.000Z'],
])('a job never ends before it began: %s', (_, said, recorded) => {
	const begun = withFacts(job, 'queued', { createdAt: '2026-03-31T10:00:15.421Z' });
	expect(withFacts(begun, 'completed', { completedAt: said }).completedAt).toBe(recorded);
});
