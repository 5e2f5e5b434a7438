import { ON_ONE_N8N } from '../../bench/benchmarks.mts';
import { sectionOf } from '../../bench/page.mts';
import { svgOf } from '../../bench/plot.mts';
import { openStage, type Stage } from '../../bench/stage.mts';
import { START_TIMEOUT_MS } from './n8n.mts';

let stage: Stage;
beforeAll(async () => {
	stage = await openStage();
}, START_TIMEOUT_MS);
afterAll(async () => await stage?.stop(), 60_000);

test.each(ON_ONE_N8N)(
	'the benchmark $name measures every row of its table',
	async (benchmark) => {
		stage.sandbox.reset();
		const findings = await benchmark.run(stage, 1, 'smoke');

		const section = sectionOf(benchmark, findings, 1);
		expect(section).not.toMatch(/NaN|not measured|undefined/);
		for (const row of findings.rows) expect(row).toHaveLength(findings.columns.length);
		for (const bar of findings.plot?.bars ?? []) expect(bar.values).toHaveLength(1);
		if (findings.plot) expect(svgOf(findings.plot)).not.toContain('NaN');
	},
	120_000,
);
