import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { middle, playBurst, speedOf, type RecordedBurst } from './played-burst.ts';

const FILE = new URL('./bursts.json', import.meta.url);
const SEEDS = [1, 2, 3];
/** How far the middle and the last pod may lie from the recorded one. */
const NEAR = 0.05;
/**
 * How far the first pod may, as a ratio: as much as in the recordings two bursts of thirty with the same settings lay
 * apart. A runner that is registered in its first pass had its pod after 365 and 488 ms; one whose finalizers need passes
 * of their own, which come among those of all others, after 683 and 1253 ms.
 */
const FIRST_SPREAD = { registeredAtOnce: 488 / 365, amongOthers: 1253 / 683 };

describe('bursts, beside those of the real controllers', () => {
  const { results } = JSON.parse(readFileSync(FILE, 'utf8')) as { results: readonly RecordedBurst[] };
  for (const recorded of results) {
    const { mode, workers, jitMs, n, load } = recorded;
    it(`${mode}: ${n}, ${load}, ${workers} workers, JIT calls of ${jitMs} ms: pods come when theirs did`, () => {
      const speed = speedOf(recorded);
      const runs = SEEDS.map((seed) => playBurst(recorded, seed, speed));
      const oursOf = (what: 'first' | 'median' | 'last'): number => middle(runs.map((run) => run[what]));
      for (const what of ['median', 'last'] as const) {
        const off = oursOf(what) / recorded[what] - 1;
        assert.ok(Math.abs(off) <= NEAR, `${figures(what, recorded)}: ${(100 * off).toFixed(1)} % off`);
      }
      // Where the client's limit sets in just then, our own runs differ as much.
      const apart = Math.min(...runs.map(({ first }) => Math.exp(Math.abs(Math.log(first / recorded.first)))));
      const spread = FIRST_SPREAD[RELEASES.get(mode).switches.has(4320) ? 'registeredAtOnce' : 'amongOthers'];
      assert.ok(apart <= spread, `${figures('first', recorded)}: ${apart.toFixed(2)} times as long or short`);

      function figures(what: 'first' | 'median' | 'last', { [what]: theirs }: RecordedBurst): string {
        return `${what} pod after ${Math.round(oursOf(what))} ms, recorded ${theirs} ms`;
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
