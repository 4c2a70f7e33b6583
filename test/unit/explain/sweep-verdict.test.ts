import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, parseDurationUs } from '../../../src/base/duration.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { combinations } from '../../../src/run/sweep.ts';
import { bestSettings } from '../../../src/explain/sweep-best.ts';
import { bucketFloorOf } from '../../../src/explain/floors.ts';
import { sweepVerdict } from '../../../src/explain/sweep-verdict.ts';

const AXES = { mode: ['old', 'new'] as const, workers: [1, 2, 10], qps: [5, 20, 80, 0] };
const rows = combinations({ ...DEFAULT_SETTINGS, mode: 'old', runners: 30 }, AXES).map((settings) =>
  simulate(settings),
);

/** A duration as sentences have it, in microseconds. */
function shownUs(text: string): number {
  return parseDurationUs(text.replaceAll(' ', '').replace('min', 'm')) ?? assert.fail(`${text} is no duration`);
}

const TEMPLATE = rows[0]?.statistics ?? assert.fail('no rows');
const SETTINGS: RunSettings = { ...DEFAULT_SETTINGS, mode: 'old', runners: 3 };
const LAST_PODS = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 190_000_000, max: 210_000_000 }));
const RUNS = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), LAST_PODS), { minLength: 1, maxLength: 6 });

/** Runs with these workers and last pods; the same workers make the same run. */
function rowsOf(runs: readonly (readonly [number, number])[]) {
  return [...runs].reverse().map(([workers]) => {
    const lastPodUs = runs.find(([own]) => own === workers)?.[1] ?? 0;
    const statistics = { ...TEMPLATE, lastPodUs, runners: 3, runnersWithPod: 3, requestsUntilLastPod: {} };
    return { settings: { ...SETTINGS, workers }, statistics };
  });
}

describe('what is said below the table of a sweep', () => {
  it('is a text for each mode and limit: what more workers do, and the floor of the bucket that holds them', () => {
    const texts = sweepVerdict(rows);
    assert.equal(texts.length, 8);
    assert.match(
      texts[3] ?? '',
      /^20 requests a second, new: up to 2 workers help \(last pod 7\.73 s → 5\.83 s\), more do not \(6\.12 s with 10\)\. Its \d+ requests for secrets \(30 at once, then 20 a second\) cannot be done in less than \d\.\d\d s\.$/,
    );
    assert.match(texts[6] ?? '', /^No limit, old: up to 10 workers help \(/);
    assert.doesNotMatch(texts[6] ?? '', /at once/);
  });

  it('names the one call at a time where that takes longer than what the bucket lets through', () => {
    const at = (workers: number) => simulate({ ...DEFAULT_SETTINGS, mode: '0.14.2', runners: 20, workers });
    const [text = ''] = sweepVerdict([1, 2, 4].map(at));
    assert.match(
      text,
      /^0\.14\.2: .* Calls to the Actions service run one at a time since ARC 0\.14\.0 \(#4390\): 20 calls, 200 ms each, alone take 4\.00 s\.$/,
    );
    assert.doesNotMatch(text, /requests for/);
  });

  it('names the limit only where it differs', () => {
    const [text = ''] = sweepVerdict(rows.filter(({ settings }) => settings.qps === 20));
    assert.match(text, /^old: up to 10 workers help \(last pod 10\.22 s → 6\.37 s\)\. Its 1\d\d requests /);
  });

  it('never contradicts its rows, for whatever last pods', () => {
    fc.assert(
      fc.property(RUNS, (runs) => {
        const made = rowsOf(runs);
        const [text = ''] = sweepVerdict(made);
        const lastOf = (workers: number): number =>
          made.find(({ settings }) => settings.workers === workers)?.statistics.lastPodUs ?? 0;
        const all = [...new Set(made.map(({ settings }) => settings.workers))].sort((a, b) => a - b);
        assert.equal(text === '', all.length === 1, `${text}: workers are compared where there are several`);
        for (const [, us = '', workers] of text.matchAll(/(?:\(|, |last pod )([\d.]+ [^(),→]+?) with (\d+)/g)) {
          assert.equal(us, formatDuration(lastOf(Number(workers))), text);
        }
        const enough = Number(/^old: (?:up to|more workers than) (\d+)/.exec(text)?.[1] ?? all[0]);
        const best = Math.min(...all.map(lastOf));
        assert.ok(lastOf(enough) * 0.95 <= best, `${text}\nbut others are really sooner`);
        const helped = /last pod (.*) → (.*?)\)/.exec(text);
        if (helped !== null) {
          assert.ok(shownUs(helped[2] ?? '') < shownUs(helped[1] ?? ''), text);
          assert.ok(lastOf(enough) < 0.95 * lastOf(all[0] ?? 0), `${text}\nbut that is hardly a help`);
        }
        const further = [...text.matchAll(/([\d.]+ [^(),→]+?) with \d+/g)].at(-1)?.[1];
        if (further === undefined) return;
        const isSooner = shownUs(further) < shownUs(formatDuration(lastOf(enough)));
        assert.equal(text.includes('hardly'), isSooner, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('compares runs only where every runner got its pod, and says nothing of the last pod of others', () => {
    const [one, two] = rowsOf([
      [1, 900_000],
      [10, 990_000],
    ]);
    assert.ok(one !== undefined && two !== undefined);
    assert.deepEqual(sweepVerdict([one, { ...two, statistics: { ...two.statistics, runnersWithPod: 2 } }]), []);
  });

  it('speaks of 1 runner in the singular', () => {
    const both = [1, 2].flatMap((runners) =>
      rowsOf([
        [1, 900_000],
        [2, 100_000],
      ]).map(({ settings, statistics }) => ({ settings: { ...settings, runners }, statistics })),
    );
    assert.match(sweepVerdict(both).join('\n'), /^1 runner, old: .*\n2 runners, old: /);
  });

  it('never puts a floor above the time until the last pod, for whatever settings', () => {
    for (const row of rows) assert.equal(bucketFloorOf(row) === undefined, row.settings.qps === 0);
    fc.assert(
      fc.property(
        fc.constantFrom('old', 'new'),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 400_000 }),
        (mode, runners, workers, qps, burst, jitLatencyUs) => {
          const settings = { ...DEFAULT_SETTINGS, mode, runners, workers, qps, burst, jitLatencyUs };
          const row = simulate(settings);
          const floor = bucketFloorOf(row);
          assert.ok((floor?.us ?? 0) <= (row.statistics.lastPodUs ?? 0), JSON.stringify({ floor, settings }));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('names the best setting, and the one with less that is as good, where limits differ', () => {
    const made = [
      [1, 20, 9_000_000],
      [1, 40, 5_000_000],
      [4, 40, 4_900_000],
      [4, 80, 4_850_000],
    ].map(([workers = 1, qps = 20, lastPodUs = 0]) => {
      const [row] = rowsOf([[workers, lastPodUs]]);
      return { ...row, settings: { ...row?.settings, qps } } as (typeof rows)[number];
    });
    assert.deepEqual(bestSettings(made), [
      'old: of 4 settings 4 workers, 80 requests a second is best (last pod 4.85 s); 1 worker, 40 requests a second is as good (5.00 s).',
    ]);
    assert.deepEqual(bestSettings(made.slice(0, 1)), []);
    assert.deepEqual(
      bestSettings(made.filter(({ settings }) => settings.qps === 40)),
      [],
      'that is about workers alone',
    );
    const best = bestSettings(rows);
    assert.equal(best.length, 2, 'one for each mode');
    for (const sentence of best) assert.doesNotMatch(sentence, /, [A-Z]/, 'a setting within a sentence has no capital');
    assert.match(best.join('\n'), /workers, no limit/);
  });

  it('says how long the limiter held a runner, which is never longer than the run', () => {
    for (const { statistics } of rows) {
      assert.ok(statistics.heldBackP50Us <= statistics.heldBackMaxUs);
      assert.ok(statistics.heldBackMaxUs <= statistics.makespanUs);
    }
  });
});

describe('figures of pods that are slow to start', () => {
  it('tell when the last container ran beside when the last pod was made', () => {
    const { statistics } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', pods: 'slow-node' });
    assert.equal(statistics.started, 3);
    assert.ok((statistics.lastStartedUs ?? 0) > (statistics.lastPodUs ?? 0) + 60_000_000);
    assert.equal(statistics.ready, statistics.started, 'each pod that started became ready');
    assert.ok((statistics.lastReadyUs ?? 0) >= (statistics.lastStartedUs ?? 0));
    assert.equal(simulate({ ...DEFAULT_SETTINGS, mode: 'new' }).statistics.lastStartedUs, null);
  });
});
