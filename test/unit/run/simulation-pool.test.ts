import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { simulateUnless } from '../../../src/run/embedded-run.ts';
import type { EmbeddedRun } from '../../../src/run/start-embedded.ts';
import type { RunSpec } from '../../../src/run/run-spec.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import type { SpecRun } from '../../../src/run/simulate-spec.ts';
import { SimulationCancelled, SimulationError } from '../../../src/run/simulation-errors.ts';
import { SimulationPool, threadsFor } from '../../../src/run/simulation-pool.ts';

describe('the simulation pool', function () {
  // Threads load the engine from its sources.
  this.timeout(120_000);

  const specs: readonly RunSpec[] = ['old', 'new', '0.14.2', '0.14.2-4390'].flatMap((mode) =>
    [1, 2].map((seed): RunSpec => {
      const settings = { ...DEFAULT_SETTINGS, mode, runners: 5 + 3 * seed, seed, podStartUs: 1e6, jobDurationUs: 5e6 };
      return { settings, trace: seed === 1 ? 'all' : undefined };
    }),
  );

  it('does the same runs in one, two or four threads, and without any', async () => {
    const [here, ...others] = await Promise.all(
      [0, 1, 2, 4].map(async (threads) => (await inPool(threads, specs)).map(digestOf)),
    );
    assert.equal(new Set(here).size, specs.length, 'the runs differ from one another');
    for (const other of others) assert.deepEqual(other, here);
  });

  it('does the same runs where the first are done here while threads start, and gives those up as well', async () => {
    const pool = new SimulationPool(2, RELEASES, true);
    try {
      const runs: SpecRun[] = [];
      for await (const run of pool.inOrder(specs)) runs.push(run);
      assert.deepEqual(runs.map(digestOf), (await inPool(0, specs)).map(digestOf));
    } finally {
      pool.dispose();
    }
    const other = new SimulationPool(2, RELEASES, true);
    const cancel = new AbortController();
    const large = { settings: { ...DEFAULT_SETTINGS, mode: 'old', runners: 20_000 } };
    const given = [other.run(large, cancel.signal), other.run(large, cancel.signal)];
    await new Promise((resolve) => setImmediate(resolve));
    cancel.abort();
    for (const one of given) await assert.rejects(one, SimulationCancelled);
    other.dispose();
  });

  it('starts its threads before there is a run, where that is wanted, and no others for runs', async () => {
    let started = 0;
    const count = (): void => void started++;
    process.on('worker', count);
    const pool = new SimulationPool(2);
    try {
      pool.warm();
      pool.warm();
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(started, 2);
      const runs = await Promise.all(specs.map((spec) => pool.run(spec)));
      assert.deepEqual(runs.map(digestOf), (await inPool(0, specs)).map(digestOf));
      assert.equal(started, 2);
    } finally {
      process.off('worker', count);
      pool.dispose();
    }
  });

  it('gives runs in the order in which they were asked for, with their traces where these are wanted', async () => {
    const runs = await inPool(2, specs);
    assert.deepEqual(
      runs.map(({ settings }) => settings),
      specs.map(({ settings }) => settings),
    );
    for (const [index, { trace, statistics }] of runs.entries()) {
      assert.equal(trace?.passCount, specs[index]?.trace === undefined ? undefined : statistics.passes);
    }
  });

  for (const threads of [0, 1]) {
    it(`gives up runs at once, those that wait too, and does others afterwards (${threads} threads)`, async () => {
      const pool = new SimulationPool(threads);
      try {
        const small = specs[0] as RunSpec;
        const before = digestOf(await pool.run(small));
        const cancel = new AbortController();
        const large = { settings: { ...DEFAULT_SETTINGS, mode: 'old', runners: 20_000 } };
        const given = [pool.run(large, cancel.signal), pool.run(large, cancel.signal)];
        const after = pool.run(small);
        // Until the first is under way, in the same thread or another.
        await new Promise((resolve) => setImmediate(resolve));
        cancel.abort();
        for (const one of given) await assert.rejects(one, SimulationCancelled);
        assert.equal(digestOf(await after), before, 'the thread is free for what comes after');
      } finally {
        pool.dispose();
      }
    });

    it(`says in a sentence why a run cannot be done, and goes on (${threads} threads)`, async () => {
      const pool = new SimulationPool(threads);
      try {
        const settings = { ...DEFAULT_SETTINGS, mode: 'new', pods: 'not-there.yaml' };
        await assert.rejects(pool.run({ settings }), (error) => {
          assert.ok(error instanceof SimulationError);
          assert.match(error.message, /not-there\.yaml/);
          return true;
        });
        assert.equal((await pool.run(specs[0] as RunSpec)).end.kind, 'quiet');
      } finally {
        pool.dispose();
      }
    });
  }

  it('asks whether a run is cancelled every hundred events, while runners come, wait and go', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 40, podStartUs: 1e6, jobDurationUs: 5e6 };
    const seen: { clock?: VirtualClock | undefined } = {};
    const options = { onStarted: (run: EmbeddedRun) => void (seen.clock = run.clock as VirtualClock) };
    const eventsRun = (): number => seen.clock?.eventsRun ?? 0;
    const asked: number[] = [];
    const ask = (): boolean => {
      asked.push(eventsRun());
      return false;
    };
    const { events = 0 } = simulateUnless(settings, options, ask) ?? {};
    const gaps = [...asked, events].map((event, index) => event - (asked[index - 1] ?? 0));
    assert.ok(events > 2_000 && Math.max(...gaps) <= 100, `${events} events, at most ${Math.max(...gaps)} at once`);
    const wanted = asked[asked.length >> 1] as number;
    seen.clock = undefined;
    const isCancelled = (): boolean => eventsRun() >= wanted;
    assert.equal(simulateUnless(settings, options, isCancelled), undefined);
    assert.equal(eventsRun(), wanted, 'nothing happens in a run that is cancelled');
  });

  it('asks also while it makes figures of the trace, and makes none of a run that is cancelled then', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 1_500 };
    let reads = 0;
    let hasEnded = false;
    const onStarted = (run: EmbeddedRun): void => {
      const end = run.end.bind(run);
      run.end = () => {
        end();
        hasEnded = true;
        const { passes, requests } = run.trace.rows;
        for (const column of [passes.lastRequest, passes.object, requests.to, requests.throttled]) {
          const get = column.get.bind(column);
          column.get = (row) => (reads++, get(row));
        }
      };
    };
    const gaps: number[] = [];
    const ask = (isCancelled: () => boolean): boolean => {
      if (hasEnded) gaps.push(reads - gaps.reduce((sum, gap) => sum + gap, 0));
      return isCancelled();
    };
    const whole = simulateUnless(settings, { onStarted }, () => ask(() => false));
    assert.equal(whole?.statistics.pods, 1_500);
    const [all, most] = [reads, Math.max(...gaps)];
    assert.ok(
      gaps.length > 20 && most < all / 5,
      `${gaps.length} times asked, at most ${most} of ${all} reads at once`,
    );
    [reads, hasEnded, gaps.length] = [0, false, 0];
    assert.equal(
      simulateUnless(settings, { onStarted }, () => ask(() => gaps.length === 3)),
      undefined,
    );
    assert.ok(reads <= 3 * most, `${reads} reads of a run that was cancelled, of ${all}`);
  });

  it('ends a stream of runs without an error when its signal comes', async () => {
    const pool = new SimulationPool(0);
    const cancel = new AbortController();
    const seen: SpecRun[] = [];
    for await (const run of pool.inOrder(specs, cancel.signal)) {
      seen.push(run);
      if (seen.length === 2) cancel.abort();
    }
    assert.equal(seen.length, 2);
  });

  it('ends every run: at its horizon, or when only the same passes repeat', async () => {
    const stuck = { ...DEFAULT_SETTINGS, mode: 'new', runners: 1, pods: 'job-still-running', jobDurationUs: 10e6 };
    const ends = await inPool(0, [{ settings: stuck }, { settings: stuck, horizonUs: 5e6 }]);
    assert.deepEqual(
      ends.map(({ end }) => end.kind),
      ['not-quiet', 'cut-off'],
    );
  });

  it('starts threads whatever options the process was started with', () => {
    const pool = new URL('../../../src/run/simulation-pool.ts', import.meta.url).href;
    const spec = { settings: { ...DEFAULT_SETTINGS, mode: 'new', runners: 3 } };
    const script = `
      const { SimulationPool } = await import(${JSON.stringify(pool)});
      const pool = new SimulationPool(1);
      console.log((await pool.run(${JSON.stringify(spec)})).statistics.pods);
      pool.dispose();`;
    const options = ['--input-type=module', '--eval', script];
    assert.equal(execFileSync(process.execPath, options, { encoding: 'utf8' }), '3\n');
  });

  it('starts no threads for what is done sooner without', () => {
    const of = (runners: number, count: number): RunSpec[] =>
      Array.from({ length: count }, () => ({ settings: { ...DEFAULT_SETTINGS, mode: 'new', runners } }));
    assert.equal(threadsFor(of(30, 6)), 0);
    assert.equal(threadsFor(of(100_000, 1)), 0, 'a single run keeps one thread busy, and this one is there');
    assert.ok(threadsFor(of(1000, 8)) >= 1);
  });
});

async function inPool(threads: number, specs: readonly RunSpec[]): Promise<SpecRun[]> {
  const pool = new SimulationPool(threads);
  try {
    const runs: SpecRun[] = [];
    for await (const run of pool.inOrder(specs)) runs.push(run);
    return runs;
  } finally {
    pool.dispose();
  }
}

function digestOf({ trace, ...figures }: SpecRun): string {
  const events = trace === undefined ? [] : [...trace.events()];
  return createHash('sha256')
    .update(JSON.stringify([figures, events]))
    .digest('hex');
}
