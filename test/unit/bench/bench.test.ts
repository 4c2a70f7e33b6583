import assert from 'node:assert/strict';
import { bench, type BenchSide } from '../../../src/bench/bench.ts';
import { lifecycleOf } from '../../../src/analysis/lifecycle.ts';
import { benchEvidence } from '../../../src/bench/evidence.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';
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

function aSide(mode: string, done: number, all: number): BenchSide {
  return {
    settings: { ...DEFAULT_SETTINGS, mode },
    jobs: { all, done },
    ...{ undone: undefined, measures: {}, ratios: {}, waste: [], unfinished: [] },
  };
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

  it('says why a release did not do its jobs', async () => {
    const load = { scaleSet: { jobs: parseLoad('3 at once'), minRunners: 0, maxRunners: 3 } };
    const pool = new SimulationPool(0);
    const sides = ['0.14.0', '0.14.1'].map((mode) => ({ ...DEFAULT_SETTINGS, mode, jobDurationUs: 1e6 }));
    const text = benchText(await bench(pool, sides, [{ name: 'a', load, runners: 3 }], 4), [], 'text');
    pool.dispose();
    assert.match(text, /0\.14\.0 did none of 12 jobs with 4 seeds: its listener acquires no jobs\./);
    assert.doesNotMatch(text, /0\.14\.1 did/);
  });

  it('says first which release did not do its jobs, and compares it with none that did more', async () => {
    const of = (counts: readonly (readonly [mode: string, done: number, all: number])[]): string =>
      benchText(
        [{ name: 'Jobs', seeds: 4, sides: counts.map(([mode, done, all]) => aSide(mode, done, all)) }],
        [],
        'text',
      );
    const said = (text: string): string =>
      text
        .split('\n')
        .slice(2)
        .join('\n')
        .split(/\n\nmeasure/)[0] ?? '';
    assert.equal(
      said(
        of([
          ['a', 0, 20],
          ['b', 20, 20],
        ]),
      ),
      'a did none of 20 jobs with 4 seeds.\n'.trim(),
    );
    assert.equal(
      said(
        of([
          ['a', 20, 20],
          ['b', 0, 20],
        ]),
      ),
      'b did none of 20 jobs with 4 seeds.',
    );
    assert.equal(
      said(
        of([
          ['a', 1200, 4000],
          ['b', 4000, 4000],
        ]),
      ),
      'a did 1,200 of 4,000 jobs with 4 seeds.',
    );
    const both = said(
      of([
        ['a', 0, 20],
        ['b', 0, 20],
      ]),
    );
    assert.equal(both, 'a did none of 20 jobs with 4 seeds.\n\nb did none of 20 jobs with 4 seeds.');
    const three = said(
      of([
        ['a', 20, 20],
        ['b', 0, 20],
        ['c', 20, 20],
      ]),
    );
    assert.equal(three, 'b did none of 20 jobs with 4 seeds.\n\nc and a differ in nothing that seeds do not explain.');
    const none = said(
      of([
        ['a', 0, 0],
        ['b', 0, 0],
      ]),
    );
    assert.equal(none, 'b and a differ in nothing that seeds do not explain.', 'runners without jobs');
  });

  it('names no time that is hardly later, and no figure that reads the same', () => {
    const ratio = (factor: number) => ({ factor, low: factor - 0.004, high: factor + 0.004, p: 0.001 });
    const steady = (median: number) => ({ median, low: median, high: median });
    const [a, b] = [aSide('a', 20, 20), aSide('b', 20, 20)];
    const verdictOf = (firstPodUs: number, writes: number): string => {
      const base = { ...a, measures: { firstPodUs: steady(338_000), writes: steady(19.1) } };
      const other = {
        ...b,
        measures: { firstPodUs: steady(firstPodUs), writes: steady(writes) },
        ratios: { firstPodUs: ratio(firstPodUs / 338_000), writes: ratio(1.03) },
      };
      return benchText([{ name: 'Jobs', seeds: 4, sides: [base, other] }], [], 'text').split('\n')[2] ?? '';
    };
    assert.equal(verdictOf(346_000, 19.12), 'b and a differ in nothing that seeds do not explain.');
    assert.equal(
      verdictOf(400_000, 19.12),
      'b does worse than a: first pod after 338 ms → 400 ms (run against run × 1.18).',
    );
    assert.match(verdictOf(346_000, 19.7), /^b does worse than a: writes to Kubernetes a runner 19\.1 → 19\.7 \(run/);
  });

  it('gives times of a log no finer than its clock', async () => {
    const { trace } = jobsRun('latest', '3');
    const [first = '', ...lines] = traceLines(trace, trace.endedUs, 0);
    const read = (resolutionUs: number): TraceLog => {
      const header = { ...(JSON.parse(first) as object), sources: [{ kind: 'controller-log', resolutionUs }] };
      return parseTrace([`${JSON.stringify(header)}\n`, ...lines].join(''));
    };
    const sections = await results(0);
    const lastOf = (resolutionUs: number): string => {
      const row = /^last pod after .*$/m.exec(
        benchText(sections, [benchEvidence('a', read(resolutionUs))], 'text'),
      )?.[0];
      return row?.split(/ {2,}/).at(-1) ?? '';
    };
    assert.match(lastOf(1), /^\d+ ms$|^\d+\.\d\d s$/);
    assert.match(lastOf(1_000_000), /^less than \d\.00 s$|^\d+\.00 s to \d+\.00 s$/);
  });

  it('counts the jobs that are done of all seeds', async () => {
    const failing = { ...SIDES[0], pods: 'init-fails' } as RunSettings;
    const sides = [SIDES[0] as RunSettings, failing];
    const pool = new SimulationPool(0);
    const [section] = await bench(pool, sides, LOADS.slice(0, 1), 2, { horizonUs: 600e6 });
    pool.dispose();
    assert.deepEqual(
      section?.sides.map(({ jobs }) => jobs),
      [
        { all: 16, done: 16 },
        { all: 16, done: 0 },
      ],
    );
  });

  it('sees that a runner is removed sooner where its removal from GitHub is left to the background', async () => {
    const [section] = await results(0);
    const ratio = section?.sides[1]?.ratios.removalP50Us;
    assert.ok(ratio !== undefined && ratio.high < 1 && ratio.p < 0.05, JSON.stringify(ratio));
    const text = benchText([section as NonNullable<typeof section>], [], 'text');
    assert.match(
      text,
      /^Jobs: 8, 5 seeds\n\nlatest\+4664 does better than latest: .*job done to runner removed, p\d\d .* \(run against run × 0\.\d\d\)/,
    );
    assert.match(
      text,
      /Waste in latest, in the run of the first seed:\n(?: {2}.*\n)* {2}Workers waited .* Pull request 4664 changes that/,
    );
    const [, verdict = ''] = /^(latest\+4664 does better .*)$/m.exec(text) ?? [];
    assert.equal(verdict.match(/job done to runner removed/g)?.length, 1, 'of three percentiles one is named');
    assert.doesNotMatch(verdict, /× 1\.00/, 'what reads as no difference is none');
    assert.match(text, /latest\+4664 was not recorded in full/);
  });

  it('tells better from worse, and names the last pod and the requests first', async () => {
    const pods = ['0.13.1', '0.14.2'].map((mode): RunSettings => ({ ...(SIDES[0] as RunSettings), mode }));
    const [section] = await results(0, pods, 5);
    const text = benchText([section as NonNullable<typeof section>], [], 'text');
    assert.match(text, /^0\.14\.2 against 0\.13\.1, neither better nor worse: JIT calls at once 2 → 1/m);
    const [better = '', worse = ''] = ['better', 'worse'].map(
      (which) => new RegExp(`^0\\.14\\.2 does ${which} than 0\\.13\\.1: (.*)$`, 'm').exec(text)?.[1],
    );
    assert.doesNotMatch(`${better}${worse}`, /JIT calls at once/);
    assert.match(`${better}|${worse}`, /(^|\|)last pod after/);
    assert.match(text, /^Jobs a second: the jobs that were done, over the time/m);
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
