import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import type { EmbeddedRun } from '../../../src/run/start-embedded.ts';
import { startRun } from '../../../src/run/start-run.ts';
import { blindTimes } from '../../../src/timeline/blind-times.ts';

const S = 1_000_000;

function started(): { clock: VirtualClock; run: EmbeddedRun; lostSince: (us: number) => void; back: () => void } {
  const clock = new VirtualClock();
  const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 1 };
  const run = startRun({ kind: 'embedded' }, settings, { clock, onCreationFailed: () => undefined });
  return {
    clock,
    run,
    lostSince: (us) =>
      run.connectionChanged({ state: 'lost', sinceMs: VIRTUAL_EPOCH_MS + us / 1000, error: 'no answer within 4 s' }),
    back: () => run.connectionChanged({ state: 'connected' }),
  };
}

describe('the times in which a cluster cannot be seen', () => {
  it('begin when it was last seen, not when that was noticed, and are kept in the trace when it is seen again', () => {
    const { clock, run, lostSince, back } = started();
    clock.run(9 * S);
    lostSince(2 * S);
    assert.equal(run.blindSinceUs, 2 * S);
    assert.deepEqual(blindTimes(run.trace, run.blindSinceUs), [{ fromUs: 2 * S, toUs: null }]);
    clock.run(30 * S);
    back();
    back();
    assert.equal(run.blindSinceUs, undefined);
    clock.run(40 * S);
    lostSince(35 * S);
    clock.run(50 * S);
    back();
    assert.deepEqual(blindTimes(run.trace), [
      { fromUs: 2 * S, toUs: 30 * S },
      { fromUs: 35 * S, toUs: 50 * S },
    ]);
    run.end();
  });

  it('last until the run ends where it ends without having seen it again, and do not change after that', async () => {
    const { clock, run, lostSince } = started();
    clock.run(9 * S);
    lostSince(-3 * S);
    clock.run(20 * S);
    const stopped = run.stop();
    clock.run(60 * S);
    await stopped;
    const [time, ...others] = blindTimes(run.trace, run.blindSinceUs);
    assert.deepEqual([time, ...others], [{ fromUs: 0, toUs: run.trace.endedUs ?? -1 }]);
    lostSince(30 * S);
    assert.equal(run.blindSinceUs, undefined);
    assert.equal(blindTimes(run.trace).length, 1);
  });
});
