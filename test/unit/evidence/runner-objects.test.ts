import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { explainText } from '../../builders/evidence.ts';

interface Given {
  readonly status?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
}

function runner(name: string, { status = {}, namespace = 'ci' }: Given = {}): unknown {
  return {
    ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner', status },
    metadata: { name, namespace, creationTimestamp: '2026-03-02T11:55:00Z' },
    spec: { spec: { containers: [{ name: 'runner', image: 'registry.test/runner:1' }] } },
  };
}

function pod(name: string, status: unknown, image = 'registry.test/runner:1'): unknown {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', status },
    metadata: { name, namespace: 'ci', uid: `uid-${name}`, creationTimestamp: '2026-03-02T12:00:00Z' },
    spec: { containers: [{ name: 'runner', image }] },
  };
}

function event(name: string, reason: string, message: string, type = 'Warning', kind = 'Pod'): unknown {
  return {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `${name}.${reason}`, namespace: 'ci' }, type, reason },
    ...{ involvedObject: { kind, name, namespace: 'ci' }, message, lastTimestamp: '2026-03-02T12:09:00Z' },
  };
}

function explainItems(...items: readonly unknown[]): Promise<Explanation> {
  return explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'dump.json');
}

const waiting = (reason: string, message: string): unknown => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'runner', state: { waiting: { reason, message } } }],
});
const timesAt = (...times: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(times.map((time, index) => [`uid-${index}`, `2026-03-02T${time}Z`]));
const healthyPod = pod('other', {
  phase: 'Running',
  containerStatuses: [{ name: 'runner', state: { running: { startedAt: '2026-03-02T12:00:02Z' } } }],
});

describe('a runner whose pods have failed', () => {
  for (const phase of ['', 'Pending', 'Running']) {
    it(`backs off, which its status says, since when and until when: phase ${phase || 'empty'}`, async () => {
      const status = { phase, ready: false, failures: timesAt('12:01:00', '12:01:20', '12:02:00') };
      const { verdict, findings } = await explainItems(runner('lark-1', { status }), runner('other'), healthyPod);
      assert.equal(verdict, 'lark-1 has no pod now: 3 of its pods have failed, the last at 12:02:00.');
      assert.ok(findings[0]?.details.some((detail) => detail.includes('waits 20 s') && detail.includes('12:02:20Z')));
    });
  }

  it('is shown with the reason that its last pod left in the status, and what helps', async () => {
    const status = {
      ...{ phase: 'Pending', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      failures: timesAt('12:01:00'),
    };
    const { verdict, findings } = await explainItems(runner('lark-1', { status }), healthyPod);
    assert.match(
      verdict,
      /^lark-1 has no pod now: 1 .* failed, at 12:01:00: The node evicted the pod \(Evicted\): The node/,
    );
    assert.match(findings[0]?.advice ?? '', /Set requests/);
  });

  it('is shown with the last event of the pod that is gone', async () => {
    const failed = event('lark-1', 'FailedMount', 'secret "cache" not found');
    const status = { phase: 'Pending', failures: timesAt('12:01:00') };
    const { findings } = await explainItems(runner('lark-1', { status }), healthyPod, failed);
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['failed-before'],
    );
    assert.match(findings[0]?.sentence ?? '', /A volume of the pod cannot be mounted \(FailedMount\)/);
    assert.ok(findings[0]?.details.some((detail) => detail.includes('secret "cache" not found')));
  });

  it('has no times of failures up to ARC 0.11.0, and is shown without', async () => {
    const status = { phase: 'Pending', failures: { a: true, b: true } };
    const { verdict, findings } = await explainItems(runner('lark-1', { status }), healthyPod);
    assert.equal(verdict, 'lark-1 has no pod now: 2 of its pods have failed.');
    assert.match(findings[0]?.details.join(' ') ?? '', /Up to ARC 0\.11\.0 the next pod is made at once/);
  });

  it('is a warning while its next pod runs', async () => {
    const status = { phase: 'Running', ready: true, failures: timesAt('11:59:00') };
    const { findings } = await explainItems(runner('other', { status }), healthyPod);
    assert.deepEqual(
      findings.map(({ severity, sentence }) => [severity, sentence]),
      [['warning', 'other: 1 of its pods has failed, at 11:59:00.']],
    );
  });

  it('is not said to have no pod where no pod at all was given', async () => {
    const status = { phase: 'Pending', failures: timesAt('12:01:00', '12:02:00') };
    const { findings } = await explainItems(runner('lark-1', { status }), runner('lark-2', { status }));
    assert.equal(findings.length, 1);
    assert.equal(findings[0]?.sentence, '2 runners: 2 pods of each have failed.');
    assert.equal(findings[0].confidence, 'likely');
    assert.match(findings[0].details.join(' '), /kubectl get ephemeralrunners,pods/);
  });
});

describe('what a status or an event says', () => {
  const cases: [what: string, items: readonly unknown[], says: RegExp][] = [
    [
      'a reason and a message of a runner that is pending',
      [runner('lark-1', { status: { phase: 'Pending', reason: 'Strange', message: 'nobody knows' } }), healthyPod],
      /^lark-1 is Pending, and its status says: Strange: nobody knows\.$/,
    ],
    [
      'a message alone of a runner without a phase',
      [runner('lark-1', { status: { message: 'nobody knows' } })],
      /^lark-1 has no phase yet, and its status says: nobody knows\.$/,
    ],
    [
      'the last event of a pod that is not among what was given',
      [runner('lark-1', { status: { phase: 'Pending' } }), event('lark-1', 'FailedMount', 'no such claim')],
      /^lark-1: A volume of the pod cannot be mounted \(FailedMount\): no such claim\.$/,
    ],
    ...['EphemeralRunner', 'EphemeralRunnerSet', 'AutoscalingRunnerSet', 'AutoscalingListener'].map(
      (kind): [string, readonly unknown[], RegExp] => [
        `a warning about an ${kind}`,
        [runner('lark-1'), event('lark-1', 'PolicyViolation', 'no latest tags', 'Warning', kind)],
        new RegExp(`^${kind} lark-1: PolicyViolation: no latest tags\\.$`),
      ],
    ),
  ];
  for (const [what, items, says] of cases) {
    it(`becomes a sentence: ${what}`, async () => {
      const { findings } = await explainItems(...items);
      const sentences = findings.map(({ sentence }) => sentence);
      assert.ok(
        sentences.some((sentence) => says.test(sentence)),
        sentences.join('\n'),
      );
    });
  }
});

describe('the same trouble of many runners', () => {
  const names = Array.from({ length: 12 }, (_, index) => `lark-${index}`);
  const pulls = [
    [
      'ErrImagePull',
      'rpc error: code = NotFound desc = failed to resolve reference "registry.test/runner:1": not found',
    ],
    ['ImagePullBackOff', 'Back-off pulling image "registry.test/runner:1"'],
  ] as const;
  const troubles: [what: string, status: (index: number) => unknown, says: RegExp][] = [
    [
      'an image that cannot be pulled, whatever the kubelet calls it now',
      (index) => (index % 2 === 0 ? waiting(...pulls[0]) : waiting(...pulls[1])),
      /^12 runners: Pod cannot pull its image/,
    ],
    [
      'no node, with other numbers of nodes',
      (index) => ({
        phase: 'Pending',
        conditions: [
          {
            ...{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
            message: `0/${index + 3} nodes are available: ${index + 3} Insufficient cpu.`,
          },
        ],
      }),
      /^12 runners: Pod cannot be scheduled \(Unschedulable\)/,
    ],
    [
      'a secret that is missing, with the name of the pod in the words',
      (index) => waiting('CreateContainerConfigError', `couldn't find key x in Secret ci/lark-${index}`),
      /^12 runners: Container runner cannot be created/,
    ],
  ];
  for (const [what, status, says] of troubles) {
    it(`is one finding with all of them: ${what}`, async () => {
      const items = names.flatMap((name, index) => [
        runner(name, { status: { phase: 'Pending' } }),
        pod(name, status(index)),
      ]);
      const { findings } = await explainItems(...items);
      assert.deepEqual(
        findings.map(({ id }) => id),
        ['object-problem'],
      );
      assert.match(findings[0]?.sentence ?? '', says);
      assert.deepEqual([...(findings[0]?.runners ?? [])].sort(), [...names].sort());
      assert.ok((findings[0]?.sentence.split(/\s+/).length ?? 0) <= 25);
      assert.match(findings[0]?.details[0] ?? '', /^lark-0, lark-1, lark-2 and 9 more\.$/);
    });
  }

  it('is one where events alone tell it', async () => {
    const items = names.map((name) => event(`${name}-runner-x`, 'FailedMount', `no secret for ${name}-runner-x`));
    const { findings } = await explainItems(...items);
    assert.match(findings[0]?.sentence ?? '', /^12 runners: A volume of the pod cannot be mounted/);
    assert.equal(findings.length, 1);
  });

  it('is one where they were asked to go', async () => {
    const going = names.map((name) => {
      const object = runner(name) as { metadata: object };
      return {
        ...object,
        metadata: { ...object.metadata, deletionTimestamp: '2026-03-02T12:00:00Z', finalizers: ['a/b'] },
      };
    });
    const { findings } = await explainItems(...going);
    assert.match(findings[0]?.sentence ?? '', /^12 runners were asked to go and are still there:/);
    assert.equal(findings.length, 1);
  });

  it('is two where the images differ', async () => {
    const items = ['lark-0', 'lark-1', 'lark-2', 'lark-3'].flatMap((name, index) => [
      runner(name, { status: { phase: 'Pending' } }),
      pod(name, waiting('ImagePullBackOff', 'Back-off'), `registry.test/runner:${index % 2}`),
    ]);
    const { findings } = await explainItems(...items);
    assert.deepEqual(
      findings.map(({ runners }) => runners),
      [
        ['lark-0', 'lark-2'],
        ['lark-1', 'lark-3'],
      ],
    );
  });
});

describe('objects that say nothing wrong', () => {
  const pending = (name: string): unknown => runner(name, { status: { phase: 'Pending' } });
  const cases: [what: string, items: readonly unknown[], says: RegExp][] = [
    [
      'a runner without a pod beside one that runs: the log is asked for, not what was given',
      [pending('lark-1'), runner('other', { status: { phase: 'Running', ready: true } }), healthyPod],
      /^Not enough to judge: lark-1 has neither a registration nor a pod 5 min 2 s after it was created: .*; give the controller's log as well\.$/,
    ],
    [
      'runners, and no pod at all: pods and events are asked for',
      [pending('lark-1'), pending('lark-2')],
      /^Not enough to judge: 2 runners without a pod; give kubectl get ephemeralrunners,pods,events -o yaml, and where/,
    ],
    [
      'runners that all have their pods: nothing is wrong',
      [runner('other', { status: { phase: 'Running', ready: true } }), healthyPod],
      /^Nothing wrong found in 1 runner: pods \S+.* their runner, 0 failures\.$/,
    ],
  ];
  for (const [what, items, says] of cases) {
    it(`lead to a verdict: ${what}`, async () => {
      assert.match((await explainItems(...items)).verdict, says);
    });
  }
});

describe('the release of objects that were given without a log', () => {
  const labelled = (version: string, name = 'lark-1'): unknown => {
    const one = runner(name, { status: { phase: 'Running', ready: true } }) as { metadata: object };
    return { ...one, metadata: { ...one.metadata, labels: { 'app.kubernetes.io/version': version } } };
  };

  it('is that of their label, where all have the same', async () => {
    assert.equal((await explainItems(labelled('0.12.1'), healthyPod)).release?.text, '0.12.1');
    assert.equal((await explainItems(labelled('0.12.1'), labelled('0.14.2', 'lark-2'), healthyPod)).release, undefined);
  });
});

describe('a runner whose pod has ended or fails', () => {
  const labelled = (name: string, version: string): unknown => ({
    ...(runner(name) as object),
    metadata: {
      ...{ name, namespace: 'ci', creationTimestamp: '2026-03-02T11:55:00Z' },
      labels: { 'app.kubernetes.io/version': version },
    },
  });
  const evicted = pod('lark-1', {
    ...{ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
    startTime: '2026-03-02T12:00:05Z',
  });

  it('has no time since when where its status has none, whatever others say', async () => {
    const { findings } = await explainItems(labelled('lark-1', '0.14.2'), evicted, runner('other'), healthyPod);
    assert.doesNotMatch(JSON.stringify(findings), /Since/);
  });

  const RELEASES: [version: string, says: RegExp][] = [
    ['0.14.2', /^ARC deletes the pod and creates another/],
    ['0.13.1', /^ARC deletes the pod and creates another/],
    ['0.12.1', /^ARC 0\.12\.1 does not see that the pod has ended: the runner stays so/],
  ];
  for (const [version, says] of RELEASES) {
    it(`is said with what ARC ${version} does about it, and no other release`, async () => {
      const { findings } = await explainItems(labelled('lark-1', version), evicted);
      assert.ok(findings[0]?.details.some((detail) => says.test(detail)));
      assert.doesNotMatch(JSON.stringify(findings), /before 0\.13\.1/);
    });
  }

  it('has advice whose command is complete: namespace, pod and container', async () => {
    const waits = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } };
    const init = pod('lark-1', {
      phase: 'Pending',
      initContainerStatuses: [{ name: 'init-dind-externals', state: waits }],
    });
    const { findings } = await explainItems(runner('lark-1'), init);
    assert.match(findings[0]?.advice ?? '', /kubectl logs -n ci lark-1 --previous -c init-dind-externals\.$/);
  });
});
