import assert from 'node:assert/strict';
import fc from 'fast-check';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { syntheticTrace } from '../../../src/trace/synthetic-trace.ts';
import { Arrangement } from '../../../src/timeline/arrangement.ts';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { barsOf, BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import {
  BarKind,
  isPassKind,
  isRequestKind,
  kindLabel,
  MAX_DETAIL,
  Track,
  TRACK_OF_KIND,
} from '../../../src/timeline/bars.ts';
import { BarWriter } from '../../../src/timeline/bar-writer.ts';
import type { RequestTarget } from '../../../src/timeline/feed-names.ts';
import { barAt } from '../../../src/timeline/hit-test.ts';
import { findMatches, parseQuery } from '../../../src/timeline/query.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { windowStatistics } from '../../../src/timeline/window-statistics.ts';
import { A_HEADER, beginPass, beginWait, endPass, knownPasses } from '../../builders/traces.ts';

const SETTINGS = { ...DEFAULT_SETTINGS, runners: 8, podStartUs: 500_000, jobDurationUs: 300_000 };

describe('the feed of bars', () => {
  it('gives runners of one list lanes as people count, and those that come later the next ones', () => {
    const log = new TraceLog(A_HEADER);
    const names = ['arc/runner-1', 'arc/runner-10', 'arc/runner-2', 'arc/b-9', 'arc/a-1'];
    const times = [10, 20, 30, 500_000, 900_000];
    names.forEach((object, index) => log.addObject({ kind: 'EphemeralRunner', object, at: times[index] ?? 0 }));
    assert.deepEqual(new BarFeed(log).take().lanes, [
      ...['arc/runner-1', 'arc/runner-2', 'arc/runner-10'],
      ...['arc/b-9', 'arc/a-1'],
    ]);
  });

  for (const mode of ['old', 'new'] as const) {
    const { trace } = simulate({ ...SETTINGS, mode });

    it(`gives every pass and request of the trace a bar at its time, in ${mode} mode`, () => {
      const { store, names } = loaded(trace);
      const bars = allBars(store);
      for (const pass of knownPasses(trace)) {
        const lane = names.indexOf(pass.object);
        const has = (startUs: number, endUs: number, fits: (bar: Bar) => boolean): boolean =>
          bars.some((bar) => bar.lane === lane && bar.startUs === startUs && bar.endUs === endUs && fits(bar));
        assert.ok(
          has(pass.started, pass.ended, ({ kind }) => isPassKind(kind)),
          `no bar for ${JSON.stringify(pass)}`,
        );
        for (const request of pass.requests) {
          const isRequest = ({ kind }: Bar): boolean => isRequestKind(kind);
          const sentUs = request.started + request.throttled + (request.locked ?? 0);
          assert.ok(has(sentUs, request.ended, isRequest), 'every request has a bar');
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
      while (bit.pending) store.append(bit.take(1).bars);
      assert.deepEqual(allBars(store), atOnce);
    });

    it(`finds a pass by the number that its bars carry, in ${mode} mode`, () => {
      const feed = new BarFeed(trace);
      const store = new BarStore();
      const { lanes, bars } = feed.take();
      store.append(bars);
      for (const bar of allBars(store).filter(({ kind }) => isPassKind(kind))) {
        const pass = feed.pass(bar.pass);
        assert.equal(pass?.object, lanes[bar.lane]);
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

describe('lanes by kind of request', () => {
  const settings = { ...SETTINGS, runners: 30, workers: 10 };
  const arranged = (['old', 'new'] as const).map((mode) => {
    const { trace } = simulate({ ...settings, mode });
    const { store, words } = loaded(trace);
    return { by: new Arrangement('api', store, words), runners: store, words, trace };
  });

  it('have every request once, and none that is at the same time as another of its lane', () => {
    for (const { by, runners } of arranged) {
      const isRequest = ({ kind }: Bar): boolean => kind >= BarKind.throttled && kind <= BarKind.refused;
      assert.equal(allBars(by.store).length, allBars(runners).filter(isRequest).length);
      for (let lane = 0; lane < by.store.lanes; lane++) {
        const bars: Bar[] = [];
        by.store.forEach(lane, -Infinity, Infinity, (bar) => bars.push(bar));
        bars.sort((a, b) => a.startUs - b.startUs);
        bars.forEach((bar, at) => {
          const before = bars[at - 1];
          assert.ok(before === undefined || before.endUs <= bar.startUs, `${by.names[lane]}: two calls share a bar`);
        });
      }
      assert.ok(by.names.length > by.kinds, 'ten workers make calls of one kind at the same time');
    }
  });

  it('are in the same order in all sessions, the rows of a kind together', () => {
    const orders = arranged.map(({ by }) => [...new Set([...by.order].map((lane) => by.names[lane] ?? ''))]);
    const shared = (orders[0] ?? []).filter((name) => orders[1]?.includes(name));
    for (const [number, { by }] of arranged.entries()) {
      const names = [...by.order].map((lane) => by.names[lane] ?? '');
      assert.equal(names.filter((name, at) => name !== names[at - 1]).length, by.kinds, names.join());
      assert.deepEqual(
        orders[number]?.filter((name) => shared.includes(name)),
        shared,
      );
    }
  });

  it('are the same whether bars come at once or one by one', () => {
    for (const { by, runners, words } of arranged) {
      const late = new Arrangement('api', new BarStore(), words);
      for (const bar of allBars(runners)) late.add(bar);
      assert.equal(late.kinds, by.kinds);
      assert.equal(late.store.length, by.store.length);
    }
  });
});

describe('requests in flight', () => {
  /** Two workers ask for the same at once; the limiter holds the second back until 60. */
  function twoPasses(): { log: TraceLog; passes: [number, number] } {
    const log = new TraceLog(A_HEADER);
    const passes = [0, 1].map((worker) => beginPass(log, `ns/${worker}`, 10, { worker, queued: 0 }));
    passes.forEach((pass, worker) => log.beginRequest(pass, request(worker === 0 ? 0 : 40, 20)));
    return { log, passes: passes as [number, number] };
  }
  const request = (throttled: number, started: number) =>
    ({ verb: 'get', resource: 'secrets', throttled, started, to: 'kubernetes' }) as const;

  /** The lanes by kind of request, and how they take what has come since. */
  function live(log: TraceLog): { by: Arrangement; take: (nowUs: number) => void } {
    const feed = new BarFeed(log);
    const runners = new BarStore();
    const words: string[] = [];
    const by = new Arrangement('api', runners, words);
    return {
      by,
      take(nowUs) {
        const { words: more, bars } = feed.take(Infinity, nowUs);
        words.push(...more);
        runners.append(bars);
        for (const bar of barsOf(bars)) by.add(bar);
      },
    };
  }

  it('have a bar without an end in the lane of their kind, held back or sent, each in a row of its own', () => {
    const { log } = twoPasses();
    const { by, take } = live(log);
    take(30);
    assert.deepEqual(by.names, ['GET secrets', 'GET secrets']);
    assert.deepEqual(openBars(by.store), [
      [0, BarKind.kubernetes, 20, 0],
      [1, BarKind.throttled, 20, 1],
    ]);
    take(80);
    assert.deepEqual(openBars(by.store), [
      [0, BarKind.kubernetes, 20, 0],
      [1, BarKind.kubernetes, 60, 1],
    ]);
  });

  it('are there also where the lanes are made while they are in flight', () => {
    const { log } = twoPasses();
    const { store, words } = loaded(log);
    assert.deepEqual(openBars(new Arrangement('api', store, words).store).length, 2);
  });

  it('end where they were, and leave their row to the next', () => {
    const { log, passes } = twoPasses();
    const { by, take } = live(log);
    take(80);
    log.endRequest(passes[0], { status: 200, ended: 90 });
    endPass(log, passes[0], 95);
    take(100);
    assert.deepEqual(openBars(by.store), [[1, BarKind.kubernetes, 60, 1]]);
    const next = beginPass(log, 'ns/0', 100, { trigger: 'ephemeralrunner-updated', queued: 95 });
    log.beginRequest(next, request(0, 100));
    take(110);
    assert.deepEqual(openBars(by.store), [
      [0, BarKind.kubernetes, 100, 2],
      [1, BarKind.kubernetes, 60, 1],
    ]);
    assert.equal(by.names.length, 2, 'the row of the request that has ended is free');
    assert.deepEqual(
      allBars(by.store)
        .filter(({ endUs }) => endUs < Infinity)
        .map(({ lane, startUs, endUs }) => [lane, startUs, endUs])
        .sort(),
      [
        [0, 20, 90],
        [1, 20, 60],
      ],
    );
  });

  it('end with their pass where their own end is not known', () => {
    const { log, passes } = twoPasses();
    const { by, take } = live(log);
    take(80);
    endPass(log, passes[0], 95, { result: 'error', error: 'aborted' });
    take(100);
    assert.deepEqual(openBars(by.store), [[1, BarKind.kubernetes, 60, 1]]);
  });
});

describe('what has not ended', () => {
  it('has open and closed bars, the same whether they are read at once or in parts, and keeps its pass number to the end', () => {
    const log = new TraceLog(A_HEADER);
    const bit = new BarFeed(log);
    const store = new BarStore();
    const words: string[] = [];
    const look = (nowUs: number): void => {
      const update = bit.take(Infinity, nowUs);
      words.push(...update.words);
      store.append(update.bars);
    };
    const worded = (bars: Bar[], of: readonly string[]): object[] =>
      bars.map((bar) => (isPassKind(bar.kind) ? bar : { ...bar, detail: of[bar.detail] }));
    const atOnce = (nowUs: number): object[] => {
      const whole = new BarStore();
      const update = new BarFeed(log).take(Infinity, nowUs);
      whole.append(update.bars);
      return worded(sorted(whole), update.words);
    };
    const open = (): string[] =>
      sorted(store)
        .filter(({ endUs }) => endUs === Infinity)
        .map(({ kind, startUs, pass, detail }) => {
          return `${kindLabel(kind)} ${startUs} of ${pass} ${isPassKind(kind) ? detail : (words[detail] ?? '')}`;
        });

    beginWait(log, 'ns/a', 'error', 100, 5_100);
    look(200);
    assert.deepEqual(open(), ['back-off or delay 100 of -1 error']);
    beginWait(log, 'ns/a', 'error', 100, 5_100);
    look(5_200);
    assert.deepEqual(open(), ['waiting for a worker 5100 of -1 error'], 'its delay has passed');

    log.endWait('ns/a', 'ephemeralrunner');
    const pass = beginPass(log, 'ns/a', 6_000, { worker: 3, attempt: 2, trigger: 'error', queued: 100, ready: 5_100 });
    log.beginPhase(pass, 'register', 6_000);
    const request = { to: 'actions' as const, verb: 'post', resource: 'generatejitconfig' };
    log.beginRequest(pass, { ...request, throttled: 0, started: 6_100 });
    look(7_000);
    const inFlight = [
      'pass 6000 of 0 3',
      'Actions service 6100 of 0 POST generatejitconfig',
      'phase 6000 of 0 register',
    ];
    assert.deepEqual(open(), inFlight);
    beginWait(log, 'ns/a', 'ephemeralrunner-updated', 7_500, 7_500);
    look(8_000);
    assert.deepEqual(open(), inFlight, 'what comes after the pass is shown when that has ended');
    log.endRequest(pass, { status: 200, ended: 8_100 });
    log.beginPhase(pass, 'secret', 8_200);
    log.beginRequest(pass, {
      ...request,
      to: 'kubernetes',
      verb: 'create',
      resource: 'secrets',
      throttled: 900,
      started: 8_300,
    });
    look(8_400);
    assert.deepEqual(open(), [
      'pass 6000 of 0 3',
      'held back by the client limiter 8300 of 0 CREATE secrets',
      'phase 8200 of 0 secret',
    ]);
    assert.deepEqual(worded(sorted(store), words), atOnce(8_400), 'a page that begins in the middle sees the same');
    look(9_300);
    assert.equal(open()[1], 'Kubernetes request 9200 of 0 CREATE secrets', 'the limiter has let it go');
    assert.deepEqual(worded(sorted(store), words), atOnce(9_300));

    log.endRequest(pass, { status: 201, ended: 9_400 });
    endPass(log, pass, 9_500);
    look(9_600);
    assert.deepEqual(open(), ['waiting for a worker 7500 of -1 ephemeralrunner-updated']);
    assert.deepEqual(worded(sorted(store), words), atOnce(9_600), 'nothing is there twice and nothing is missing');
    assert.deepEqual(new Set(sorted(store).map((bar) => bar.pass)), new Set([0, -1]));
    assert.equal(bit.pass(0)?.ended, 9_500);
  });

  it('is among the lanes of workers too: which pass a worker is held by', () => {
    const log = new TraceLog(A_HEADER);
    const done = beginPass(log, 'ns/a', 10, { worker: 1, queued: 0 });
    endPass(log, done, 20);
    beginPass(log, 'ns/b', 30, { worker: 1, queued: 0 });
    const { store, words } = loaded(log);
    const arranged = new Arrangement('worker', store, words);
    assert.deepEqual(openBars(arranged.store), [[1, BarKind.pass, 30, 1]]);
    const next = beginPass(log, 'ns/c', 40, { queued: 0 });
    endPass(log, 1, 50);
    endPass(log, next, 60);
    const { bars } = new BarFeed(log).take();
    const live = new BarStore();
    const alongside = new Arrangement('worker', live, words);
    live.append(bars);
    for (const bar of barsOf(bars)) alongside.add(bar);
    assert.deepEqual(openBars(alongside.store), []);
  });
});

describe('bars on their way to the page', () => {
  it('are one bar each, of whatever length up to thirty days, and come as they were sent', () => {
    const thirtyDaysUs = 30 * 86_400e6;
    const time = fc.oneof(
      fc.nat(1_000_000),
      fc.nat(thirtyDaysUs),
      fc.constantFrom(...[2 ** 28, 2 ** 31, 2 ** 32].flatMap((edge) => [edge - 2, edge - 1, edge, edge + 1])),
    );
    const aBar = fc.record({
      lane: fc.nat(300),
      kind: fc.constantFrom(BarKind.queued, BarKind.pass, BarKind.kubernetes, BarKind.podRunning),
      startUs: time,
      lengthUs: time,
      detail: fc.oneof(fc.nat(40), fc.constant(MAX_DETAIL)),
      pass: fc.nat(100_000),
    });
    fc.assert(
      fc.property(fc.array(aBar, { maxLength: 60 }), fc.boolean(), (bars, isCompacted) => {
        const writer = new BarWriter();
        for (const { lane, kind, startUs, lengthUs, detail, pass } of bars) {
          writer.add(lane, kind, startUs, lengthUs, detail, isPassKind(kind) ? pass : pass - 1);
        }
        const store = new BarStore();
        const packed = writer.take();
        store.append(packed);
        if (isCompacted) store.compact();
        const sent = bars.map(({ lengthUs, ...bar }) => ({
          ...bar,
          pass: isPassKind(bar.kind) ? bar.pass : bar.pass - 1,
          endUs: bar.startUs + lengthUs,
        }));
        assert.deepEqual([...barsOf(packed)], sent);
        const byLane = Array.from({ length: store.lanes }, (_, lane) => sent.filter((bar) => bar.lane === lane)).flat();
        assert.deepEqual(allBars(store), byLane);
      }),
      { numRuns: 500 },
    );
  });

  it('say nothing of those before when they are taken again', () => {
    const writer = new BarWriter();
    const bar = [7, BarKind.pass, 5e12, 40, 1, 9] as const;
    writer.add(...bar);
    const first = writer.take();
    writer.add(...bar);
    const again = writer.take();
    assert.deepEqual([...barsOf(again)], [...barsOf(first)]);
    assert.deepEqual(
      [...barsOf(again)],
      [{ lane: 7, kind: BarKind.pass, startUs: 5e12, endUs: 5e12 + 40, pass: 9, detail: 1 }],
    );
    assert.equal(writer.take().count, 0);
  });

  it('have no time where two states are known to a stretch of time and may have come together', () => {
    const log = new TraceLog(A_HEADER);
    const runner = { kind: 'EphemeralRunner', object: 'ns/a' };
    log.addObject({ ...runner, at: 10, until: 20, phase: 'Pending' });
    log.addObject({ ...runner, at: 15, until: 30, phase: 'Running' });
    log.addObject({ ...runner, at: 50, phase: 'Succeeded' });
    const { store } = loaded(log);
    const states = allBars(store).filter(({ kind }) => TRACK_OF_KIND[kind] === Track.runner);
    assert.deepEqual(
      states.map(({ kind, startUs, endUs }) => [kind, startUs, endUs]),
      [
        [BarKind.runnerPending, 20, 20],
        [BarKind.runnerRunning, 30, 50],
      ],
    );
  });

  it('of a request that comes before its pass are in no lane of a worker', () => {
    const log = new TraceLog(A_HEADER);
    const pass = beginPass(log, 'ns/a', 10, { id: 'a', worker: 1, queued: 0 });
    const request = { to: 'kubernetes', verb: 'get', resource: 'pods', object: 'ns/a' } as const;
    log.addRequest({ ...request, pass: 'a', started: 20, ended: 30, status: 200 });
    endPass(log, pass, 40);
    const feed = new BarFeed(log);
    const runners = new BarStore();
    const workers = new Arrangement('worker', runners, []);
    while (feed.pending) {
      const { bars } = feed.take(1);
      runners.append(bars);
      for (const bar of barsOf(bars)) workers.add(bar);
    }
    assert.deepEqual(workers.names, ['worker 1', 'worker 2']);
    assert.deepEqual(
      allBars(workers.store).map(({ lane, startUs }) => [lane, startUs]),
      [[1, 10]],
    );
  });

  const HOUR_US = 3_600e6;
  for (const hours of [1, 1.2, 3, 24, 7 * 24, 30 * 24]) {
    it(`are one bar with one hit, from the trace to the pointer, when they last for ${hours} h`, () => {
      const lastsUs = hours * HOUR_US;
      const log = new TraceLog(A_HEADER);
      const runner = { kind: 'EphemeralRunner', object: 'ns/a', runnerId: 1 };
      log.addObject({ ...runner, at: 0, phase: 'Running', pod: 'running' });
      const short = beginPass(log, 'ns/a', 1_000, { queued: 0 });
      endPass(log, short, 2_000);
      const long = beginPass(log, 'ns/a', 10_000, { trigger: 'pod-updated' });
      endPass(log, long, 10_000 + lastsUs);
      log.addObject({ ...runner, at: 20_000 + lastsUs, phase: 'Succeeded', pod: 'succeeded' });
      const { store } = loaded(log);
      const bars = allBars(store);
      const lengths = (kind: BarKind): number[] =>
        bars.filter((bar) => bar.kind === kind).map(({ startUs, endUs }) => endUs - startUs);
      assert.deepEqual(lengths(BarKind.pass), [1_000, lastsUs], 'a pass is more or less than one bar');
      assert.deepEqual(lengths(BarKind.podRunning), [20_000 + lastsUs], 'a pod is more or less than one bar');
      for (const part of [0.001, 0.3, 0.6, 0.999]) {
        const found = barAt(store, [0], 0, 1, 30, 8, 10_000 + lastsUs * part, 1_000);
        assert.equal(found?.pass, long, `at ${part} of it there is another pass`);
        assert.equal(found.endUs - found.startUs, lastsUs, `at ${part} of it there is a piece`);
      }
    });
  }

  it('take less than eight bytes each in a large trace', () => {
    const { bars } = new BarFeed(syntheticTrace(100_000, 1_000)).take();
    const bytes = bars.bytes.byteLength;
    assert.ok(bars.count > 90_000, `there are ${bars.count} bars only`);
    assert.ok(bytes < bars.count * 8, `${bars.count} bars take ${bytes} bytes`);
  });
});

describe('queries', () => {
  const { trace } = simulate({ ...SETTINGS, mode: 'new' });
  const { store, names, words } = loaded(trace);
  const lanes = [...names.keys()];
  const count = (query: string): number => findMatches(store, lanes, names, words, parseQuery(query), 1_000).length;
  const passes = knownPasses(trace);

  it('mean passes by runner, by what is inside, by result and by duration', () => {
    assert.equal(count(''), passes.length);
    assert.equal(count('runner-3'), passes.filter(({ object }) => object.includes('runner-3')).length);
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
  const { store, targets } = loaded(trace);
  const lanes = Array.from({ length: store.lanes }, (_, lane) => lane);

  it('count what ends in it', () => {
    const all = windowStatistics(store, lanes, targets, -1, 1e12);
    const passes = knownPasses(trace);
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
    const first = windowStatistics(store, lanes, targets, -1, half);
    assert.equal(first.passes, passes.filter(({ ended }) => ended <= half).length);
  });
});

function loaded(trace: ConstructorParameters<typeof BarFeed>[0]): {
  store: BarStore;
  names: readonly string[];
  words: readonly string[];
  targets: ReadonlyMap<number, RequestTarget>;
} {
  const { lanes, words, targets, bars } = new BarFeed(trace).take();
  const store = new BarStore();
  store.append(bars);
  return { store, names: lanes, words, targets: new Map(targets.map(({ word, to }) => [word, to])) };
}

function openBars(store: BarStore): number[][] {
  const open = sorted(store).filter(({ endUs }) => endUs === Infinity);
  return open.map(({ lane, kind, startUs, pass }) => [lane, kind, startUs, pass]);
}

/** All bars, with those that have no end, in an order of their own. */
function sorted(store: BarStore): Bar[] {
  const bars: Bar[] = [];
  for (let lane = 0; lane < store.lanes; lane++) store.forEach(lane, -Infinity, Infinity, (bar) => bars.push(bar));
  return bars.sort((a, b) => a.lane - b.lane || a.kind - b.kind || a.startUs - b.startUs);
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
