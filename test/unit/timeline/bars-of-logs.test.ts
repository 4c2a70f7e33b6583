import assert from 'node:assert/strict';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import { judgedRun, verdict } from '../../../src/explain/verdict.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';
import { BarFeed, type FeedUpdate } from '../../../src/timeline/bar-feed.ts';
import { barsOf, BarStore } from '../../../src/timeline/bar-store.ts';
import { BarKind } from '../../../src/timeline/bars.ts';
import { windowStatistics, type WindowStatistics } from '../../../src/timeline/window-statistics.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import type { Basis, PodState, TraceRequest } from '../../../src/trace/model.ts';
import { A_HEADER, beginPass, endPass } from '../../builders/traces.ts';

const LOGS = new URL('../evidence/logs/', import.meta.url).pathname;

async function traceOfLog(name: string): Promise<TraceLog> {
  const { trace } = await explainLogs([{ name, bytes: openInput(`${LOGS}${name}.log.gz`) }]);
  assert.ok(trace !== undefined);
  return trace;
}

function count({ bars }: FeedUpdate, kind: BarKind): number {
  return [...barsOf(bars)].filter((bar) => bar.kind === kind).length;
}

function figuresOf({ bars, lanes, targets }: FeedUpdate): WindowStatistics {
  const store = new BarStore();
  store.append(bars);
  const all = lanes.map((_, lane) => lane);
  return windowStatistics(store, all, new Map(targets.map(({ word, to }) => [word, to])), -Infinity, Infinity);
}

/** A pass of one runner with one request, answered after `us`. */
function withRequest(trace: TraceLog, us: number, request: Partial<TraceRequest>): void {
  const pass = beginPass(trace, 'ns/a', 0, { id: String(us) });
  trace.addRequest({ type: 'request', pass: String(us), started: 0, ended: us, ...request } as never);
  endPass(trace, pass, us);
}

describe('the timeline of a log', () => {
  for (const [log, pods] of [
    ['burst-300-workers-2-new.controller', 300],
    ['burst-300-workers-2-latest.controller', 300],
    ['jobs-3-old.controller', 3],
    ['set-30-json-latest.controller', 30],
  ] as const) {
    it(`counts the pods that its lines show, and draws a sign for each: ${log}`, async () => {
      const update = new BarFeed(await traceOfLog(log)).take();
      assert.equal(update.pods?.count, pods);
      assert.equal(count(update, BarKind.markPodCreated), pods);
    });
  }

  it('says that runners got their pods, and where one ends before, that the log ends', async () => {
    const trace = await traceOfLog('burst-300-workers-2-latest.controller');
    assert.match(verdict([judgedRun(trace, trace.originUs)]), /^300 runners got their pods with 2 workers/);
    const cut = new TraceLog({ ...A_HEADER, sources: [{ kind: 'controller-log' }] });
    cut.addObject({ kind: 'EphemeralRunner', object: 'ns/a', at: 0, phase: '', pod: 'none', basis: 'seen' });
    endPass(cut, beginPass(cut, 'ns/a', 10, { queued: 0 }), 20);
    cut.end(5e6);
    assert.equal(verdict([judgedRun(cut, 0)]), 'The log ends after 5.00 s without a pod for 1 runner.');
  });

  it('shares time out by who got the requests, and knows nothing of the client limiter', async () => {
    const trace = await traceOfLog('burst-300-workers-2-latest.controller');
    const update = new BarFeed(trace).take();
    const { shares } = figuresOf(update);
    const us = { kubernetes: 0, actions: 0 };
    for (const { requests = [] } of trace.passes()) {
      for (const { to, started = NaN, ended = NaN } of requests) if (to !== undefined) us[to] += ended - started;
    }
    assert.ok(us.actions > 60e6, 'the calls for JIT configs take a minute');
    const ratio = shares.actions / shares.kubernetes / (us.actions / us.kubernetes);
    assert.ok(Math.abs(ratio - 1) < 1e-9, `${JSON.stringify(shares)} of ${JSON.stringify(us)}`);
    assert.equal(update.isLimiterKnown, false);
  });
});

describe('pods that objects show', () => {
  const SEEN: readonly [what: string, states: PodState[], basis: Basis, pods: number | undefined][] = [
    ['one that comes to be', ['none', 'created', 'running'], 'seen', 1],
    ['one that is first seen when it runs', ['none', 'running', 'ready'], 'seen', 1],
    ['one in place of another', ['created', 'failed', 'created', 'deleted', 'pending'], 'seen', 3],
    ['none, where it may have been there before', ['running', 'succeeded'], 'seen', undefined],
    ['none of our own runs, whose answers are all known', ['none', 'created'], 'run', undefined],
  ];
  for (const [what, states, basis, pods] of SEEN) {
    it(`are counted where no request is known: ${what}`, () => {
      const trace = new TraceLog(A_HEADER);
      states.forEach((pod, at) => trace.addObject({ kind: 'EphemeralRunner', object: 'ns/a', at, pod, basis }));
      const update = new BarFeed(trace).take();
      assert.equal(update.pods?.count, pods);
      assert.equal(count(update, BarKind.markPodCreated), pods ?? 0);
      assert.equal(statisticsOf(trace, 0).pods, pods ?? 0);
    });
  }

  it('are counted once where a request made them', () => {
    const trace = new TraceLog(A_HEADER);
    trace.addObject({ kind: 'EphemeralRunner', object: 'ns/a', at: 9, pod: 'created', basis: 'seen' });
    withRequest(trace, 10, { to: 'kubernetes', verb: 'create', resource: 'pods', status: 201 });
    const update = new BarFeed(trace).take();
    assert.deepEqual([update.pods?.count, update.pods?.firstUs], [1, 10]);
    assert.equal(count(update, BarKind.markPodCreated), 1);
  });
});

describe('shares of time', () => {
  const REQUESTS: readonly [what: string, Partial<TraceRequest>, share: 'actions' | 'kubernetes' | undefined][] = [
    ['whose answer is not known', { to: 'actions', verb: 'post', resource: 'generatejitconfig' }, 'actions'],
    ['that was refused', { to: 'actions', verb: 'post', resource: 'generatejitconfig', status: 503 }, 'actions'],
    ['to Kubernetes whose answer is not known', { to: 'kubernetes', verb: 'get', resource: 'secrets' }, 'kubernetes'],
    ['whose receiver is not known', { verb: 'get', resource: 'things', status: 200 }, undefined],
  ];
  for (const [what, request, share] of REQUESTS) {
    it(`count a request by its receiver, also one ${what}`, () => {
      const trace = new TraceLog(A_HEADER);
      withRequest(trace, 100, request);
      const { shares, requests } = figuresOf(new BarFeed(trace).take());
      assert.equal(requests, 1);
      assert.deepEqual(
        [shares.actions, shares.kubernetes],
        [share === 'actions' ? 1 : 0, share === 'kubernetes' ? 1 : 0],
      );
    });
  }

  it('tell of the limiter where a trace says for how long it held requests back, be it for no time', () => {
    for (const [throttled, isKnown] of [
      [0, true],
      [undefined, false],
    ] as const) {
      const trace = new TraceLog(A_HEADER);
      withRequest(trace, 10, {
        to: 'kubernetes',
        verb: 'get',
        resource: 'pods',
        status: 200,
        ...(throttled === undefined ? {} : { throttled }),
      });
      assert.equal(new BarFeed(trace).take().isLimiterKnown, isKnown);
    }
  });
});
