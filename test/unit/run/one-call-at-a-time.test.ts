import assert from 'node:assert/strict';
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
    .map(({ started = NaN, ended = NaN }) => ({ started, ended }));
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
