import assert from 'node:assert/strict';
import { RunSession } from '../../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { eventually } from '../../builders/eventually.ts';
import { waitingIn } from '../../builders/traces.ts';

describe('the end of a session', () => {
  it('leaves the passes in progress and the waits in its trace, which then does not change any more', async () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new' as const, runners: 40, jitLatencyUs: 600_000_000 };
    const session = RunSession.embedded(settings, {});
    const { trace } = session;
    await eventually(() => assert.equal(callsInFlight(session), 2));
    await eventually(() => assert.equal(waitingIn(trace).length, 38));
    await session.stop();
    const open = [...trace.open()];
    assert.equal(callsInFlight(session), 2, 'a call in flight is lost');
    assert.equal(new Set(open.map(({ object }) => object)).size, 40, 'a runner that waited is lost');
    assert.ok((trace.endedUs ?? 0) > 0, 'when it ended is not known');
    const events = trace.length;
    session.reconcileNow('arc-runners/runner-1');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([...trace.open()], open, 'the trace changed after its end');
    assert.equal(trace.length, events);
  });

  it('is when nothing was left to do, not when somebody stopped what had ended by itself', async () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 1, jitLatencyUs: 1_000, podStartUs: 1_000 };
    const session = RunSession.embedded(settings, {});
    let restedUs = 0;
    const rest = new Promise<void>((resolve) => {
      session.watchRest((told) => {
        if (told?.isOver !== true) return;
        restedUs = session.nowUs();
        resolve();
      });
    });
    await rest;
    const restedMs = Date.now();
    await eventually(() => assert.ok(Date.now() > restedMs + 200));
    assert.equal(session.nowUs(), restedUs, 'the clock goes on though nothing is left to do');
    await session.stop();
    const { endedUs = 0 } = session.trace;
    assert.ok(endedUs > 0 && endedUs <= restedUs, `the trace ends at ${endedUs} µs, the run ended at ${restedUs} µs`);
  });

  it('is said to those who create or delete runners, who would otherwise wait for ever: before it and after it', async () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 1, apiLatencyUs: 600_000_000 };
    const session = RunSession.embedded(settings, {});
    const stopped = { message: /^The session has been stopped: start it again first\.$/ };
    const waiting = [session.createRunners(3), session.deleteRunner('arc-runners/runner-1')];
    const told = waiting.map((work) => assert.rejects(work, stopped));
    await session.stop();
    await Promise.all(told);
    await assert.rejects(session.createRunners(1), stopped);
    await assert.rejects(session.deleteRunner('arc-runners/runner-1'), stopped);
  });
});

function callsInFlight({ trace }: RunSession): number {
  return [...trace.open()]
    .flatMap((event) => ('requests' in event ? (event.requests ?? []) : []))
    .filter(({ ended, resource }) => ended === undefined && resource === 'generatejitconfig').length;
}
