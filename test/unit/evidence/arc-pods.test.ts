import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { explainText } from '../../builders/evidence.ts';

const LABELS = {
  controller: { 'app.kubernetes.io/component': 'controller-manager', 'app.kubernetes.io/part-of': 'gha-rs-controller' },
  listener: {
    'app.kubernetes.io/component': 'runner-scale-set-listener',
    'actions.github.com/scale-set-name': 'gpu',
    'actions.github.com/scale-set-namespace': 'ci',
  },
};
const CONTAINERS = { controller: 'manager', listener: 'listener' };
const IMAGE = 'ghcr.io/actions/gha-runner-scale-set-controller:0.12.1';

type Role = keyof typeof LABELS;

function podOf(role: Role, status: unknown, name = `arc-${role}`, instance = 'arc'): unknown {
  const labels = { ...LABELS[role], 'app.kubernetes.io/instance': instance };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', status },
    metadata: { name, namespace: 'arc-systems', uid: name, creationTimestamp: '2026-03-02T11:00:00Z', labels },
    spec: { containers: [{ name: CONTAINERS[role], image: IMAGE }] },
  };
}

function container(role: Role, of: object): unknown {
  return { phase: 'Running', containerStatuses: [{ name: CONTAINERS[role], restartCount: 17, ...of }] };
}

const crashing = (reason: string, exitCode: number): object => ({
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
  lastState: { terminated: { exitCode, reason, finishedAt: '2026-03-02T11:54:00Z' } },
});
const pulling = {
  restartCount: 0,
  state: { waiting: { reason: 'ImagePullBackOff', message: 'corp/y: 403 Forbidden' } },
};
const running = { ready: true, restartCount: 0, state: { running: { startedAt: '2026-03-02T11:00:02Z' } } };
const refused = {
  phase: 'Pending',
  conditions: [
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/12 nodes are available.' },
  ],
};
const notReady = (since: string): object => ({
  ...(container('controller', { ...running, ready: false }) as object),
  conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: since }],
});

function runner(name: string): unknown {
  return {
    ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner' },
    metadata: { name, namespace: 'ci', creationTimestamp: '2026-03-02T12:00:00Z' },
    spec: { spec: { containers: [{ name: 'runner' }] } },
  };
}

function deployment(replicas: number, status: object = {}): unknown {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', status },
    metadata: {
      ...{ name: 'arc', namespace: 'arc-systems', creationTimestamp: '2026-03-02T11:00:00Z' },
      labels: { ...LABELS.controller, 'app.kubernetes.io/version': '0.12.1' },
    },
    spec: { replicas, template: { spec: { containers: [{ name: 'manager', image: IMAGE }] } } },
  };
}

function explainItems(...items: readonly unknown[]): Promise<Explanation> {
  return explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'dump.json');
}

describe('a controller of ARC that does not run', () => {
  const OOM = container('controller', crashing('OOMKilled', 137));
  const cases: [title: string, given: unknown, says: RegExp, advice: RegExp][] = [
    [
      'killed for memory',
      podOf('controller', OOM),
      /CrashLoopBackOff, exit code 137, OOMKilled, 17 restarts\.$/,
      /memory limit/,
    ],
    [
      'crash-looping',
      podOf('controller', container('controller', crashing('Error', 1))),
      /CrashLoopBackOff, exit code 1, 17 restarts\.$/,
      /--previous -n arc-systems arc-controller/,
    ],
    [
      'that has just ended',
      podOf('controller', container('controller', { state: { terminated: { exitCode: 2, reason: 'Error' } } })),
      /ended, exit code 2, 17 restarts\.$/,
      /kubectl logs/,
    ],
    ['whose image is refused', podOf('controller', container('controller', pulling)), /403 Forbidden/, /image/i],
    ['on no node', podOf('controller', refused), /cannot be scheduled .*0\/12 nodes/, /nodes/],
    ['scaled to 0', deployment(0), /scaled to 0/, /kubectl scale deployment -n arc-systems arc --replicas=1/],
    [
      'whose pods are refused',
      deployment(1, {
        unavailableReplicas: 1,
        conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'pods "arc-1" is forbidden: exceeded quota' }],
      }),
      /its deployment arc has no available pod: .* exceeded quota/,
      /kubectl describe/,
    ],
  ];
  for (const [title, given, says, advice] of cases) {
    it(`comes first, with its cause, the runners that wait and what to do: one ${title}`, async () => {
      const { verdict, findings, release, isJudged } = await explainItems(given, runner('a'), runner('b'));
      assert.match(verdict, /^The ARC controller does not run, so 2 runners wait: /);
      assert.match(verdict, says);
      assert.match(findings[0]?.advice ?? '', advice);
      assert.deepEqual([isJudged, release?.text], [true, '0.12.1']);
    });
    it(`is named without a runner too: one ${title}`, async () => {
      const { verdict } = await explainItems(given);
      assert.match(verdict, /^The ARC controller does not run: /);
    });
  }

  it('is not said of one that runs, nor of a pod that has only just begun', async () => {
    const well = podOf('controller', container('controller', running));
    const begun = podOf('controller', { phase: 'Pending' });
    const young = { ...(begun as object), metadata: { ...(begun as { metadata: object }).metadata } };
    (young.metadata as { creationTimestamp?: string }).creationTimestamp = '2026-03-02T12:00:00Z';
    for (const given of [well, young, deployment(1, { availableReplicas: 1 })]) {
      const { findings } = await explainItems(given, runner('a'));
      assert.deepEqual(
        findings.map(({ sentence }) => sentence),
        [],
      );
    }
  });

  it('is not said to be down while another of its pods runs, but the one that does not is named', async () => {
    const well = podOf('controller', container('controller', running), 'arc-old');
    const { verdict, findings } = await explainItems(well, podOf('controller', OOM, 'arc-new'), runner('a'));
    assert.match(verdict, /^Pod arc-new of the ARC controller does not run, while another does: .*OOMKilled/);
    assert.equal(findings[0]?.severity, 'warning');
  });

  it('is said to be not ready after a minute of that', async () => {
    const said = await explainItems(podOf('controller', notReady('2026-03-02T11:30:00Z')), runner('a'));
    assert.match(said.verdict, /^The ARC controller is not ready/);
    const young = await explainItems(podOf('controller', notReady('2026-03-02T11:59:50Z')), runner('a'));
    assert.deepEqual(young.findings, []);
  });

  it('is said to have been restarted again and again, where it runs at the moment', async () => {
    const last = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-03-02T11:58:00Z' } };
    const status = container('controller', { ...running, restartCount: 17, lastState: last });
    const { verdict } = await explainItems(podOf('controller', status), runner('a'));
    assert.match(
      verdict,
      /^The ARC controller has been restarted 17 times, last at 11:58:00: exit code 137, OOMKilled\./,
    );
  });
});

describe('a listener that does not run', () => {
  const listener = {
    ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'AutoscalingListener' },
    metadata: { name: 'arc-listener', namespace: 'arc-systems', creationTimestamp: '2026-03-02T11:00:00Z' },
    spec: { autoscalingRunnerSetName: 'gpu', autoscalingRunnerSetNamespace: 'ci' },
  };
  const cases: [title: string, status: unknown, says: RegExp, advice: RegExp][] = [
    ['on no node', refused, /cannot be scheduled .*0\/12 nodes/, /nodes/],
    ['whose image is refused', container('listener', pulling), /403 Forbidden/, /image/i],
    [
      'that keeps ending',
      container('listener', crashing('Error', 1)),
      /CrashLoopBackOff, exit code 1, 17 restarts\.$/,
      /kubectl logs --previous -n arc-systems arc-listener/,
    ],
    [
      'that was evicted',
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      /evicted the pod.*low on resource/,
      /./,
    ],
  ];
  for (const [title, status, says, advice] of cases) {
    for (const [given, items] of [
      ['with its object', [listener]],
      ['its pod alone', []],
    ] as const) {
      it(`is named with its cause and what to do: one ${title}, ${given}`, async () => {
        const { verdict, findings } = await explainItems(...items, podOf('listener', status));
        assert.match(verdict, /^The listener of scale set gpu does not run: /);
        assert.match(verdict, says);
        assert.match(findings[0]?.advice ?? '', advice);
        assert.equal(findings.length, 1);
      });
    }
  }
});
