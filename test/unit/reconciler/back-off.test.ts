import assert from 'node:assert/strict';
import { createRequest, deleteRequest, getRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, ResourceQuotas, Secrets } from '../../../src/kubernetes/resource.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { aRig, inRunnerNamespace, spec } from '../../builders/runner-rig.ts';
import type { ResourceQuota, Secret } from '../../../src/kubernetes/types.ts';
import { aRunner, aSecret } from '../../builders/objects.ts';

const SECOND_US = 1_000_000;
const NOW = { gracePeriodSeconds: 0 };

/** A runner with a pod, in a lab whose later requests are kept. */
function aRunnerWithPod(mode: string, status: object = {}) {
  const rig = aRig(mode);
  const onNode = { containers: [{ name: 'runner', image: 'x' }], nodeName: 'node1' };
  rig.act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, { ...spec, spec: onNode }))));
  rig.rig.start();
  rig.clock.run(rig.clock.nowUs() + SECOND_US);
  if (Object.keys(status).length > 0) {
    rig.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'job1', { status }, 'status'));
    rig.clock.run(rig.clock.nowUs() + SECOND_US);
  }
  rig.sent.length = 0;
  const endsWith = (exitCode: number, phase = 'Running'): void => {
    const terminated = { name: 'runner', state: { terminated: { exitCode } } };
    rig.act(
      patchRequest(Pods, LAB_NAMESPACE, 'job1', { status: { phase, containerStatuses: [terminated] } }, 'status'),
    );
    // The pod is gone when the cache has its failure; one that goes before may be replaced at once.
    rig.clock.schedule(SECOND_US / 2, () => rig.act(deleteRequest(Pods, LAB_NAMESPACE, 'job1', NOW)), undefined);
  };
  const run = (seconds: number): string[] => {
    rig.sent.length = 0;
    rig.clock.run(rig.clock.nowUs() + seconds * SECOND_US);
    return rig.sent.map(({ what }) => what);
  };
  return { ...rig, endsWith, run };
}

describe('failed pods from pull request 4059 on', () => {
  it('are followed by a back-off of 5, 10, 20, 40 and 80 s, and after the sixth the runner is deleted', () => {
    const { clock, sent, endsWith, act } = aRunnerWithPod('0.13.1');
    const podAt: number[] = [];
    for (let failure = 1; failure <= 5; failure++) {
      // The times of failures are whole seconds.
      clock.run(Math.ceil(clock.nowUs() / SECOND_US) * SECOND_US);
      endsWith(1);
      const failedUs = clock.nowUs();
      sent.length = 0;
      clock.run(failedUs + 100 * SECOND_US);
      const made = sent.filter(({ what }) => what === 'create pods job1').at(-1);
      podAt.push(Math.round(((made?.atUs ?? 0) - failedUs) / SECOND_US));
    }
    assert.deepEqual(podAt, [5, 10, 20, 40, 80]);
    endsWith(1);
    clock.run(clock.nowUs() + 100 * SECOND_US);
    assert.ok(act(getRequest(EphemeralRunners, LAB_NAMESPACE, 'job1')) instanceof Error, 'the runner is gone');
  });

  it('end a back-off only by an event without pull request 4152', () => {
    const { endsWith, run, act } = aRunnerWithPod('0.12.1-4152');
    endsWith(1);
    assert.ok(!run(60).includes('create pods job1'), 'nothing wakes the runner');
    act(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'job1', { metadata: { labels: { touched: 'yes' } } }));
    assert.ok(run(5).includes('create pods job1'), 'the event made the next pod');
  });
});

describe('a pod that fails during a job, from pull request 4239 on', () => {
  it('takes its runner with it, which the service is asked about twice; without a job it is replaced', () => {
    const busy = aRunnerWithPod('0.13.1', { jobId: 'aaaa-7' });
    busy.endsWith(1);
    assert.ok(busy.run(10).includes('delete ephemeralrunners job1'));
    const removals = busy.http.filter(({ method }) => method === 'DELETE');
    assert.equal(removals.length, 2);
    const idle = aRunnerWithPod('0.13.1');
    idle.endsWith(1);
    const sent = idle.run(10);
    assert.ok(!sent.includes('delete ephemeralrunners job1') && sent.includes('create pods job1'), sent.join());
  });

  it('is removed from the service by its finalizer alone without pull request 4260', () => {
    const { endsWith, run, http } = aRunnerWithPod('0.13.1-4260', { jobId: 'aaaa-7' });
    endsWith(1);
    run(10);
    assert.equal(http.filter(({ method }) => method === 'DELETE').length, 1);
  });
});

describe('an init container that has failed', () => {
  const failed = { name: 'setup', state: { terminated: { exitCode: 2 } } };
  const status = { phase: 'Pending', initContainerStatuses: [failed] };

  for (const [mode, isReplaced] of [
    ['0.14.0', false],
    ['0.14.2', true],
    ['0.11.0+4457', true],
  ] as const) {
    it(`${isReplaced ? 'fails its pod' : 'is waited for'} in ${mode}`, () => {
      const { act, run } = aRunnerWithPod(mode);
      act(patchRequest(Pods, LAB_NAMESPACE, 'job1', { status }, 'status'));
      assert.equal(run(1).includes('delete pods job1'), isReplaced);
    });
  }
});

describe('exit code 7', () => {
  it('makes a runner Outdated from pull request 4404 on, and later passes clean up its pod and secret', () => {
    for (const phase of ['Running', 'Failed']) {
      const { endsWith, run, act } = aRunnerWithPod('0.14.0');
      endsWith(7, phase);
      const sent = run(2);
      assert.ok(sent.includes('delete pods job1') && sent.includes('delete secrets job1'), sent.join());
      const runner = act(getRequest(EphemeralRunners, LAB_NAMESPACE, 'job1')) as { status?: object };
      const { phase: now, reason, message } = (runner.status ?? {}) as Record<string, unknown>;
      assert.deepEqual([now, reason, message], ['Outdated', 'Outdated', 'Runner is deprecated'], phase);
    }
  });
});

describe('an exceeded quota, from pull request 4305 on', () => {
  it('is tried again every 30 s for ten minutes, and then the runner is deleted', () => {
    const { clock, rig, sent, act } = aRig('0.13.1');
    const hard = { pods: '0' };
    const quota: ResourceQuota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace: LAB_NAMESPACE },
      spec: { hard },
    };
    act(createRequest(ResourceQuotas, quota));
    act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, spec))));
    rig.start();
    clock.run(590 * SECOND_US);
    assert.ok(!sent.some(({ what }) => what === 'delete ephemeralrunners job1'));
    const tries = sent.filter(({ what }) => what === 'create pods job1').length;
    assert.ok(tries >= 20 && tries <= 24, `${tries} tries in 590 s`);
    clock.run(640 * SECOND_US);
    assert.ok(sent.some(({ what }) => what === 'delete ephemeralrunners job1'));
    assert.ok(act(getRequest(EphemeralRunners, LAB_NAMESPACE, 'job1')) instanceof Error, 'the runner is gone');
  });
});

describe('the secret as the record of the registration, from pull request 4191 on', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const withSecret = (data: Record<string, string>) => {
    const { clock, rig, sent, http, act } = aRig('0.13.1');
    const secret: Secret = { ...aSecret({ name: 'job1', namespace: LAB_NAMESPACE }), data };
    act(createRequest(Secrets, secret));
    act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, spec))));
    rig.start();
    clock.run(SECOND_US);
    const { status } = act(getRequest(EphemeralRunners, LAB_NAMESPACE, 'job1')) as { status?: { runnerId?: number } };
    const jitCalls = http.filter(({ url }) => url.includes('generatejitconfig')).length;
    return { what: sent.map(({ what }) => what), jitCalls, runnerId: status?.runnerId };
  };

  it('gives a status that was lost its id again, without another registration', () => {
    const { jitCalls, runnerId } = withSecret({ runnerId: base64('42'), runnerName: base64('job1') });
    assert.deepEqual([jitCalls, runnerId], [0, 42]);
  });

  it('is deleted when it has no id, and the runner is registered', () => {
    for (const id of ['', 'none', '4.2']) {
      const data = { runnerId: base64(id) };
      const { what, jitCalls, runnerId } = withSecret(data);
      assert.ok(what.includes('delete secrets job1'), JSON.stringify(data));
      assert.deepEqual([jitCalls, runnerId], [1, 101], JSON.stringify(data));
    }
  });
});
