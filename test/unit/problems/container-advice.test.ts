import assert from 'node:assert/strict';
import type { KubernetesEvent } from '../../../src/kubernetes/types.ts';
import { problemOfEvents } from '../../../src/problems/pod-event-problem.ts';

const POD = 'linux-8kq2m-runner-abcde';

function problem(...told: readonly (readonly [reason: string, message: string])[]): ReturnType<typeof problemOfEvents> {
  const events = told.map(([reason, message], index): KubernetesEvent => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `event-${index}`, namespace: 'ci' },
    involvedObject: { kind: 'Pod', name: POD, namespace: 'ci' },
    type: 'Warning',
    lastTimestamp: '2026-03-02T12:00:00Z',
    reason,
    message,
  }));
  return problemOfEvents({ events, epochMs: 0, redact: (text) => text, pod: { name: POD, namespace: 'ci' } });
}

describe('the advice on a container that cannot be created', () => {
  for (const [says, advice] of [
    ['container has runAsNonRoot and image will run as root (pod: "x", container: init)', /^Set runAsUser/],
    ['container has runAsNonRoot and image has non-numeric user (runner)', /^Set runAsUser/],
    [
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/home/runner/run.sh": stat /home/runner/run.sh: no such file or directory: unknown',
      /^Correct command and args/,
    ],
    ['cannot find volume "work" to mount into container "runner"', /^Add a volume of that name/],
    ['failed to reserve container name "runner_x": name is reserved for "y"', /container runtime/],
    ['context deadline exceeded', /container runtime/],
    [`secret "${POD}" not found`, /^ARC makes this secret/],
    ['secret "registry-password" not found', /^Create the secret/],
    ['configmap "hooks" not found', /^Create the secret, config map or key/],
  ] as const) {
    it(`goes by what the kubelet says: ${says.slice(0, 60)}`, () => {
      assert.match(problem(['Failed', `Error: ${says}`])?.advice ?? '', advice);
    });
  }

  it('is about the image where only another event says what is wrong with it', () => {
    const never = problem(
      ['ErrImageNeverPull', 'Container image "runner:local" is not present with pull policy of Never'],
      ['Failed', 'Error: ErrImageNeverPull'],
    );
    assert.match(never?.advice ?? '', /imagePullPolicy is Never/);
    assert.match(never?.words ?? '', /^Container image "runner:local" is not present/);
    const invalid = problem(
      [
        'InspectFailed',
        `Failed to apply default image tag "a::b": couldn't parse image name: invalid reference format`,
      ],
      ['Failed', 'Error: InvalidImageName'],
    );
    assert.match(invalid?.advice ?? '', /^Correct the name of the image/);
    assert.match(invalid?.words ?? '', /invalid reference format$/);
  });

  it('is to raise the limit that a pod was evicted for', () => {
    for (const message of [
      'Container runner exceeded its local ephemeral storage limit "10Gi". ',
      'Pod ephemeral local storage usage exceeds the total limit of containers 10Gi. ',
    ])
      assert.match(problem(['Evicted', message])?.advice ?? '', /^Raise that limit/);
    assert.match(problem(['Evicted', 'The node was low on resource: memory. '])?.advice ?? '', /^Set requests/);
  });
});
