import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';
import type { TraceParts } from '../../../src/trace/trace-parts.ts';
import { fromTransferable, toTransferable } from '../../../src/trace/transferable.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { A_HEADER, beginPass, beginWait, endPass } from '../../builders/traces.ts';

/** A thread that simulates a run, and one that adds a pass to the trace it is sent; both send the trace back. */
const WORKER = `
  import { parentPort, workerData } from 'node:worker_threads';
  const { simulate } = await import(workerData.run);
  const { fromTransferable, toTransferable } = await import(workerData.transferable);
  const send = (log) => {
    const { trace, buffers } = toTransferable(log);
    parentPort.postMessage(trace, buffers);
  };
  if (workerData.settings !== undefined) send(simulate(workerData.settings).trace);
  parentPort.on('message', (trace) => {
    const log = fromTransferable(trace);
    log.endPass([...log.running()][0], { result: 'done', after: 0, error: null, ended: 900 });
    send(log);
  });
`;

async function inThread<T>(data: object, use: (worker: Worker) => Promise<T>): Promise<T> {
  const url = new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`);
  const paths = {
    run: new URL('../../../src/run/embedded-run.ts', import.meta.url).href,
    transferable: new URL('../../../src/trace/transferable.ts', import.meta.url).href,
  };
  const worker = new Worker(url, { workerData: { ...paths, ...data } });
  try {
    return await use(worker);
  } finally {
    await worker.terminate();
  }
}

async function answerOf(worker: Worker): Promise<TraceLog> {
  const [trace] = (await once(worker, 'message')) as [TraceParts];
  return fromTransferable(trace);
}

describe('a trace from another thread', () => {
  it('is the one that was made there: the same lines, figures and bars', async () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      mode: 'old' as const,
      runners: 40,
      podStartUs: 40_000,
      jobDurationUs: 80_000,
    };
    const here = simulate(settings).trace;
    const there = await inThread({ settings }, answerOf);
    assert.deepEqual([...traceLines(there)], [...traceLines(here)]);
    assert.deepEqual(statisticsOf(there, 0), statisticsOf(here, 0));
    assert.deepEqual(new BarFeed(there).take(), new BarFeed(here).take());
    assert.deepEqual(there.lastRunnerEvent('arc-runners/runner-3'), here.lastRunnerEvent('arc-runners/runner-3'));
  });

  it('goes there and back with what is open, and can be written to on both sides', async () => {
    const log = new TraceLog(A_HEADER);
    const first = beginPass(log, 'ns/a', 10);
    log.beginPhase(first, 'register', 20);
    log.beginRequest(first, { to: 'actions', verb: 'post', resource: 'generatejitconfig', started: 30 });
    beginWait(log, 'ns/b', 'runner-added', 40, 50);
    log.addObject({ object: 'ns/c', at: 60, phase: 'Running' });
    log.addMark({ at: 70, what: 'gap' });
    log.addLine({ source: 0, line: 8 });
    // Of what is the same in each row there is nothing to hand over.
    log.addObject({ object: 'ns/e', at: 80, phase: 'Failed' });
    log.addLine({ source: 1, line: 9 });
    log.end(1_000);
    const expected = [...traceLines(log)];
    const { trace, buffers } = toTransferable(log);
    assert.deepEqual([...traceLines(fromTransferable(structuredClone(trace)))], expected, 'a copy');
    assert.ok(buffers.length > 5 && buffers.every(({ byteLength }) => byteLength > 0), 'nothing is handed over');
    const back = await inThread({}, (worker) => {
      worker.postMessage(trace, buffers);
      assert.ok(
        buffers.every(({ byteLength }) => byteLength === 0),
        'columns were copied',
      );
      return answerOf(worker);
    });
    assert.equal([...back.passes()].length, 1);
    endPass(back, beginPass(back, 'ns/d', 950), 960);
    assert.deepEqual(
      [...back.passes()].map(({ object, ended }) => [object, ended]),
      [
        ['ns/a', 900],
        ['ns/d', 960],
      ],
    );
    assert.deepEqual(
      [...back.open()].map(({ object, queued }) => [object, queued]),
      [['ns/b', 40]],
    );
  });
});
