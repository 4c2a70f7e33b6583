import assert from 'node:assert/strict';
import { bench } from '../../../src/bench/bench.ts';
import { lifecycleOf } from '../../../src/analysis/lifecycle.ts';
import { benchEvidence } from '../../../src/bench/evidence.ts';
import { benchJson, benchText } from '../../../src/report/bench-text.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import type { TraceLog } from '../../../src/trace/trace-log.ts';
import { jobsRun } from '../../builders/jobs-run.ts';

const SIDES = ['latest', 'latest+4664'].map((mode): RunSettings => ({ ...DEFAULT_SETTINGS, mode, jobDurationUs: 2e6 }));
const LOADS = ['8', '0s, 4s, 4s'].map((jobs) => ({
  name: `Jobs: ${jobs}`,
  load: { scaleSet: { jobs: parseLoad(jobs), minRunners: 0, maxRunners: 20 } },
  runners: 8,
}));

async function results(threads: number, sides = SIDES, seeds = 5) {
  const pool = new SimulationPool(threads);
  try {
    return await bench(pool, sides, LOADS, seeds);
  } finally {
    pool.dispose();
  }
}

/** When events of a kind happen to a runner, read event by event. */
function timesOf(trace: TraceLog, is: (event: Record<string, unknown>) => boolean): Map<string, number> {
  const found = new Map<string, number>();
  for (const event of trace.events()) {
    if (event.type !== 'object' || !is(event as unknown as Record<string, unknown>)) continue;
    const name = event.kind === 'Job' ? `arc-runners/${event.message ?? event.object}` : event.object;
    if (!found.has(name)) found.set(name, event.at);
  }
  return found;
}

describe('The benchmark', function () {
  this.timeout(60_000);

  it('says the same with any number of threads, and the same again', async () => {
    const [alone, threads, again] = [await results(0), await results(2), await results(0)];
    const text = benchText(alone, [], 'text');
    assert.equal(benchText(threads, [], 'text'), text);
    assert.equal(benchJson(threads, []), benchJson(alone, []));
    assert.equal(benchJson(again, []), benchJson(alone, []));
  });

  it('sees that a runner is removed sooner where its removal from GitHub is left to the background', async () => {
    const [section] = await results(0);
    const ratio = section?.sides[1]?.ratios.removalP50Us;
    assert.ok(ratio !== undefined && ratio.high < 1 && ratio.p < 0.05, JSON.stringify(ratio));
    const text = benchText([section as NonNullable<typeof section>], [], 'text');
    assert.match(
      text,
      /^Jobs: 8, 5 seeds\n\nlatest\+4664 against latest: .*job done to runner removed, p50 .* \(× 0\.\d\d\)/,
    );
    assert.match(
      text,
      /Waste in latest, in the run of the first seed:\n(?: {2}.*\n)* {2}Workers waited .* Pull request 4664 changes that/,
    );
    const [, verdict = ''] = /^(latest\+4664 against .*)$/m.exec(text) ?? [];
    assert.doesNotMatch(verdict, /× 1\.00/, 'what reads as no difference is none');
    assert.match(text, /latest\+4664 was not recorded in full/);
  });

  it('finds no difference where there is none', async () => {
    const [section] = await results(0, [SIDES[0] as RunSettings, { ...(SIDES[0] as RunSettings), seed: 100 }], 6);
    const sure = Object.entries(section?.sides[1]?.ratios ?? {}).filter(
      ([, { p, low, high }]) => p < 0.01 && (high < 1 || low > 1),
    );
    assert.deepEqual(sure, [], 'the same release with other seeds');
  });

  it('writes tables that Markdown reads as such', async () => {
    const text = benchText(await results(0), [benchEvidence('a_log|1', jobsRun('latest', '3').trace)], 'markdown');
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    const cells = new Set(table.map((line) => line.replaceAll('\\|', '').split('|').length));
    assert.equal(cells.size, 1, 'each row has as many cells as the header');
    assert.match(text, /a\\_log\\\|1/);
    assert.match(text, /^### Jobs: 8, 5 seeds$/m);
  });
});

describe('What maintainers measure', () => {
  const { trace } = jobsRun('latest', '12');
  const figures = lifecycleOf(trace);

  it('counts from the end of each job to the removal of its runner', () => {
    const done = timesOf(trace, ({ kind, phase }) => kind === 'Job' && phase === 'completed');
    const removed = timesOf(trace, ({ kind, deleted }) => kind === 'EphemeralRunner' && deleted === true);
    const all = [...done].map(([runner, us]) => (removed.get(runner) ?? NaN) - us).sort((a, b) => a - b);
    assert.equal(all.length, 12);
    assert.deepEqual([figures.removalP50Us, figures.removalP95Us, figures.removalP99Us], [all[6], all[11], all[11]]);
  });

  it('counts requests, writes and passes for each runner, and jobs from the first one on', () => {
    const requests = [...trace.events()].flatMap((event) =>
      event.type === 'pass' ? (event.requests ?? []) : event.type === 'request' ? [event] : [],
    );
    const kubernetes = requests.filter(({ to }) => to === 'kubernetes');
    assert.equal(figures.requests, kubernetes.length / 12);
    assert.equal(figures.writes, kubernetes.filter(({ verb }) => !['get', 'list'].includes(verb ?? '')).length / 12);
    const queued = timesOf(trace, ({ kind, phase }) => kind === 'Job' && phase === 'queued');
    const done = timesOf(trace, ({ kind, phase }) => kind === 'Job' && phase === 'completed');
    const lastUs = Math.max(...done.values()) - Math.min(...queued.values());
    assert.equal(figures.jobsASecond, 12e6 / lastUs);
  });

  it('sees as many JIT calls at once as the lock of the Actions client lets through', () => {
    assert.equal(figures.jitCallsAtOnce, 1);
    assert.equal(lifecycleOf(jobsRun('0.13.1', '12').trace).jitCallsAtOnce, 2);
  });
});
