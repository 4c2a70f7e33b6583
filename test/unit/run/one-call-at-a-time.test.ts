import assert from 'node:assert/strict';
import { inOneGo } from '../../../src/base/in-parts.ts';
import { lockHoldersOf } from '../../../src/analysis/lock-holders.ts';
import { spentUntilPods } from '../../../src/analysis/time-spent.ts';
import { explainPass } from '../../../src/explain/explain-pass.ts';
import { scalesetClient } from '../../../src/actions/client-policy.ts';
import { newRelease } from '../../../src/reconciler/releases/new.ts';
import { ReleaseList } from '../../../src/reconciler/releases/release-list.ts';
import type { Release } from '../../../src/reconciler/releases/release.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

const RUNNERS = 30;
const WORKERS = 4;

const locked: Release = { ...newRelease, id: 'locked', isDefault: false, actions: scalesetClient('v0.4.0') };
const releases = new ReleaseList([newRelease, locked]);

/** Registrations of a burst: how many were under way at once at most, and from the first's beginning to the last's end. */
function registrations(mode: string, jitLatencyUs: number): { atOnce: number; tookUs: number } {
  const { trace } = simulate(
    { ...DEFAULT_SETTINGS, mode, runners: RUNNERS, workers: WORKERS, jitLatencyUs },
    { releases },
  );
  const calls = [...trace.passes()]
    .flatMap(({ requests = [] }) => requests)
    .filter(({ resource }) => resource === 'generatejitconfig')
    .map(({ started = NaN, locked = NaN, ended = NaN }) => ({ started: started + locked, ended }));
  assert.equal(calls.length, RUNNERS);
  const underWay = calls.map(
    ({ started: at }) => calls.filter(({ started, ended }) => started <= at && at < ended).length,
  );
  return {
    atOnce: Math.max(...underWay),
    tookUs: Math.max(...calls.map(({ ended }) => ended)) - Math.min(...calls.map(({ started }) => started)),
  };
}

describe('a burst with more workers than one', () => {
  it('registers as many runners at once as there are workers, where calls are not held to one at a time', () => {
    assert.equal(registrations(newRelease.id, 400_000).atOnce, WORKERS);
  });

  it('registers one runner at a time where they are, and takes at least as long as all calls in a row', () => {
    const { atOnce, tookUs } = registrations(locked.id, 400_000);
    assert.equal(atOnce, 1);
    assert.ok(tookUs >= RUNNERS * 300_000, `${RUNNERS} calls of about 400 ms in ${tookUs / 1000} ms`);
  });
});

describe('a wait for the lock of the Actions client', () => {
  const { trace } = simulate(
    { ...DEFAULT_SETTINGS, mode: locked.id, runners: RUNNERS, workers: WORKERS, jitLatencyUs: 400_000 },
    { releases },
  );
  const events = Array.from({ length: trace.length }, (_, index) => ({ index, pass: trace.event(index) }));
  const waited = events.flatMap(({ index, pass }) => {
    if (pass.type !== 'pass') return [];
    const lockedUs = (pass.requests ?? []).reduce((sum, request) => sum + (request.locked ?? 0), 0);
    return lockedUs === 0 ? [] : [{ index, pass, lockedUs }];
  });

  it('is at the beginning of the request that the pass wanted to send', () => {
    assert.ok(waited.length > RUNNERS / 2, 'with four workers most calls have waited');
    for (const { pass } of waited) {
      for (const { started = NaN, locked = 0, ended = NaN } of pass.requests ?? []) {
        assert.ok(started >= (pass.started ?? NaN) && started + locked <= ended, `${started} + ${locked} > ${ended}`);
      }
    }
  });

  it('is filled to the last microsecond by the calls of others', () => {
    for (const { index, pass, lockedUs } of waited) {
      const holders = lockHoldersOf(trace, pass.requests ?? [], index);
      assert.ok(!holders.some(({ runner }) => runner === pass.object), `${pass.object} waited for itself`);
      assert.equal(
        holders.reduce((sum, { us }) => sum + us, 0),
        lockedUs,
      );
    }
  });

  it('is explained by those who held the lock, and since when releases have it', () => {
    const { index, pass } = waited.at(-1) ?? assert.fail();
    const holders = lockHoldersOf(trace, pass.requests ?? [], index);
    const told = explainPass(pass, undefined, [], { release: '0.14.2' }, holders).join('\n');
    assert.match(told, /^Waited \S+ s for the lock of the Actions client, held by calls for runner-\d+ \(\S+ ms\), /m);
    assert.match(told, /^Since ARC 0\.14\.0 one call to the Actions service runs at a time \(#4390\)\.$/m);
  });

  it('counts neither for the service nor for the API server', () => {
    const { actionsUs } = inOneGo(spentUntilPods(trace));
    const inCalls = events.flatMap(({ pass }) => (pass.type === 'pass' ? (pass.requests ?? []) : []));
    const sum = inCalls
      .filter(({ to }) => to === 'actions')
      .reduce((all, { started = 0, locked = 0, ended = 0 }) => all + ended - started - locked, 0);
    assert.equal(actionsUs, sum);
  });

  it('is none where each pass makes its calls when it likes, but for the first token', () => {
    const { trace: free } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: WORKERS, workers: WORKERS });
    const passes = [...free.passes()].filter(({ requests = [] }) => requests.some(({ locked = 0 }) => locked > 0));
    assert.equal(passes.length, WORKERS - 1, 'one fetches the token, the other workers wait for it');
    const told = explainPass(passes[0] ?? assert.fail(), undefined, [], { release: 'new' });
    assert.match(told.join('\n'), /Waited \S+ ms for a token that another pass was requesting\./);
  });
});
