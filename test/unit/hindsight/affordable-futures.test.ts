import assert from 'node:assert/strict';
import { closenessFor } from '../../../src/hindsight/affordable-futures.ts';
import { pointOfNoReturn, type HindsightOptions } from '../../../src/hindsight/point-of-no-return.ts';
import { hindsightText } from '../../../src/hindsight/hindsight-text.ts';
import { parseHappenings } from '../../../src/run/happenings.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { SimulationCancelled } from '../../../src/run/simulation-errors.ts';
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

  describe('when there is no time', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'latest', runners: 1, podStartUs: 1_000_000 } as const;
    const spec = {
      ...{ settings, load: { happenings: parseHappenings('delete runner-1 at 150ms') } },
      subject: { kind: 'runner', key: 'arc-runners/runner-1' } as const,
    };

    /** Does runs one after another, up to some. */
    function runner(most = Infinity): { readonly run: HindsightOptions['run']; readonly made: () => number } {
      let runs = 0;
      const run: HindsightOptions['run'] = async (one, signal) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted || runs >= most) throw new SimulationCancelled();
        runs++;
        const made = simulateSpec(one, () => false);
        assert.ok(made !== undefined);
        return made;
      };
      return { run, made: () => runs };
    }

    it('is enough for an answer, which then says between what', async () => {
      const { run, made } = runner();
      const hindsight = await pointOfNoReturn(spec, { moments: 50, futures: 2, withinMs: 0, run });
      assert.equal(made(), 4);
      assert.equal(hindsight.verdict.kind, 'event');
      assert.match(
        hindsightText(hindsight),
        /From \S+ on no future ends well\. What led there happened after 00:00\.000: there was no time to look closer\./,
      );
    });

    it('looks at fewer futures of a moment than were asked for', async () => {
      const { run, made } = runner();
      const { estimates, verdict } = await pointOfNoReturn(spec, { moments: 50, futures: 30, withinMs: 0, run });
      assert.deepEqual([made(), verdict.kind], [4, 'event']);
      assert.deepEqual(
        estimates.map(({ of }) => of),
        [2, 2],
      );
    });

    it('gives what was found when it is interrupted, and nothing where that is too little', async () => {
      const options = { moments: 50, futures: 3 };
      const few = await pointOfNoReturn(spec, { ...options, run: runner(11).run });
      assert.deepEqual([few.isInterrupted, few.verdict.kind, few.estimates.length], [true, 'event', 3]);
      assert.match(hindsightText(few), /From 00:00\.150 on no future ends well/);
      const whole = await pointOfNoReturn(spec, { ...options, run: runner().run });
      assert.deepEqual([whole.isInterrupted, whole.verdict.kind], [false, 'event']);
      await assert.rejects(pointOfNoReturn(spec, { ...options, run: runner(5).run }), SimulationCancelled);
    });
  });
});
