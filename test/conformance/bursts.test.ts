import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { simulate } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';

interface RecordedBurst {
  readonly throughSet: boolean;
  readonly mode: string;
  readonly workers: number;
  readonly jitMs: number;
  readonly n: number;
  readonly allRunnersCreatedMs: number;
  readonly median: number;
  readonly last: number;
  readonly k8sTotal: number;
  /** How fast the server was: see the file. */
  readonly gapMs: number;
}

type Burst = Pick<RecordedBurst, 'median' | 'last' | 'k8sTotal' | 'gapMs'>;

const FILE = new URL('./bursts.json', import.meta.url);
const SEEDS = [1, 2];
/**
 * How far a time may lie from the recorded one. While a burst's runners were being made the recordings' server was slower
 * than afterwards, which cost 0.1 to 0.2 s in all: a larger part of the median than of the end.
 */
const NEAR = { median: 0.065, last: 0.05 };
/** A longer gap is a wait: for the service, or for the client's limit. */
const LONGEST_GAP_MS = 40;

describe('bursts, beside those of the real controllers', () => {
  const { results } = JSON.parse(readFileSync(FILE, 'utf8')) as { results: readonly RecordedBurst[] };
  for (const recorded of results) {
    const { mode, workers, jitMs, n, throughSet } = recorded;
    const maker = throughSet ? 'by a set' : 'one by one';
    it(`${mode}: ${n} runners ${maker}, ${workers} workers, JIT calls of ${jitMs} ms: pods come when theirs did`, () => {
      const apiLatencyUs = latencyOf(recorded);
      const runs = SEEDS.map((seed) => burst(recorded, seed, apiLatencyUs));
      for (const what of ['median', 'last'] as const) {
        const ours = middle(runs.map((run) => run[what]));
        const off = ours / recorded[what] - 1;
        const figures = `${what} pod after ${Math.round(ours)} ms, recorded ${recorded[what]} ms`;
        assert.ok(Math.abs(off) <= NEAR[what], `${figures}: ${(100 * off).toFixed(1)} % off`);
      }
      const requests = runs.map(({ k8sTotal }) => k8sTotal);
      const [fewest, most] = [Math.min(...requests), Math.max(...requests)];
      // A pass on a stale cache, or one that serves two events, is a request more or less.
      const slack = Math.ceil(n / 30);
      const isWithin = recorded.k8sTotal >= fewest - slack && recorded.k8sTotal <= most + slack;
      assert.ok(isWithin, `${fewest} to ${most} requests to Kubernetes, recorded ${recorded.k8sTotal}`);
    });
  }
});

/** The recordings' machine had other work too. Its server was as much slower as the gaps between requests are longer. */
function latencyOf(recorded: RecordedBurst): number {
  const { apiLatencyUs } = DEFAULT_SETTINGS;
  return Math.round((apiLatencyUs * recorded.gapMs) / burst(recorded, 1, apiLatencyUs).gapMs);
}

function burst(recorded: RecordedBurst, seed: number, apiLatencyUs: number): Burst {
  const { workers, jitMs, n, throughSet, allRunnersCreatedMs } = recorded;
  const mode = RELEASES.get(recorded.mode).id;
  const settings = { ...DEFAULT_SETTINGS, mode, workers, runners: n, jitLatencyUs: jitMs * 1000, apiLatencyUs, seed };
  const { trace, originUs } = simulate(settings, { load: { throughSet } });
  const podsMs: number[] = [];
  const allMs: number[] = [];
  for (const { requests = [] } of trace.passes()) {
    for (const { to, verb, resource, status, started } of requests) {
      if (to !== 'kubernetes') continue;
      const atMs = ((started ?? NaN) - originUs) / 1000;
      allMs.push(atMs);
      if (verb === 'create' && resource === 'pods' && status === 201) podsMs.push(atMs);
    }
  }
  const last = Math.max(...podsMs);
  const between = allMs.filter((ms) => ms > allRunnersCreatedMs && ms <= last).sort((a, b) => a - b);
  const gaps = between.slice(1).map((ms, index) => ms - (between[index] ?? ms));
  const short = gaps.filter((ms) => ms > 0 && ms <= LONGEST_GAP_MS);
  const gapMs = short.reduce((sum, ms) => sum + ms, 0) / short.length;
  return { median: middle(podsMs), last, k8sTotal: allMs.length, gapMs };
}

/** Of an even number the later one, as in the recordings. */
function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
