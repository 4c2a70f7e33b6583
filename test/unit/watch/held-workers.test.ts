import assert from 'node:assert/strict';
import { LiveReading } from '../../../src/evidence/live-reading.ts';
import { TraceMaker } from '../../../src/evidence/passes/trace-maker.ts';
import { heldForLong, heldText, heldWorkers, type HeldWorker } from '../../../src/watch/held-workers.ts';
import { runnerWait } from '../../../src/watch/runner-waits.ts';

const START_MS = Date.parse('2026-03-02T10:00:00Z');

/** What is held after some lines of a log, each a number of seconds after its start. */
function heldAfter(...lines: readonly (readonly [second: number, text: string])[]): HeldWorker[] {
  const maker = new TraceMaker();
  const live = new LiveReading((...line) => maker.take(...line));
  maker.begin(START_MS * 1000);
  maker.expectWorkers(2);
  const take = live.log('controller');
  for (const [second, text] of lines) {
    take(`${new Date(START_MS + second * 1000).toISOString().replace('Z', '000000Z')} ${text}`);
  }
  return heldWorkers(maker.openPasses(), live.reading, START_MS * 1000);
}

function line(runner: string, message: string, fields: object = {}): string {
  const named = { version: '0.14.2', ephemeralrunner: { name: runner, namespace: 'ci' }, ...fields };
  return `2026-03-02T10:00:00Z\tINFO\tEphemeralRunner\t${message}\t${JSON.stringify(named)}`;
}

describe('workers that are held', () => {
  it("are named with the call that they wait for, by the HTTP client's own line where there is one", () => {
    const [held] = heldAfter(
      [10, line('a', 'Removing runner from the service')],
      [
        11,
        '2026/03/02 10:00:11 [DEBUG] DELETE https://pipelines.actions.githubusercontent.com/x/_apis/distributedtask/pools/0/agents/5511?api-version=6.0',
      ],
    );
    assert.deepEqual(held, { worker: 0, runner: 'ci/a', what: 'DELETE agent 5511', sinceUs: 11e6 });
    assert.equal(
      heldText(held as HeldWorker, 302e6, 38),
      'Worker 1 is in DELETE agent 5511 of runner a since 4 min 51 s; 38 runners wait.',
    );
    assert.equal(
      heldText(held as HeldWorker, 302e6, 1),
      'Worker 1 is in DELETE agent 5511 of runner a since 4 min 51 s; 1 runner waits.',
    );
    assert.equal(
      heldText(held as HeldWorker, 302e6, 0),
      'Worker 1 is in DELETE agent 5511 of runner a since 4 min 51 s.',
    );
  });

  it('are named without it too: by the registration, or by what is asked for', () => {
    const held = heldAfter(
      [1, line('a', 'Creating ephemeral runner JIT config')],
      [2, line('b', 'Removing runner from the service')],
    );
    assert.deepEqual(
      held.map(({ worker, runner, what }) => [worker, runner, what]),
      [
        [0, 'ci/a', 'its JIT call'],
        [1, 'ci/b', 'DELETE of its registration'],
      ],
    );
  });

  it('are no longer held once the answer has come, and for long only after half a minute', () => {
    const [held] = heldAfter([1, line('a', 'Creating ephemeral runner JIT config')]);
    assert.deepEqual(heldForLong([held as HeldWorker], 30e6), []);
    assert.deepEqual(heldForLong([held as HeldWorker], 32e6), [held]);
    const after = heldAfter(
      [1, line('a', 'Creating ephemeral runner JIT config')],
      [90, line('a', 'Created ephemeral runner pod')],
    );
    assert.deepEqual(after, []);
  });
});

describe('what a watched runner waits for', () => {
  const next = { isInPass: false, trigger: undefined, queuedUs: undefined, readyUs: undefined, attempt: 1 };

  it('is its worker while that waits, a worker since it was queued, a back-off, or what nobody knows', () => {
    const held = { worker: 0, runner: 'ci/a', what: 'DELETE agent 5', sinceUs: 10e6 };
    assert.equal(runnerWait(next, held, false, 70e6)?.text, 'worker 1: DELETE agent 5 for 1 min 0 s');
    const queued = { ...next, trigger: 'ephemeralrunner-added', queuedUs: 5e6, readyUs: 5e6 };
    assert.equal(runnerWait(queued, undefined, false, 70e6)?.text, 'a worker for 1 min 5 s');
    assert.equal(
      runnerWait({ ...next, trigger: 'requeue-after', readyUs: 99e6 }, undefined, true, 70e6)?.untilUs,
      99e6,
    );
    assert.match(
      runnerWait({ ...next, trigger: 'error', attempt: 3 }, undefined, true, 70e6)?.text ?? '',
      /before try 3/,
    );
    assert.equal(runnerWait(queued, undefined, true, 70e6), undefined, 'with a pod it is the pod that is waited for');
    assert.equal(runnerWait({ ...queued, trigger: 'pod-added' }, undefined, false, 70e6), undefined);
    assert.equal(runnerWait(undefined, undefined, false, 70e6), undefined);
  });
});
