import assert from 'node:assert/strict';
import { simulate } from '../../../src/run/embedded-run.ts';
import type { Load } from '../../../src/run/run-target.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind } from '../../../src/timeline/bars.ts';
import { windowStatistics, type WindowStatistics } from '../../../src/timeline/window-statistics.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { A_HEADER, beginPass, endPass } from '../../builders/traces.ts';

interface Page {
  readonly store: BarStore;
  readonly targets: Map<number, 'kubernetes' | 'actions'>;
}

function take(feed: BarFeed, { store, targets }: Page, nowUs?: number): void {
  const update = feed.take(Infinity, nowUs);
  store.append(update.bars);
  for (const { word, to } of update.targets) targets.set(word, to);
}

function pageOf(trace: TraceLog): Page {
  const page: Page = { store: new BarStore(), targets: new Map() };
  take(new BarFeed(trace), page);
  return page;
}

function waitsOf({ store }: Page): Bar[] {
  const waits: Bar[] = [];
  for (let lane = 0; lane < store.lanes; lane++) {
    store.forEach(lane, -Infinity, Infinity, (bar) => bar.kind === BarKind.retryWait && waits.push(bar));
  }
  return waits;
}

function statisticsOf({ store, targets }: Page): WindowStatistics {
  const lanes = Array.from({ length: store.lanes }, (_, lane) => lane);
  return windowStatistics(store, lanes, targets, -Infinity, Infinity);
}

const lengthsOf = (page: Page): number[] => waitsOf(page).map(({ startUs, endUs }) => endUs - startUs);

describe('the wait before a request is repeated', () => {
  const service: Load = { conditions: { actionsFaults: [{ operation: 'generatejitconfig', status: 503, times: 2 }] } };
  const cluster: Load = {
    conditions: { faults: [{ verb: 'create', resource: 'pods', status: 429, times: 3 }] },
  };
  for (const [name, load, secondsEach] of [
    ['the Actions service', service, [1, 2]],
    ['the API server', cluster, [1, 1, 1]],
  ] as const) {
    for (const mode of ['old', 'new', 'latest']) {
      it(`of ${name} has a bar of its length, and a part in the time in view, in ${mode}`, () => {
        const page = pageOf(simulate({ ...DEFAULT_SETTINGS, mode, runners: 1, workers: 1 }, { load }).trace);
        assert.deepEqual(lengthsOf(page).sort(), secondsEach.map((seconds) => seconds * 1e6).sort());
        const { shares } = statisticsOf(page);
        const sum = Object.values(shares).reduce((all, share) => all + share, 0);
        assert.ok(Math.abs(sum - 1) < 1e-9, `the parts are ${sum} of the whole`);
        assert.ok(shares.retry > 0.3, `${shares.retry} of the time, though requests take milliseconds`);
      });
    }
  }

  /** Two tries of one call, with what is asked for and how the first was answered. */
  function tries(first: { status: number; object?: string; verb?: string }): Page {
    const log = new TraceLog(A_HEADER);
    const pass = beginPass(log, 'ns/a', 0, { queued: 0 });
    const call = { to: 'kubernetes', verb: 'create', resource: 'pods', object: 'ns/a', throttled: 0 } as const;
    const { status, ...asked } = first;
    log.beginRequest(pass, { ...call, ...asked, started: 10 });
    log.endRequest(pass, { status, ended: 20 });
    log.beginRequest(pass, { ...call, started: 1_000 });
    log.endRequest(pass, { status: 201, ended: 1_010 });
    endPass(log, pass, 1_020);
    return pageOf(log);
  }

  it('is between a refused call and the same call after it, and between no others', () => {
    assert.deepEqual(lengthsOf(tries({ status: 500 })), [980]);
    assert.deepEqual(lengthsOf(tries({ status: 0 })), [980]);
    assert.deepEqual(lengthsOf(tries({ status: 201 })), []);
    assert.deepEqual(lengthsOf(tries({ status: 500, object: 'ns/b' })), []);
    assert.deepEqual(lengthsOf(tries({ status: 500, verb: 'update' })), []);
  });

  it('has the same bars on a page that is fed while the pass goes on', () => {
    const log = new TraceLog(A_HEADER);
    const [feed, page]: [BarFeed, Page] = [new BarFeed(log), { store: new BarStore(), targets: new Map() }];
    const pass = beginPass(log, 'ns/a', 0, { queued: 0 });
    const call = { to: 'actions', verb: 'create', resource: 'generatejitconfig', throttled: 5 } as const;
    for (const [startedUs, status] of [
      [10, 503],
      [1_000, 503],
      [3_000, 200],
    ] as const) {
      log.beginRequest(pass, { ...call, started: startedUs });
      for (const nowUs of [startedUs, startedUs + 2, startedUs + 8]) take(feed, page, nowUs);
      log.endRequest(pass, { status, ended: startedUs + 20 });
      take(feed, page, startedUs + 20);
    }
    endPass(log, pass, 3_030);
    take(feed, page, 3_030);
    assert.deepEqual(lengthsOf(page), [970, 1_980]);
    assert.deepEqual(waitsOf(page), waitsOf(pageOf(log)));
  });
});
