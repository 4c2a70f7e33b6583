import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunnerSets } from '../../../src/kubernetes/resource.ts';
import { DEFAULT_PROCESS } from '../../../src/reconciler/process-options.ts';
import { newRelease } from '../../../src/reconciler/releases/new.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';

const RUNNERS = 130;
const SECOND_US = 1_000_000;

/** How long failed passes had to wait, the longest one; every first registration of many runners is refused. */
function longestBackoffUs(chosen: Pick<RunSettings, 'workqueueRateLimiter'>): number {
  const clock = new VirtualClock();
  const rig = new EmbeddedRig({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings: { ...DEFAULT_SETTINGS, mode: newRelease.id, runners: RUNNERS, workers: RUNNERS, qps: 0, ...chosen },
    actions: { script: { generatejitconfig: [{ status: 400, times: RUNNERS }] } },
  });
  rig.start();
  rig.runnerSet.create(RUNNERS, () => undefined);
  clock.run();
  const waits = [...rig.trace.passes()]
    .filter(({ trigger }) => trigger === 'error')
    .map(({ ready, queued }) => (ready ?? NaN) - (queued ?? NaN));
  assert.ok(waits.length >= RUNNERS, `${waits.length} passes failed`);
  rig.dispose();
  return Math.max(...waits);
}

/** How many failures each of ARC's four controllers counts for a set whose runners cannot be taken down. */
function failuresOfASet(chosen: Pick<RunSettings, 'workqueueRateLimiter'>): readonly number[] {
  const clock = new VirtualClock();
  const rig = new EmbeddedRig({
    ...{ clock, epochMs: VIRTUAL_EPOCH_MS, process: DEFAULT_PROCESS, withoutGitHubSecret: true },
    settings: { ...DEFAULT_SETTINGS, mode: 'latest', ...chosen },
  });
  rig.start();
  rig.runnerSet.wantThroughSet(1, () => undefined);
  clock.run(SECOND_US);
  const noneWanted = { spec: { replicas: 0, patchID: 0 } };
  rig.cluster.api.handle(patchRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'lab', noneWanted));
  clock.run(2 * SECOND_US);
  const failures = rig.controllers.all.map((controller) => controller.failures(`${LAB_NAMESPACE}/lab`));
  rig.dispose();
  return failures;
}

describe('the choice of a limiter for work queues', () => {
  it('takes the limit over all keys away where it is typed_rate_limiter', () => {
    assert.ok(longestBackoffUs({}) > 1_000_000, 'the bucket of 10 a second holds back what is beyond 100');
    assert.ok(longestBackoffUs({ workqueueRateLimiter: 'bucket_rate_limiter' }) > 1_000_000, 'so by that name');
    const longestUs = longestBackoffUs({ workqueueRateLimiter: 'typed_rate_limiter' });
    assert.ok(longestUs < 500_000, `a key waits for its own failures alone, and not ${longestUs} us`);
  });

  it('gives the four controllers one count of failures for each name with typed_rate_limiter, and else one each', () => {
    const [runner, set, ...others] = failuresOfASet({});
    assert.ok((set ?? 0) > 1, 'the set fails');
    assert.deepEqual([runner, ...others], [0, 0, 0]);
    const shared = failuresOfASet({ workqueueRateLimiter: 'typed_rate_limiter' });
    const [count = 0] = shared;
    assert.ok(count > 0, 'a set is counted for all that have its name');
    assert.deepEqual(shared, [count, count, count, count]);
  });
});
