import assert from 'node:assert/strict';
import { closenessFor } from '../../../src/hindsight/affordable-futures.ts';
import { pointOfNoReturn } from '../../../src/hindsight/point-of-no-return.ts';
import { hindsightText } from '../../../src/hindsight/hindsight-text.ts';
import { parseHappenings } from '../../../src/run/happenings.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { simulateSpec } from '../../../src/run/simulate-spec.ts';

describe('how closely a run is looked at', () => {
  it('is as close as the time for all allows, and each future counts', () => {
    for (const runMs of [1, 10, 30, 100, 300, 1_000, 2_000]) {
      for (const given of [{}, { moments: 4 }, { futures: 2 }]) {
        const { moments, futures } = closenessFor(runMs, given, 2);
        // Bisection of a long run looks at up to 14 moments more.
        const tookMs = (futures * (moments + 14) * runMs) / 2;
        assert.ok(tookMs <= 40_000, `${runMs} ms, ${JSON.stringify(given)}: ${moments} x ${futures} take ${tookMs} ms`);
        assert.ok(moments >= 2 && futures >= 2);
      }
    }
    assert.deepEqual(closenessFor(1, {}, 2), { moments: 50, futures: 200, isCoarse: false });
    assert.deepEqual(closenessFor(1_000, {}, 2), { moments: 4, futures: 2, isCoarse: true });
  });

  it('is enough for an answer when the time is over at once, which then says between what', async () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'latest', runners: 1, podStartUs: 1_000_000 } as const;
    const spec = {
      ...{ settings, load: { happenings: parseHappenings('delete runner-1 at 150ms') } },
      subject: { kind: 'runner', key: 'arc-runners/runner-1' } as const,
    };
    let runs = 0;
    const hindsight = await pointOfNoReturn(spec, {
      ...{ moments: 50, futures: 2, withinMs: 0 },
      run: (one) => {
        runs++;
        const run = simulateSpec(one, () => false);
        return run === undefined ? Promise.reject(new Error('cancelled')) : Promise.resolve(run);
      },
    });
    assert.equal(runs, 4);
    assert.equal(hindsight.verdict.kind, 'event');
    assert.match(
      hindsightText(hindsight),
      /From \S+ on no future ends well\. What led there happened after 00:00\.000: there was no time to look closer\./,
    );
  });
});
