import assert from 'node:assert/strict';
import { POD_PRESETS } from '../../../src/kubernetes/embedded/pod-presets.ts';
import { patchRequest } from '../../../src/kubernetes/request.ts';
import { Pods } from '../../../src/kubernetes/resource.ts';
import type { Pod, PodCondition } from '../../../src/kubernetes/types.ts';
import { aPod } from '../../builders/objects.ts';
import { SECOND_US, SimulatedPods } from '../../builders/simulated-pods.ts';

const RUNNER = { name: 'runner', image: 'runner:1' };
const DIND = { name: 'dind', image: 'docker:dind' };

function conditionsOf(pod: Pod): Record<string, string> {
  const told = ({ status, reason = '' }: PodCondition): string => `${status} ${reason}`.trim();
  return Object.fromEntries((pod.status?.conditions ?? []).map((condition) => [condition.type, told(condition)]));
}

const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString().replace('.000', '');

describe('Simulated pods carry what kubelets and the scheduler write', () => {
  it('while the container is made: node, start, addresses, conditions with their times, what it waits for', () => {
    const pods = new SimulatedPods('jobs');
    pods.create();
    pods.run(0.5);
    const { spec, status } = pods.pod();
    assert.equal(spec.nodeName, 'lab-node-1');
    assert.equal(status?.startTime, at(0));
    assert.equal(status?.qosClass, 'BestEffort');
    assert.match(status?.hostIP ?? '', /^10\.0\.0\.1$/);
    assert.deepEqual(status?.podIPs, [{ ip: status?.podIP ?? '' }]);
    assert.deepEqual(conditionsOf(pods.pod()), {
      PodReadyToStartContainers: 'True',
      Initialized: 'True',
      Ready: 'False ContainersNotReady',
      ContainersReady: 'False ContainersNotReady',
      PodScheduled: 'True',
    });
    assert.deepEqual(status?.containerStatuses, [
      {
        name: 'runner',
        state: { waiting: { reason: 'ContainerCreating' } },
        lastState: {},
        ready: false,
        restartCount: 0,
        image: 'runner:1',
        imageID: '',
        started: false,
      },
    ]);
  });

  it('while and after it runs: each condition has the time at which it last changed', () => {
    const pods = new SimulatedPods('jobs', { podStartUs: 3 * SECOND_US, jobDurationUs: 10 * SECOND_US });
    pods.create();
    pods.run(5);
    const running = pods.pod();
    const container = running.status?.containerStatuses?.[0];
    assert.deepEqual(container?.state, { running: { startedAt: at(3) } });
    assert.deepEqual([container?.ready, container?.started], [true, true]);
    assert.match(container?.containerID ?? '', /^containerd:\/\/[0-9a-f]{64}$/);
    assert.match(container?.imageID ?? '', /^runner@sha256:[0-9a-f]{64}$/);
    const times = (pod: Pod): unknown =>
      Object.fromEntries(
        (pod.status?.conditions ?? []).map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
      );
    const early = { PodReadyToStartContainers: at(0), Initialized: at(0), PodScheduled: at(0) };
    assert.deepEqual(times(running), { ...early, Ready: at(3), ContainersReady: at(3) });
    pods.run();
    const ended = pods.pod();
    assert.equal(ended.status?.phase, 'Succeeded');
    const { terminated } = ended.status?.containerStatuses?.[0]?.state ?? {};
    assert.deepEqual(
      [terminated?.exitCode, terminated?.reason, terminated?.startedAt, terminated?.finishedAt],
      [0, 'Completed', at(3), at(13)],
    );
    assert.deepEqual(conditionsOf(ended), {
      PodReadyToStartContainers: 'False',
      Initialized: 'True PodCompleted',
      Ready: 'False PodCompleted',
      ContainersReady: 'False PodCompleted',
      PodScheduled: 'True',
    });
  });

  it('of every container: init containers in turn, one that stays beside the others, and all others at once', () => {
    const pods = new SimulatedPods('jobs', { jobDurationUs: 20 * SECOND_US });
    const initContainers = [
      { name: 'first', image: 'init:1' },
      { name: 'beside', image: 'proxy:1', restartPolicy: 'Always' },
      { name: 'last', image: 'init:1' },
    ];
    pods.create(aPod({}, { initContainers, containers: [RUNNER, DIND], restartPolicy: 'Never' }));
    const states = (): string[] => {
      const { initContainerStatuses = [], containerStatuses = [] } = pods.pod().status ?? {};
      return [...initContainerStatuses, ...containerStatuses].map(
        ({ name, state }) => `${name} ${state?.waiting?.reason ?? Object.keys(state ?? {})[0]}`,
      );
    };
    pods.run(0.5);
    const waiting = ['runner PodInitializing', 'dind PodInitializing'];
    assert.deepEqual(states(), ['first running', 'beside PodInitializing', 'last PodInitializing', ...waiting]);
    assert.equal(conditionsOf(pods.pod())['Initialized'], 'False ContainersNotInitialized');
    assert.match(
      pods.pod().status?.conditions?.find(({ type }) => type === 'Initialized')?.message ?? '',
      /^containers with incomplete status: \[first beside last\]$/,
    );
    pods.run(1);
    assert.deepEqual(states(), ['first terminated', 'beside running', 'last running', ...waiting]);
    pods.run(3);
    assert.deepEqual(states(), [
      'first terminated',
      'beside running',
      'last terminated',
      'runner running',
      'dind running',
    ]);
    pods.run();
    // The runner is done; the container beside it keeps the pod running until somebody deletes it.
    assert.deepEqual(states().slice(3), ['runner terminated', 'dind running']);
    assert.equal(pods.pod().status?.phase, 'Running');
  });

  it('of containers that are restarted: how they last ended, how often, and why they wait', () => {
    const pods = new SimulatedPods({
      stages: [{ when: { state: 'running' }, after: '5s', times: 2, do: { exit: 3 } }],
    });
    pods.create(aPod({}, { restartPolicy: 'Always' }));
    pods.run(6.5);
    const crashed = pods.pod().status?.containerStatuses?.[0];
    assert.equal(crashed?.state?.waiting?.reason, 'CrashLoopBackOff');
    assert.equal(crashed?.lastState?.terminated?.exitCode, 3);
    assert.equal(pods.pod().status?.phase, 'Running');
    pods.run(1);
    assert.equal(pods.pod().status?.containerStatuses?.[0]?.restartCount, 1);
    assert.ok(pods.pod().status?.containerStatuses?.[0]?.state?.running !== undefined);
  });

  it('and conditions that others keep are left as they are', () => {
    const pods = new SimulatedPods('jobs', { podStartUs: 5 * SECOND_US });
    pods.create();
    pods.run(1);
    const pod = pods.pod();
    const custom = { type: 'example.com/checked', status: 'True', lastTransitionTime: at(1) };
    const status = { conditions: [...(pod.status?.conditions ?? []), custom] };
    pods.cluster.api.modify({ resource: Pods, namespace: 'arc', name: 'job1', subresource: 'status' }, (before) => ({
      ...before,
      status: { ...(before as Pod).status, ...status },
    }));
    pods.run();
    assert.equal(conditionsOf(pods.pod())['Ready'], 'True');
    assert.equal(conditionsOf(pods.pod())['example.com/checked'], 'True');
  });
});

describe('Simulated pods that go wrong', () => {
  it('wait for a node in the words of the scheduler, and get one when there is room', () => {
    const pods = new SimulatedPods('no-capacity');
    for (const name of ['a', 'b', 'c']) pods.create(aPod({ name }, { restartPolicy: 'Never' }));
    pods.run(5);
    const [condition] = pods.pod('c').status?.conditions ?? [];
    assert.deepEqual(
      [condition?.type, condition?.status, condition?.reason],
      ['PodScheduled', 'False', 'Unschedulable'],
    );
    assert.match(condition?.message ?? '', /^0\/3 nodes are available: 3 Too many pods\. preemption: /);
    assert.equal(pods.pod('c').spec.nodeName, undefined);
    pods.run();
    assert.equal(pods.pod('c').status?.phase, 'Succeeded');
    const ownEvents = pods.events().filter(({ involvedObject }) => involvedObject.name === 'c');
    assert.deepEqual(ownEvents.map(({ reason }) => reason).slice(0, 2), ['FailedScheduling', 'Scheduled']);
  });

  it('are unschedulable until a node comes', () => {
    const pods = new SimulatedPods('waits-for-node');
    pods.create();
    pods.run(100);
    assert.equal(pods.pod().status?.conditions?.[0]?.reason, 'Unschedulable');
    pods.run(60);
    assert.equal(pods.pod().status?.phase, 'Running');
    assert.equal(conditionsOf(pods.pod())['PodScheduled'], 'True');
  });

  it('are put out by their node, with what runs in them killed', () => {
    const pods = new SimulatedPods('evicted');
    pods.create(aPod({}, { restartPolicy: 'Never' }));
    pods.run();
    const { phase, reason, message, containerStatuses } = pods.pod().status ?? {};
    assert.deepEqual([phase, reason], ['Failed', 'Evicted']);
    assert.match(message ?? '', /^The node was low on resource: memory\./);
    assert.equal(containerStatuses?.[0]?.state?.terminated?.exitCode, 137);
    assert.equal(conditionsOf(pods.pod())['DisruptionTarget'], 'True TerminationByKubelet');
    assert.ok(pods.events().some((event) => event.reason === 'Evicted' && event.message === message));
  });

  it('are killed for their memory while another container keeps the pod running', () => {
    const pods = new SimulatedPods('oom-killed');
    pods.create(aPod({}, { containers: [RUNNER, DIND], restartPolicy: 'Never' }));
    pods.run();
    const { phase, containerStatuses } = pods.pod().status ?? {};
    assert.equal(phase, 'Running');
    const { terminated } = containerStatuses?.[0]?.state ?? {};
    assert.deepEqual([terminated?.exitCode, terminated?.reason], [137, 'OOMKilled']);
    assert.ok(containerStatuses?.[1]?.state?.running !== undefined);
    assert.equal(conditionsOf(pods.pod())['Ready'], 'False ContainersNotReady');
  });

  it('fail in an init container: the others are never made', () => {
    const pods = new SimulatedPods('init-fails');
    pods.create(aPod({}, { initContainers: [{ name: 'init', image: 'init:1' }], restartPolicy: 'Never' }));
    pods.run();
    const { phase, containerStatuses, initContainerStatuses } = pods.pod().status ?? {};
    assert.equal(phase, 'Failed');
    assert.equal(initContainerStatuses?.[0]?.state?.terminated?.exitCode, 1);
    assert.equal(containerStatuses?.[0]?.state?.waiting?.reason, 'PodInitializing');
  });

  it('cannot pull their image: both reasons in turn, with messages, at last the back-off', () => {
    const pods = new SimulatedPods('image-pull-back-off');
    pods.create();
    pods.run();
    const reasons = pods.seen.flatMap(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason ?? []);
    assert.deepEqual(
      reasons.filter((reason, index) => reason !== reasons[index - 1]),
      ['ContainerCreating', ...Array.from({ length: 3 }, () => ['ErrImagePull', 'ImagePullBackOff']).flat()],
    );
    assert.match(
      pods.pod().status?.containerStatuses?.[0]?.state?.waiting?.message ?? '',
      /^Back-off pulling image "runner:1"/,
    );
    const failed = pods.events().find(({ message }) => message === 'Error: ErrImagePull');
    assert.deepEqual([failed?.count, failed?.involvedObject.fieldPath], [3, 'spec.containers{runner}']);
  });

  it('are slow on one node of several: the others have started long before', () => {
    const pods = new SimulatedPods('one-slow-node');
    const spec = { initContainers: [{ name: 'init', image: 'init:1' }], restartPolicy: 'Never' };
    for (let index = 0; index < 8; index++) pods.create(aPod({ name: `pod-${index}` }, spec));
    pods.run(60);
    const slow = pods.seen.filter(({ spec: { nodeName } }) => nodeName === 'lab-node-3').at(-1);
    const names = Array.from({ length: 8 }, (_, index) => `pod-${index}`);
    const pending = names.filter((name) => pods.pod(name).status?.phase === 'Pending');
    assert.deepEqual(pending, [slow?.metadata.name]);
    pods.run(520);
    assert.ok(names.every((name) => pods.pod(name).status?.phase === 'Running'));
  });
});

describe('Events of simulated pods', () => {
  it('are those of a pod that starts, by scheduler and kubelet', () => {
    const pods = new SimulatedPods('jobs');
    pods.create();
    pods.run();
    assert.deepEqual(
      pods.events().map(({ reason, type, message }) => `${type} ${reason}: ${message}`),
      [
        'Normal Scheduled: Successfully assigned arc/job1 to lab-node-1',
        'Normal Pulled: Container image "runner:1" already present on machine',
        'Normal Created: Created container: runner',
        'Normal Started: Started container runner',
      ],
    );
    const [scheduled, pulled] = pods.events();
    assert.equal(scheduled?.reportingComponent, 'default-scheduler');
    assert.deepEqual(pulled?.source, { component: 'kubelet', host: 'lab-node-1' });
    assert.deepEqual(pulled?.involvedObject, {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'arc',
      name: 'job1',
      uid: pods.pod().metadata.uid,
      fieldPath: 'spec.containers{runner}',
    });
  });

  it('go after an hour, as on a cluster', () => {
    const pods = new SimulatedPods('jobs');
    pods.create();
    pods.run();
    pods.clock.schedule(3601 * SECOND_US, () => pods.create(aPod({ name: 'later' })), undefined);
    pods.run();
    assert.ok(pods.events().length > 0);
    assert.deepEqual(
      pods.events().filter(({ involvedObject }) => involvedObject.name === 'job1'),
      [],
    );
  });

  it('are not written where nobody reads them', () => {
    const pods = new SimulatedPods('jobs', { events: false });
    pods.create();
    pods.run();
    assert.deepEqual(pods.events(), []);
  });
});

describe('Deletion of simulated pods', () => {
  const GRACE = { terminationGracePeriodSeconds: 10, restartPolicy: 'Never' };

  it('takes time: containers end with 143, are seen so, and then the pod goes', () => {
    const pods = new SimulatedPods('jobs');
    pods.create(aPod({}, GRACE));
    pods.run();
    pods.delete('job1');
    pods.run(0.5);
    assert.equal(pods.pod().metadata.deletionGracePeriodSeconds, 10);
    assert.ok(
      pods.events().some(({ reason, message }) => reason === 'Killing' && message === 'Stopping container runner'),
    );
    pods.run();
    assert.equal(pods.find(), undefined);
    assert.equal(pods.seen.at(-1)?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 143);
  });

  it('kills what has not stopped when the grace is over', () => {
    const pods = new SimulatedPods({ stages: [{ when: { deleting: true }, do: 'never' }] });
    pods.create(aPod({}, GRACE));
    pods.run(5);
    pods.delete('job1');
    pods.run(9);
    assert.ok(pods.pod().status?.containerStatuses?.[0]?.state?.running !== undefined);
    pods.run(2);
    assert.equal(pods.find(), undefined);
    assert.equal(pods.seen.at(-1)?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 137);
  });

  it('does what the life says of pods that are asked to go, and stops the rest', () => {
    const pods = new SimulatedPods({
      stages: [{ when: { deleting: true, state: 'running' }, after: '4s', do: { exit: 0 } }],
    });
    pods.create(aPod({}, { ...GRACE, containers: [RUNNER, DIND] }));
    pods.run(5);
    pods.delete('job1');
    pods.run(4.5);
    assert.equal(pods.pod().status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 0);
    pods.run();
    assert.equal(pods.find(), undefined);
    assert.equal(pods.seen.at(-1)?.status?.containerStatuses?.[1]?.state?.terminated?.exitCode, 143);
  });

  it('is at once for a pod without a node, and for one that is forced', () => {
    const pods = new SimulatedPods('none');
    pods.create();
    pods.run();
    pods.delete('job1');
    assert.equal(pods.find(), undefined);
    const running = new SimulatedPods('jobs');
    running.create(aPod({}, GRACE));
    running.run();
    running.delete('job1', { gracePeriodSeconds: 0 });
    assert.equal(running.find(), undefined);
    running.run();
  });

  it('of one that has ended says the same as before of its containers, and lets it go', () => {
    const pods = new SimulatedPods('jobs', { jobDurationUs: 5 * SECOND_US });
    const initContainers = [{ name: 'beside', image: 'proxy:1', restartPolicy: 'Always' }];
    pods.create(aPod({ finalizers: ['lab/hold'] }, { ...GRACE, initContainers }));
    pods.run();
    const ended = pods.pod().status;
    pods.delete('job1');
    pods.run();
    assert.deepEqual(pods.pod().status, ended);
    pods.cluster.api.handle(patchRequest(Pods, 'arc', 'job1', { metadata: { finalizers: null } }));
    pods.run();
    assert.equal(pods.find(), undefined);
  });

  it('of one that has ended does what its life says of such pods', () => {
    const stages = [
      { when: { deleting: true, phase: 'Succeeded' }, after: '4s', do: { exit: 0 } },
      { when: { phase: 'Running' }, after: '1s', do: { exit: 0 } },
    ];
    const pods = new SimulatedPods({ stages });
    pods.create(aPod({ finalizers: ['lab/hold'] }, GRACE));
    pods.run();
    const written = pods.seen.length;
    pods.cluster.api.handle(patchRequest(Pods, 'arc', 'job1', { metadata: { labels: { seen: 'yes' } } }));
    pods.run();
    pods.delete('job1');
    pods.run();
    assert.equal(pods.pod().status?.phase, 'Succeeded');
    assert.equal(pods.seen.length, written + 2, 'its label and its deletion: what it is like was written before');
  });

  it('goes on when somebody else ends the pod meanwhile', () => {
    const pods = new SimulatedPods('jobs');
    pods.create(aPod({}, GRACE));
    pods.run();
    pods.delete('job1');
    pods.run(0.5);
    const status = { phase: 'Failed', reason: 'Evicted', message: 'low on memory' };
    pods.cluster.api.handle(patchRequest(Pods, 'arc', 'job1', { status }, 'status'));
    pods.run();
    assert.equal(pods.find(), undefined);
  });

  it('can be shortened by a second one', () => {
    const pods = new SimulatedPods({ stages: [{ when: { deleting: true }, do: 'never' }] });
    pods.create(aPod({}, { ...GRACE, terminationGracePeriodSeconds: 600 }));
    pods.run(5);
    pods.delete('job1');
    pods.run(5);
    pods.delete('job1', { gracePeriodSeconds: 3 });
    pods.run(4);
    assert.equal(pods.find(), undefined);
  });
});

describe('Presets of pods', () => {
  it('have names and descriptions that differ', () => {
    assert.equal(new Set(POD_PRESETS.map(({ name }) => name)).size, POD_PRESETS.length);
    assert.equal(new Set(POD_PRESETS.map(({ description }) => description)).size, POD_PRESETS.length);
  });

  it('do the same with the same seed, and other things with another', () => {
    const document = {
      stages: [
        { when: { state: 'running' }, weight: 1, after: '1s..60s', do: { exit: 0 } },
        { when: { state: 'running' }, weight: 1, after: '1s..60s', do: { exit: 1 } },
      ],
    };
    const run = (seed: number): unknown => {
      const pods = new SimulatedPods(document, { seed });
      for (let index = 0; index < 20; index++) pods.create(aPod({ name: `p${index}` }, { restartPolicy: 'Never' }));
      pods.run();
      return pods.seen.map(({ metadata, status }) => [metadata.name, status]);
    };
    assert.deepEqual(run(7), run(7));
    assert.notDeepEqual(run(7), run(8));
  });
});
