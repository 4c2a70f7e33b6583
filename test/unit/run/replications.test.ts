import assert from 'node:assert/strict';
import { jitDurations } from '../../../src/analysis/jit-durations.ts';
import { spreadOf } from '../../../src/analysis/spread.ts';
import { factorAt, parseLatency, type Latency } from '../../../src/base/latency.ts';
import { Random } from '../../../src/base/random.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { replicate } from '../../../src/run/replications.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';

function settings(jit: string, more: Partial<RunSettings> = {}): RunSettings {
  const { medianUs, shape } = parseLatency(jit) as Latency;
  return { ...DEFAULT_SETTINGS, mode: 'latest', runners: 12, jitLatencyUs: medianUs, jitShape: shape, ...more };
}

describe('A run with latencies as a distribution', () => {
  it('has calls that are spread as the distribution says, whether or not calls wait for each other', () => {
    for (const mode of ['latest', '0.13.1']) {
      const given = settings('p50=100ms,p95=300ms', { mode, runners: 400 });
      const seenUs = jitDurations(simulate(given).trace, mode === 'latest').sort((a, b) => a - b);
      assert.equal(seenUs.length, 400);
      for (const [at, wantedUs] of [
        [0.5, 100_000],
        [0.95, 300_000],
      ] as const) {
        const us = seenUs[Math.floor(400 * at)] as number;
        assert.ok(Math.abs(Math.log(us / wantedUs)) < 0.25, `${mode}, p${100 * at}: ${us}`);
      }
    }
  });

  it('has requests to Kubernetes that are spread, too', () => {
    const { trace } = simulate({
      ...settings('lognormal(100ms,0.1)'),
      apiShape: { kind: 'lognormal', sigma: 1 },
      runners: 60,
    });
    const readsUs = [...trace.passes()]
      .flatMap(({ requests = [] }) => requests)
      .filter(({ verb, to }) => to === 'kubernetes' && verb === 'get')
      .map(({ started = 0, ended = 0, throttled = 0 }) => ended - started - throttled)
      .sort((a, b) => a - b);
    const [p10, p90] = [0.1, 0.9].map((at) => readsUs[Math.floor(at * readsUs.length)] as number) as [number, number];
    const { shape } = parseLatency('lognormal(1s,1)') as Latency;
    assert.ok(p90 / p10 > 0.6 * (factorAt(shape, 0.9) / factorAt(shape, 0.1)), `${p10} to ${p90}`);
  });

  it('is the same with the same seed, and without a distribution as it was', () => {
    const given = settings('lognormal(100ms,0.5)');
    assert.deepEqual(simulate(given).statistics, simulate(given).statistics);
    const plain = { ...DEFAULT_SETTINGS, mode: 'latest', runners: 12 };
    assert.deepEqual(simulate({ ...plain, jitShape: undefined }).statistics, simulate(plain).statistics);
  });
});

describe('Bands over seeds', function () {
  this.timeout(120_000);

  for (const [jit, mode] of [
    ['lognormal(200ms,0.3)', 'latest'],
    ['p50=200ms,p95=600ms', 'latest'],
    ['lognormal(200ms,0.8)', '0.13.1'],
  ] as const) {
    it(`cover new seeds in 95 ± 2 % (${mode}, ${jit})`, async () => {
      const seeds = 400;
      const pool = new SimulationPool(0);
      const [all] = await replicate(pool, [{ settings: settings(jit, { mode }) }], seeds, undefined);
      const lastUs = (all?.runs ?? []).map(({ statistics }) => statistics.lastPodUs ?? NaN);
      assert.equal(lastUs.length, seeds);
      const random = new Random(3, jit);
      const trials = 6000;
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        // Some seeds make the band, another one is new.
        const chosen = new Set<number>();
        while (chosen.size < 6) chosen.add(random.below(seeds));
        const [next, ...known] = [...chosen].map((seed) => lastUs[seed] as number);
        const { low, high } = spreadOf(known);
        if (low <= (next as number) && (next as number) <= high) covered++;
      }
      assert.ok(Math.abs(covered / trials - 0.95) <= 0.02, `${((100 * covered) / trials).toFixed(1)} of 100`);
    });
  }
});
