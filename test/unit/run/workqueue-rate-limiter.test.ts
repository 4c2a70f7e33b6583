import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { newRelease } from '../../../src/reconciler/releases/new.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';

const RUNNERS = 130;

/** How long failed passes had to wait, the longest one; every first registration of many runners is refused. */
function longestBackoffUs(chosen: Pick<RunSettings, 'workqueueRateLimiter'>): number {
  const clock = new VirtualClock();
  const lab = new EmbeddedRig({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings: { ...DEFAULT_SETTINGS, mode: newRelease.id, runners: RUNNERS, workers: RUNNERS, qps: 0, ...chosen },
    actions: { script: { generatejitconfig: [{ status: 400, times: RUNNERS }] } },
  });
  lab.start();
  lab.runnerSet.create(RUNNERS, () => undefined);
  clock.run();
  const waits = [...lab.trace.passes()]
    .filter(({ trigger }) => trigger === 'error')
    .map(({ ready, queued }) => (ready ?? NaN) - (queued ?? NaN));
  assert.ok(waits.length >= RUNNERS, `${waits.length} passes failed`);
  lab.dispose();
  return Math.max(...waits);
}

describe('the choice of a limiter for work queues', () => {
  it('takes the limit over all keys away where it is typed_rate_limiter', () => {
    assert.ok(longestBackoffUs({}) > 1_000_000, 'the bucket of 10 a second holds back what is beyond 100');
    assert.ok(longestBackoffUs({ workqueueRateLimiter: 'bucket_rate_limiter' }) > 1_000_000, 'so by that name');
    const longestUs = longestBackoffUs({ workqueueRateLimiter: 'typed_rate_limiter' });
    assert.ok(longestUs < 500_000, `a key waits for its own failures alone, and not ${longestUs} us`);
  });
});
