import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { RECORDED_BURSTS, RECORDED_SERVERS_US } from '../../src/advice/recorded.ts';
import { speedOf, type RecordedBurst } from './played-burst.ts';

/** Advice says which figures rest on recordings: the list must be that of the recordings that bursts are compared with. */
describe('what advice calls recorded', () => {
  it('is what test/conformance/bursts.json has, and the thirty runners', () => {
    const file = new URL('./bursts.json', import.meta.url);
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as {
      results: readonly { mode: string; workers: number; jitMs: number; n: number }[];
    };
    const text = (burst: readonly unknown[]): string => burst.join(' ');
    const recorded = new Set(results.map(({ mode, workers, jitMs, n }) => text([mode, workers, jitMs, n])));
    assert.deepEqual(RECORDED_BURSTS.map(text).sort(), [...recorded].sort());
  });

  it('is what their API servers took for a request', () => {
    const file = new URL('./bursts.json', import.meta.url);
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: readonly RecordedBurst[] };
    const speeds = results.map((burst) => speedOf(burst).afterwardsUs);
    assert.deepEqual(RECORDED_SERVERS_US, [Math.min(...speeds), Math.max(...speeds)]);
  });
});
