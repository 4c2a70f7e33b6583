import assert from 'node:assert/strict';
import { simulate } from '../../src/lab/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../src/lab/settings.ts';
import { combinations } from '../../src/lab/sweep.ts';
import { floorOf, sweepVerdict } from '../../src/lab/sweep-verdict.ts';

const AXES = { mode: ['old', 'new'] as const, workers: [1, 2, 10], qps: [5, 20, 80, 0] };
const rows = combinations({ ...DEFAULT_SETTINGS, mode: 'old', runners: 30 }, AXES).map((settings) =>
  simulate(settings),
);

describe('what is said below the table of a sweep', () => {
  it('is a sentence for each limit: more workers that change nothing, and the floor of the bucket that holds them', () => {
    const sentences = sweepVerdict(rows);
    assert.equal(sentences.length, 4);
    assert.match(
      sentences[1] ?? '',
      /^20 requests a second: .*new: with more than 2 workers the last pod comes no sooner \(5\.83 s with 2, 6\.12 s with 10\), \d+ requests for secrets, 30 at once and then 20 a second, take at least \d\.\d\d s whatever the workers\.$/,
    );
    assert.match(sentences[3] ?? '', /^No limit: old: workers help up to 10 /);
    assert.doesNotMatch(sentences[3] ?? '', /at once/);
  });

  it('agrees with the rows: more workers are no help where none of them is really sooner, and only there', () => {
    for (const sentence of sweepVerdict(rows)) {
      const [limit = '', ...clauses] = sentence.split(/; |: (?=old: |new: )/);
      const qps = limit === 'No limit' ? 0 : Number.parseInt(limit, 10);
      for (const clause of clauses) {
        const mode = clause.startsWith('old') ? 'old' : 'new';
        const own = rows.filter(({ settings }) => settings.mode === mode && settings.qps === qps);
        const lastOf = (workers: number): number =>
          own.find(({ settings }) => settings.workers === workers)?.statistics.lastPodUs ?? 0;
        const enough = Number(/with more than (\d+)/.exec(clause)?.[1] ?? 10);
        for (const { settings } of own) {
          if (settings.workers > enough) assert.ok(lastOf(settings.workers) >= 0.95 * lastOf(enough), sentence);
          if (settings.workers < enough) {
            assert.ok(
              own.some(
                (other) =>
                  other.settings.workers > settings.workers &&
                  lastOf(other.settings.workers) < 0.95 * lastOf(settings.workers),
              ),
              sentence,
            );
          }
        }
      }
    }
  });

  it('never puts a floor above the time that the run took', () => {
    for (const row of rows) {
      const floor = floorOf(row);
      assert.equal(floor === undefined, row.settings.qps === 0);
      assert.ok((floor?.us ?? 0) <= (row.statistics.lastPodUs ?? 0), JSON.stringify(row.settings));
    }
  });

  it('tells of how long the limiter held a runner, which is never longer than the run', () => {
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
