import assert from 'node:assert/strict';
import fc from 'fast-check';
import { simulate } from '../../../src/lab/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/lab/settings.ts';
import { syntheticTrace } from '../../../src/lab/synthetic-trace.ts';
import { Arrangement } from '../../../src/timeline/arrangement.ts';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind, isPassKind } from '../../../src/timeline/bars.ts';
import { BarWriter } from '../../../src/timeline/bar-writer.ts';
import { packBars, unpackBars } from '../../../src/timeline/packed-bars.ts';
import { findMatches, parseQuery } from '../../../src/timeline/query.ts';
import { windowStatistics } from '../../../src/timeline/window-statistics.ts';

const SETTINGS = { ...DEFAULT_SETTINGS, runners: 8, podStartUs: 500_000, jobDurationUs: 300_000 };

describe('the feed of bars', () => {
  for (const mode of ['old', 'new'] as const) {
    const { trace } = simulate({ ...SETTINGS, mode });

    it(`gives every pass and request of the trace a bar at its time, in ${mode} mode`, () => {
      const { store, names } = loaded(trace);
      const bars = allBars(store);
      for (const pass of trace.passes()) {
        const lane = names.indexOf(pass.runner);
        const has = (startUs: number, endUs: number, fits: (bar: Bar) => boolean): boolean =>
          bars.some((bar) => bar.lane === lane && bar.startUs === startUs && bar.endUs === endUs && fits(bar));
        assert.ok(
          has(pass.started, pass.ended, ({ kind }) => isPassKind(kind)),
          `no bar for ${JSON.stringify(pass)}`,
        );
        for (const request of pass.requests) {
          const isRequest = ({ kind }: Bar): boolean => kind >= BarKind.kubernetes && kind <= BarKind.refused;
          assert.ok(has(request.started + request.throttled, request.ended, isRequest), 'every request has a bar');
        }
        if (pass.started > pass.ready) {
          assert.ok(
            has(pass.ready, pass.started, ({ kind }) => kind === BarKind.queued),
            'every wait has a bar',
          );
        }
      }
      const marks = bars.filter(({ kind }) => kind === BarKind.markPodCreated);
      assert.equal(marks.length, 8, 'each runner gets one pod');
    });

    it(`gives the same bars whether it is taken at once or event by event, in ${mode} mode`, () => {
      const atOnce = allBars(loaded(trace).store);
      const bit = new BarFeed(trace);
      const store = new BarStore();
      while (bit.pending) for (const batch of bit.take(1).batches) store.append(batch);
      assert.deepEqual(allBars(store), atOnce);
    });

    it(`finds a pass by the number that its bars carry, in ${mode} mode`, () => {
      const feed = new BarFeed(trace);
      const store = new BarStore();
      const { lanes, batches } = feed.take();
      for (const batch of batches) store.append(batch);
      for (const bar of allBars(store).filter(({ kind }) => isPassKind(kind))) {
        const pass = feed.pass(bar.pass);
        assert.equal(pass?.runner, lanes[bar.lane]);
        assert.equal(pass?.started, bar.startUs);
        assert.equal(store.workerOfPass(bar.pass), pass?.worker);
      }
    });

    it(`arranges the same passes by worker, in ${mode} mode`, () => {
      const { store, words } = loaded(trace);
      const arranged = new Arrangement('worker', store, words);
      assert.deepEqual(arranged.names, ['worker 1', 'worker 2']);
      const passes = (of: BarStore): number => allBars(of).filter(({ kind }) => isPassKind(kind)).length;
      assert.equal(passes(arranged.store), passes(store));
      for (let lane = 0; lane < 2; lane++) {
        let lastEndUs = -1;
        arranged.store.forEach(lane, -Infinity, Infinity, ({ kind, startUs, endUs }) => {
          if (!isPassKind(kind)) return;
          assert.ok(startUs >= lastEndUs, 'a worker does one pass after the other');
          lastEndUs = endUs;
        });
      }
    });
  }
});

describe('bars on their way to the page', () => {
  it('keep times of hours and days, and bars that last longer than a word can tell', () => {
    const writer = new BarWriter();
    const dayUs = 86_400e6;
    writer.add(0, BarKind.podRunning, 1_000, 3 * dayUs, 0);
    writer.add(1, BarKind.pass, 2 * dayUs, 5_000, 3, true);
    writer.add(1, BarKind.pass, 10, 20, 3, true);
    const store = new BarStore();
    for (const batch of writer.take()) store.append(unpackBars(packBars(batch)));
    const running = allBars(store).filter(({ kind }) => kind === BarKind.podRunning);
    assert.equal(Math.min(...running.map(({ startUs }) => startUs)), 1_000);
    assert.equal(Math.max(...running.map(({ endUs }) => endUs)), 1_000 + 3 * dayUs);
    const passes = allBars(store).filter(({ kind }) => kind === BarKind.pass);
    assert.deepEqual(
      passes.map(({ startUs, endUs }) => [startUs, endUs]),
      [
        [2 * dayUs, 2 * dayUs + 5_000],
        [10, 30],
      ],
    );
  });

  it('are what they were when they arrive, whatever their words hold', () => {
    const word = fc.oneof(fc.nat(300), fc.nat(0xffff_ffff), fc.constantFrom(0x7fff_ffff, 0x8000_0000, 0xffff_ffff));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word, word)), fc.integer(), (bars, baseUs) => {
        const batch = { baseUs, words: Uint32Array.from(bars.flat()) };
        assert.deepEqual(unpackBars(packBars(batch)), batch);
      }),
      { numRuns: 1_000 },
    );
  });

  it('take less than eight bytes each in a large trace', () => {
    const { batches } = new BarFeed(syntheticTrace(100_000, 1_000)).take();
    const packed = batches.map(packBars);
    const bars = packed.reduce((sum, batch) => sum + batch.bars, 0);
    const bytes = packed.reduce((sum, batch) => sum + batch.bytes.byteLength, 0);
    assert.ok(bars > 90_000, `there are ${bars} bars only`);
    assert.ok(bytes < bars * 8, `${bars} bars take ${bytes} bytes`);
  });
});

describe('queries', () => {
  const { trace } = simulate({ ...SETTINGS, mode: 'new' });
  const { store, names, words } = loaded(trace);
  const count = (query: string): number => findMatches(store, names, words, parseQuery(query), 1_000).length;
  const passes = [...trace.passes()];

  it('mean passes by runner, by what is inside, by result and by duration', () => {
    assert.equal(count(''), passes.length);
    assert.equal(count('runner-3'), passes.filter(({ runner }) => runner.includes('runner-3')).length);
    const withJit = passes.filter(({ requests }) => requests.some(({ resource }) => resource === 'generatejitconfig'));
    assert.equal(count('in:generatejit'), withJit.length);
    assert.equal(count('result:requeue'), passes.filter(({ result }) => result === 'requeue').length);
    const long = passes.filter(({ started, ended }) => ended - started >= 100_000);
    assert.equal(count('>100ms'), long.length);
    assert.ok(long.length > 0 && long.length < passes.length, 'the example has long and short passes');
    assert.equal(count('runner-3 in:generatejit >100ms'), 1);
  });
});

describe('figures of a stretch of time', () => {
  const { trace } = simulate({ ...SETTINGS, mode: 'old' });
  const { store } = loaded(trace);
  const lanes = Array.from({ length: store.lanes }, (_, lane) => lane);

  it('count what ends in it', () => {
    const all = windowStatistics(store, lanes, -1, 1e12);
    const passes = [...trace.passes()];
    assert.equal(all.passes, passes.length);
    assert.equal(
      all.requests,
      passes.reduce((sum, { requests }) => sum + requests.length, 0),
    );
    const lengths = passes.map(({ started, ended }) => ended - started).sort((a, b) => a - b);
    assert.equal(all.p50PassUs, lengths[Math.floor(lengths.length / 2)]);
    const shares = Object.values(all.shares).reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(shares - 1) < 1e-9, `the shares add up to ${shares}`);
    const half = passes[Math.floor(passes.length / 2)]?.ended ?? 0;
    const first = windowStatistics(store, lanes, -1, half);
    assert.equal(first.passes, passes.filter(({ ended }) => ended <= half).length);
  });
});

function loaded(trace: ConstructorParameters<typeof BarFeed>[0]): {
  store: BarStore;
  names: readonly string[];
  words: readonly string[];
} {
  const { lanes, words, batches } = new BarFeed(trace).take();
  const store = new BarStore();
  for (const batch of batches) store.append(batch);
  return { store, names: lanes, words };
}

function allBars(store: BarStore): Bar[] {
  const bars: Bar[] = [];
  for (let lane = 0; lane < store.lanes; lane++) {
    store.forEach(lane, -Infinity, Infinity, (bar) => {
      if (bar.endUs !== Infinity) bars.push(bar);
    });
  }
  return bars;
}
