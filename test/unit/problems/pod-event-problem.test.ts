import assert from 'node:assert/strict';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster } from '../../../src/kubernetes/cluster.ts';
import type { KubernetesEvent, Pod } from '../../../src/kubernetes/types.ts';
import { eventsOf, problemOfEvents, wantsEvents } from '../../../src/problems/pod-event-problem.ts';
import { problemSentence } from '../../../src/problems/pod-problem.ts';

const EPOCH_MS = Date.parse('2026-03-02T07:00:00Z');
const POD = { metadata: { namespace: 'ns', name: 'runner', uid: 'u1' }, spec: {} } as unknown as Pod;

/** An event of the pod at a second; of another type than Warning where that is said. */
function anEvent(second: number, reason: string, message = '', type = 'Warning'): KubernetesEvent {
  const time = new Date(EPOCH_MS + second * 1000).toISOString();
  return {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { namespace: 'ns', name: `runner.${reason}.${second}` } },
    ...{ involvedObject: { kind: 'Pod', name: 'runner', uid: 'u1' }, reason, message, type },
    ...{ firstTimestamp: time, lastTimestamp: time },
  };
}

/** The sentence and what to do, at second 100. */
function said(...events: KubernetesEvent[]): string {
  const problem = problemOfEvents({ events, epochMs: EPOCH_MS, redact: (text) => text.replaceAll('s3cret', '***') });
  return problem === undefined ? '' : `${problemSentence(problem, 100e6)} ${problem.advice}`;
}

describe('events of a pod that does not run again, or that only repeat', () => {
  it('do not promise that it runs', () => {
    for (const [reason, next] of [
      ['Evicted', /deletes the pod and creates another/],
      ['Preempted', /ARC creates another/],
      ['TaintManagerEviction', /ARC creates another/],
    ] as const) {
      const problem = problemOfEvents({
        events: [anEvent(70, reason, 'x')],
        epochMs: EPOCH_MS,
        redact: (text) => text,
      });
      assert.match(problem?.next ?? '', next);
    }
  });

  it('say why an image cannot be pulled, and not only that it is so', () => {
    const why = anEvent(60, 'Failed', 'Failed to pull image "x:1": not found');
    assert.match(said(why, anEvent(60, 'Failed', 'Error: ErrImagePull')), /Failed to pull image "x:1": not found/);
    assert.match(said(why, anEvent(90, 'BackOff', 'Back-off pulling image "x:1"')), /Failed to pull image "x:1"/);
    assert.match(
      said(why, anEvent(90, 'BackOff', 'Back-off restarting failed container')),
      /Back-off restarting failed container/,
    );
  });
});

describe('what the events of a pod tell where its status says nothing', () => {
  const CASES: readonly [KubernetesEvent, RegExp][] = [
    [
      anEvent(40, 'FailedMount', 'timed out'),
      /^A volume of the pod cannot be mounted \(FailedMount\) for 1 min 0 s: timed out\. Check/,
    ],
    [
      anEvent(70, 'FailedAttachVolume', 'Multi-Attach error'),
      /^A volume .* attached to its node \(FailedAttachVolume\) for 30 s: /,
    ],
    [
      anEvent(70, 'FailedCreatePodSandBox', 'no IP left'),
      /network and sandbox of the pod \(FailedCreatePodSandBox\) for 30 s: no IP left\. Check the node's network/,
    ],
    [
      anEvent(70, 'FailedScheduling', '0/4 nodes are available'),
      /^Pod cannot be scheduled \(FailedScheduling\) for 30 s: 0\/4 nodes/,
    ],
    [
      anEvent(70, 'Failed', 'Failed to pull image "x": not found'),
      /^Pod cannot pull its image \(Failed\) for 30 s: .*Check image, tag/,
    ],
    [anEvent(70, 'BackOff', 'Back-off pulling image "x"'), /^Pod cannot pull its image/],
    [
      anEvent(70, 'Failed', 'Error: secret "a" not found'),
      /cannot be created \(Failed\) for 30 s: Error: secret "a" not found\. Create the secret/,
    ],
    [
      anEvent(70, 'BackOff', 'Back-off restarting failed container'),
      /keeps ending \(BackOff\).*kubectl logs --previous\.$/,
    ],
    [
      anEvent(70, 'BackOff', 'Back-off restarting failed container dind in pod lark-1_ci(1c2d)'),
      /^Container dind keeps ending \(BackOff\).*kubectl logs --previous -c dind\.$/,
    ],
    [anEvent(70, 'Evicted', 'Evicted pod: Spot Interruption', 'Normal'), /run long jobs on on-demand nodes/],
    [anEvent(70, 'Evicted', 'Evicted pod: Underutilized', 'Normal'), /do-not-disrupt: "true"/],
    [anEvent(70, 'Evicted', 'Evicted pod: Expired', 'Normal'), /Raise expireAfter/],
    [anEvent(70, 'Evicted', 'Evicted pod: Drifted', 'Normal'), /do-not-disrupt: "true"/],
    [anEvent(70, 'Pulling', 'Pulling image "large"', 'Normal'), /^The node is pulling an image \(Pulling\) for 30 s: /],
    [
      anEvent(70, 'SomethingNew', 'of a plugin'),
      /^The node reports a problem with the pod \(SomethingNew\) for 30 s: of a plugin\./,
    ],
  ];
  for (const [event, sentence] of CASES) {
    it(`is said with since when and what to do: ${event.reason} ${event.message}`, () =>
      assert.match(said(event), sentence));
  }

  it('is the last of them, and nothing once the pod gets on', () => {
    assert.match(said(anEvent(50, 'FailedMount'), anEvent(60, 'Pulling', '', 'Normal')), /Pulling/);
    assert.equal(said(anEvent(50, 'FailedMount'), anEvent(60, 'Started', '', 'Normal')), '');
    assert.match(said(anEvent(60, 'FailedMount'), anEvent(60, 'Scheduled', '', 'Normal')), /FailedMount/);
    assert.equal(said(anEvent(60, 'FailedScheduling'), anEvent(60, 'Scheduled', '', 'Normal')), '');
    assert.equal(said(), '');
  });

  it('is since the first time, however often it was said again, and reads both forms of events', () => {
    const again = { ...anEvent(10, 'FailedMount'), count: 5, lastTimestamp: new Date(EPOCH_MS + 90e3).toISOString() };
    assert.match(said(anEvent(50, 'Pulled', '', 'Normal'), again), / for 1 min 30 s/);
    const { firstTimestamp: _first, lastTimestamp: _last, ...newer } = anEvent(0, 'FailedScheduling');
    const eventTime = new Date(EPOCH_MS + 60e3).toISOString();
    const series = { count: 3, lastObservedTime: new Date(EPOCH_MS + 80e3).toISOString() };
    assert.match(said({ ...newer, eventTime, series, firstTimestamp: null, lastTimestamp: null }), / for 40 s/);
  });

  it('holds no credentials and nothing that cannot be seen', () => {
    assert.match(said(anEvent(70, 'FailedMount', 'token s3cret\u001b[2J')), /token \*\*\*\\u\{1b\}\[2J/);
  });

  it('is asked for while a pod waits for what every pod waits for, and not otherwise', () => {
    const facts = { phase: '', pod: 'pending' as const };
    assert.ok(wantsEvents(facts));
    assert.ok(wantsEvents({ ...facts, trouble: { code: 'ContainerCreating' } }));
    assert.ok(!wantsEvents({ ...facts, trouble: { code: 'ImagePullBackOff' } }));
    assert.ok(!wantsEvents({ ...facts, pod: 'running' }));
    assert.ok(!wantsEvents({ ...facts, pod: 'none' }));
  });

  it('is of this pod alone: the list of events is restricted to it', async () => {
    const asked: ApiRequest[] = [];
    const events = [
      anEvent(1, 'FailedMount'),
      { ...anEvent(2, 'Failed'), involvedObject: { name: 'runner', uid: 'u0' } },
    ];
    const found = await eventsOf(answering({ resourceVersion: '1', items: events }, asked), POD);
    assert.deepEqual(
      found.map(({ reason }) => reason),
      ['FailedMount'],
    );
    assert.deepEqual(
      asked.map(({ verb, namespace, fieldSelector }) => [verb, namespace, fieldSelector]),
      [['list', 'ns', 'involvedObject.kind=Pod,involvedObject.name=runner']],
    );
  });

  it('is nothing where events may not be read', async () => {
    const forbidden = new ApiError(403, 'Forbidden', 'events is forbidden');
    assert.deepEqual(await eventsOf(answering(forbidden, []), POD), []);
  });
});

function answering(reply: ApiReply, asked: ApiRequest[]): Cluster {
  return {
    send: (request, done) => {
      asked.push(request);
      queueMicrotask(() => done(reply));
    },
    watch: () => assert.fail('events are watched'),
  };
}
