import assert from 'node:assert/strict';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';
import { LISTENER_KIND } from '../../../src/trace/model.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { fromTransferable, toTransferable } from '../../../src/trace/transferable.ts';
import { A_HEADER } from '../../builders/traces.ts';

const LISTENER = 'arc-systems/lab-listener';
const POLL = { listener: LISTENER, to: 'actions', verb: 'get', resource: 'get-message', throttled: 0 } as const;

/** A listener that has decided, and waits for its second message. */
function listening(): TraceLog {
  const log = new TraceLog(A_HEADER);
  const first = log.beginFreeRequest({ ...POLL, started: 10 });
  log.endFreeRequest(first, { status: 200, ended: 40 });
  log.addObject({ kind: LISTENER_KIND, object: LISTENER, at: 40, replicas: 3, patchID: 1, assigned: 3, basis: 'run' });
  log.beginFreeRequest({ ...POLL, started: 50 });
  return log;
}

function textOf(log: TraceLog): string {
  log.end(100);
  return [...traceLines(log)].join('');
}

describe('requests of a listener in a trace', () => {
  it('say whose they are, and one without an answer is written without an end', () => {
    const lines = textOf(listening()).trim().split('\n').slice(1);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [
        { type: 'request', ...POLL, status: 200, started: 10, ended: 40 },
        {
          type: 'object',
          kind: 'Listener',
          object: LISTENER,
          at: 40,
          replicas: 3,
          patchID: 1,
          assigned: 3,
          basis: 'run',
        },
        { type: 'request', ...POLL, started: 50 },
        { type: 'end', at: 100 },
      ],
    );
  });

  it('come back from a file as they were written', () => {
    const text = textOf(listening());
    assert.equal(textOf(parseTrace(text)), text);
  });

  it('go to another thread, and are answered there', () => {
    const { trace } = toTransferable(listening());
    const log = fromTransferable(structuredClone(trace));
    const [open = NaN, ...others] = log.openRequests();
    assert.deepEqual(others, []);
    log.endFreeRequest(open, { status: 202, ended: 90 });
    assert.deepEqual([...log.openRequests()], []);
    assert.match(textOf(log), /"status":202,.*"started":50,"ended":90/);
  });
});
