import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { simulate } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';

interface RecordedBurst {
  readonly mode: string;
  readonly workers: number;
  readonly jitMs: number;
  readonly n: number;
  readonly median: number;
  readonly last: number;
  readonly k8sTotal: number;
}

const FILE = new URL('./set-recordings/bursts.json', import.meta.url);
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const NEAR = 0.05;

describe('bursts through a set, beside those of the real controllers', () => {
  const { results } = JSON.parse(readFileSync(FILE, 'utf8')) as { results: readonly RecordedBurst[] };
  for (const recorded of results) {
    const { mode, workers, jitMs, n } = recorded;
    it(`${mode}: ${n} runners, ${workers} workers, JIT calls of ${jitMs} ms: pods come when theirs did`, () => {
      const runs = SEEDS.map((seed) => burst(recorded, seed));
      for (const what of ['median', 'last'] as const) {
        const ours = middle(runs.map((run) => run[what]));
        const off = ours / recorded[what] - 1;
        const figures = `${what} pod after ${Math.round(ours)} ms, recorded ${recorded[what]} ms`;
        assert.ok(Math.abs(off) <= NEAR, `${figures}: ${(100 * off).toFixed(1)} % off`);
      }
      const requests = runs.map(({ k8sTotal }) => k8sTotal);
      const [fewest, most] = [Math.min(...requests), Math.max(...requests)];
      const isWithin = recorded.k8sTotal >= fewest && recorded.k8sTotal <= most;
      assert.ok(isWithin, `${fewest} to ${most} requests to Kubernetes, recorded ${recorded.k8sTotal}`);
    });
  }
});

function burst(
  { mode, workers, jitMs, n }: RecordedBurst,
  seed: number,
): Pick<RecordedBurst, 'median' | 'last' | 'k8sTotal'> {
  const settings = { ...DEFAULT_SETTINGS, mode, workers, runners: n, jitLatencyUs: jitMs * 1000, seed };
  const { trace, originUs } = simulate(settings, { load: { throughSet: true } });
  const podsMs: number[] = [];
  let k8sTotal = 0;
  for (const { requests = [] } of trace.passes()) {
    for (const { to, verb, resource, status, started } of requests) {
      if (to !== 'kubernetes') continue;
      k8sTotal++;
      if (verb === 'create' && resource === 'pods' && status === 201) podsMs.push(((started ?? NaN) - originUs) / 1000);
    }
  }
  return { median: middle(podsMs), last: Math.max(...podsMs), k8sTotal };
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? NaN;
}
