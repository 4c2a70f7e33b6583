import assert from 'node:assert/strict';
import { explainInputs, explainText } from '../../builders/evidence.ts';

const HEADER = 'LAST SEEN   TYPE      REASON             OBJECT                              MESSAGE';
const FULL =
  '0/6 nodes are available: 6 Insufficient cpu. preemption: 0/6 nodes are available: 6 No preemption victims found for incoming pod.';

function row(age: string, type: string, reason: string, object: string, message: string): string {
  return [age.padEnd(12), type.padEnd(10), reason.padEnd(19), object.padEnd(36), message].join('');
}

async function sentences(...rows: string[]): Promise<string[]> {
  const { findings } = await explainText([HEADER, ...rows].join('\n'), 'events.txt');
  for (const { sentence } of findings) assert.ok(sentence.split(' ').length <= 25, sentence);
  return findings.map(({ sentence }) => sentence);
}

describe('events without runners and pods', () => {
  it('name what the scheduler waits for, with what the autoscaler answers, of all runners with the same cause', async () => {
    const rows = ['kite-x-runner-a', 'kite-x-runner-b'].flatMap((name) => [
      row('2m31s', 'Warning', 'FailedScheduling', `pod/${name}`, FULL),
      row(
        '2m30s',
        'Normal',
        'NotTriggerScaleUp',
        `pod/${name}`,
        "pod didn't trigger scale-up: 2 max node group size reached",
      ),
    ]);
    const { findings, verdict } = await explainText([HEADER, ...rows].join('\n'), 'events.txt');
    assert.equal(
      verdict,
      '2 runners: Pod cannot be scheduled (FailedScheduling): 0/6 nodes are available: 6 Insufficient cpu.',
    );
    assert.equal(findings.length, 1);
    assert.ok(findings[0]?.details.includes('The autoscaler adds no node: 2 max node group size reached.'));
    assert.match(findings[0]?.advice ?? '', /^Raise the maximum size/);
  });

  it('say that a node is on its way, and nothing of a pod that got one', async () => {
    const waiting = await explainText(
      [
        HEADER,
        row('20m', 'Warning', 'FailedScheduling', 'pod/kite-x-runner-a', FULL),
        row(
          '1m',
          'Normal',
          'TriggeredScaleUp',
          'pod/kite-x-runner-a',
          'pod triggered scale-up: [{ng-a 3->4 (max: 10)}]',
        ),
      ].join('\n'),
      'events.txt',
    );
    assert.match(
      waiting.verdict,
      /^kite-x-runner-a: Pod cannot be scheduled .* for 20 min 0 s: 0\/6 nodes are available/,
    );
    assert.deepEqual(waiting.findings[0]?.details, ['The autoscaler is adding a node: ng-a 3->4 (max: 10).']);
    const placed = await explainText(
      [
        HEADER,
        row('20m', 'Warning', 'FailedScheduling', 'pod/kite-x-runner-a', FULL),
        row(
          '1m',
          'Normal',
          'TriggeredScaleUp',
          'pod/kite-x-runner-a',
          'pod triggered scale-up: [{ng-a 3->4 (max: 10)}]',
        ),
        row('30s', 'Normal', 'Scheduled', 'pod/kite-x-runner-a', 'Successfully assigned ci/kite-x-runner-a to node-9'),
      ].join('\n'),
      'events.txt',
    );
    assert.deepEqual(placed.findings, []);
    assert.match(placed.verdict, /^Not enough to judge: the events of 1 pod tell of no trouble; give kubectl get/);
  });

  it('tell why an image cannot be pulled in a few words, and what to do about that', async () => {
    const chain = (image: string, why: string): string =>
      `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`;
    for (const [why, reason, advice] of [
      ['ghcr.io/a/b:1: not found', 'not found', /Check image, tag and imagePullSecrets: the registry has no such/],
      ['unexpected status from HEAD request to https://x/v2: 401 Unauthorized', '401 Unauthorized', /imagePullSecrets/],
      ['toomanyrequests: You have reached your pull rate limit. You may increase', 'rate limit', /limits pulls/],
      ['failed to do request: Head "https://x": dial tcp: lookup x: no such host', 'no such host', /DNS/],
    ] as const) {
      const { findings, verdict } = await explainText(
        [
          HEADER,
          row('5m', 'Warning', 'Failed', 'pod/kite-x-runner-a', chain('ghcr.io/a/b:1', why)),
          row('4m', 'Normal', 'BackOff', 'pod/kite-x-runner-a', 'Back-off pulling image "ghcr.io/a/b:1"'),
        ].join('\n'),
        'events.txt',
      );
      assert.match(verdict, /^kite-x-runner-a: Pod cannot pull its image for \d min 0 s: ghcr\.io\/a\/b:1: /);
      assert.ok(verdict.includes(reason), verdict);
      assert.match(findings[0]?.advice ?? '', advice);
    }
  });

  it('are one where a mount waits for the same volumes, whatever the order of the others', async () => {
    const said = (others: string): string =>
      `Unable to attach or mount volumes: unmounted volumes=[work], unattached volumes=[${others}]: timed out waiting for the condition`;
    const found = await sentences(
      row('9m', 'Warning', 'FailedMount', 'pod/owl-x-runner-a', said('work kube-api-access-a1')),
      row('8m', 'Warning', 'FailedMount', 'pod/owl-x-runner-b', said('kube-api-access-b2 work')),
    );
    assert.deepEqual(found, [
      '2 runners: A volume of the pod cannot be mounted (FailedMount): unmounted volumes=[work]: timed out waiting for the condition.',
    ]);
  });

  it('tell a quota that refuses pods with its arithmetic, once', async () => {
    const said = (name: string): string =>
      `Error creating: pods "${name}" is forbidden: exceeded quota: compute, requested: limits.cpu=4, used: limits.cpu=30, limited: limits.cpu=32`;
    const found = await sentences(
      ...['gull-x-runner-a', 'gull-x-runner-b'].map((name) =>
        row('12s', 'Warning', 'FailedCreate', `ephemeralrunner/${name}`, said(name)),
      ),
    );
    assert.deepEqual(found, [
      'Quota compute refused the pods of 2 runners: used limits.cpu=30 + requested limits.cpu=4 > 32.',
    ]);
  });

  it('are read without a heading, with other columns, and with other spaces between', async () => {
    const [aligned = ''] = await sentences(row('2m31s', 'Warning', 'FailedScheduling', 'pod/kite-x-runner-a', FULL));
    for (const text of [
      `2m31s Warning FailedScheduling pod/kite-x-runner-a ${FULL}`,
      `ci          2m31s       Warning   FailedScheduling   pod/kite-x-runner-a   ${FULL}`,
      `LAST SEEN TYPE REASON OBJECT MESSAGE\n2m31s Warning FailedScheduling Pod/kite-x-runner-a ${FULL}`,
      `${HEADER}\n1m (x9 over 2m31s)   Warning   FailedScheduling   pod/kite-x-runner-a   ${FULL}`,
    ]) {
      const { verdict, files } = await explainText(text, 'events.txt');
      assert.equal(verdict, aligned);
      assert.equal(files[0]?.unknown, 0);
    }
  });

  it('as a list of JSON with an object in each line are read as one document', async () => {
    const event = (name: string): string =>
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `${name}.1`, namespace: 'ci' } },
        ...{ involvedObject: { kind: 'Pod', name, namespace: 'ci' }, reason: 'FailedScheduling', type: 'Warning' },
        ...{ message: FULL, firstTimestamp: '2026-05-01T10:00:00Z', lastTimestamp: '2026-05-01T10:12:00Z', count: 4 },
      });
    const text = `{"apiVersion":"v1","kind":"List","items":[\n${event('tern-x-runner-a')},\n${event('tern-x-runner-b')}\n]}`;
    const { verdict, findings } = await explainText(text, 'events.json');
    assert.match(verdict, /^2 runners: Pod cannot be scheduled/);
    assert.ok(findings[0]?.details.includes('For 12 min 0 s.'));
  });

  it('of a mount that came about say nothing, where the table is too coarse to tell which was first', async () => {
    const found = await sentences(
      row(
        '12m',
        'Warning',
        'FailedMount',
        'pod/kite-x-runner-a',
        'MountVolume.SetUp failed for volume "a" : timed out',
      ),
      row('12m', 'Normal', 'Started', 'pod/kite-x-runner-a', 'Started container runner'),
    );
    assert.deepEqual(found, []);
  });
});

describe('events beside the pod that they are about', () => {
  it('add what the autoscaler does to what the status says, which stands there once', async () => {
    const name = 'kite-x-runner-a';
    const object = (kind: string, of: object): object => ({
      ...{ apiVersion: kind === 'Pod' ? 'v1' : 'actions.github.com/v1alpha1', kind, ...of },
      metadata: { name, namespace: 'ci', creationTimestamp: '2026-05-01T10:00:00Z' },
    });
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: FULL };
    const items = [
      object('EphemeralRunner', { spec: {}, status: { phase: 'Pending' } }),
      object('Pod', {
        spec: { containers: [{ name: 'runner' }] },
        status: { phase: 'Pending', conditions: [{ ...condition, lastTransitionTime: '2026-05-01T10:00:05Z' }] },
      }),
    ];
    const { findings } = await explainInputs({
      'pods.json': [JSON.stringify({ apiVersion: 'v1', kind: 'List', items })],
      'events.txt': [
        HEADER,
        row('2m', 'Warning', 'FailedScheduling', `pod/${name}`, FULL),
        row(
          '2m',
          'Normal',
          'NotTriggerScaleUp',
          `pod/${name}`,
          "pod didn't trigger scale-up: 1 max node group size reached",
        ),
      ],
    });
    assert.equal(findings.length, 1);
    const { sentence = '', details = [], advice = '' } = findings[0] ?? {};
    assert.match(
      sentence,
      /^kite-x-runner-a: Pod cannot be scheduled .*: 0\/6 nodes are available: 6 Insufficient cpu\.$/,
    );
    assert.ok(details.includes('The autoscaler adds no node: 1 max node group size reached.'));
    assert.ok(details.every((detail) => !detail.includes('0/6 nodes')));
    assert.match(advice, /^Raise the maximum size/);
  });
});

describe('pods that somebody takes away', () => {
  const wide = (...cells: readonly string[]): string => cells.join('   ');
  const NAME = 'pod/kite-x-runner-a';

  async function ofRows(...rows: string[]): Promise<{ verdict: string; said: string }> {
    const { verdict, findings } = await explainText(rows.join('\n'), 'events.txt');
    return { verdict, said: findings.map(({ details, advice }) => [...details, advice].join(' ')).join(' ') };
  }

  for (const [reason, type, message, sentence, advice] of [
    [
      'Evicted',
      'Warning',
      'The node was low on resource: memory.',
      /The node evicted the pod \(Evicted\): The node was low/,
      /requests/,
    ],
    ['Evicted', 'Normal', 'Evicted pod: Underutilized', /Karpenter took the node/, /do-not-disrupt/],
    ['ScaleDown', 'Normal', 'deleting pod for node scale down', /The autoscaler took the node/, /safe-to-evict/],
    ['Preempted', 'Normal', 'Preempted by pod 1234 on node n1', /higher priority preempted it/, /priority class/],
    ['Descheduled', 'Normal', 'pod evicted from node', /The pod was evicted/, /safe-to-evict/],
    [
      'TaintManagerEviction',
      'Normal',
      'Marking for deletion Pod ci/kite-x-runner-a',
      /a taint that the pod does not tolerate/,
      /toleration/,
    ],
  ] as const) {
    it(`at one moment, whatever is reported of them after it: ${reason} ${type}`, async () => {
      const removal = wide('3m', type, reason, NAME, message);
      for (const rows of [
        [removal],
        [removal, wide('2m59s', 'Normal', 'Killing', NAME, 'Stopping container runner')],
      ]) {
        const { verdict, said } = await ofRows(...rows);
        assert.match(verdict, sentence);
        assert.doesNotMatch(verdict, / for 3 min/);
        assert.match(said, /3 min 0 s ago\./);
        assert.match(said, advice);
      }
    });
  }

  it('with a node that was lost say so', async () => {
    const { verdict, said } = await ofRows(
      wide('2m', 'Warning', 'NodeNotReady', NAME, 'Node is not ready'),
      wide('1m', 'Normal', 'TaintManagerEviction', NAME, 'Marking for deletion Pod ci/kite-x-runner-a'),
    );
    assert.match(verdict, /The node of the pod was not ready, so the pod is removed/);
    assert.match(said, /kubectl describe node/);
  });

  it('are no trouble where the removal was called off, or the next pod runs', async () => {
    for (const rows of [
      [wide('1m', 'Normal', 'TaintManagerEviction', NAME, 'Cancelling deletion of Pod ci/kite-x-runner-a')],
      [
        wide('3m', 'Warning', 'Evicted', NAME, 'The node was low on resource: memory.'),
        wide('1m', 'Normal', 'Started', NAME, 'Started container runner'),
      ],
    ]) {
      assert.match((await ofRows(...rows)).verdict, /^Not enough to judge/);
    }
  });
});

describe('events of a pod that runs, and began late', () => {
  const NAME = 'pod/kite-x-runner-a';
  const wide = (age: string, type: string, reason: string, message: string, object = NAME): string =>
    row(age, type, reason, object, message);
  const started = wide('1m', 'Normal', 'Started', 'Started container runner');
  const given = (...rows: string[]): ReturnType<typeof explainText> =>
    explainText([HEADER, ...rows].join('\n'), 'events.txt');

  it('name the image that took long to pull, and how long it waited for others', async () => {
    const pulled =
      'Successfully pulled image "acme/big:1" in 1m2.5s (4m12.345s including waiting). Image size: 9 bytes.';
    const { verdict, findings } = await given(wide('2m', 'Normal', 'Pulled', pulled), started);
    assert.equal(
      verdict,
      'kite-x-runner-a waited 3 min 9 s for other pulls of its node; its image acme/big:1 then took 1 min 2 s to pull.',
    );
    assert.match(findings[0]?.advice ?? '', /^Let the kubelet pull several images at once/);
    assert.equal(findings[0]?.evidence[0]?.at.line, 2);
    const soon = await given(
      wide('2m', 'Normal', 'Pulled', 'Successfully pulled image "acme/big:1" in 12.5s (12.5s including waiting).'),
      started,
    );
    assert.deepEqual(soon.findings, []);
    const alone = await given(
      wide('2m', 'Normal', 'Pulled', 'Successfully pulled image "acme/big:1" in 4m2.5s (4m12.345s including waiting).'),
      started,
    );
    assert.equal(alone.verdict, 'kite-x-runner-a: its image acme/big:1 took 4 min 2 s to pull.');
    assert.deepEqual(alone.findings[0]?.details, ['Before that it waited 9 s for other pulls of the node.']);
    assert.match(alone.findings[0]?.advice ?? '', /^Use a smaller image/);
  });

  it('blame what held a quick pull, of several runners together', async () => {
    const pulled = 'Successfully pulled image "acme/a:1" in 1.2s (2m5.345s including waiting). Image size: 1 bytes.';
    const names = ['pod/kite-x-runner-a', 'pod/kite-x-runner-b'];
    const rows = names.flatMap((name) => [
      wide('2m', 'Normal', 'Pulled', pulled, name),
      wide('1m', 'Normal', 'Started', 'Started container runner', name),
    ]);
    const one = await given(...rows.slice(0, 2));
    assert.equal(
      one.verdict,
      'kite-x-runner-a waited 2 min 4 s for other pulls of its node; its image acme/a:1 then took 1.20 s to pull.',
    );
    const { verdict, findings } = await given(...rows);
    assert.equal(verdict, '2 runners waited for other pulls of their node before acme/a:1 was pulled.');
    assert.match(findings[0]?.advice ?? '', /serializeImagePulls/);
  });

  it('are no error while an image is pulled for as long as images take', async () => {
    const pulling = (age: string): string => wide(age, 'Normal', 'Pulling', 'Pulling image "acme/big:1"');
    const soon = await given(pulling('20s'));
    assert.deepEqual(
      soon.findings.map(({ id, severity }) => [id, severity]),
      [['pod-events', 'note']],
    );
    assert.match(soon.findings[0]?.advice ?? '', /^Wait/);
    const long = await given(pulling('12m'));
    assert.equal(long.findings[0]?.severity, 'error');
    assert.match(long.findings[0].advice, /^Use a smaller image/);
    const failed = await given(
      wide('50s', 'Warning', 'Failed', 'Failed to pull image "acme/big:1": connection refused'),
      pulling('20s'),
    );
    assert.equal(failed.findings[0]?.severity, 'error');
  });

  const placed = (age: string): string =>
    wide(age, 'Normal', 'Scheduled', 'Successfully assigned ci/kite-x-runner-a to node-9');
  const added = wide('3m5s', 'Normal', 'TriggeredScaleUp', 'pod triggered scale-up: [{ng-a 3->4 (max: 10)}]');
  const refused = wide('3m10s', 'Warning', 'FailedScheduling', FULL);

  it('say how long they waited for a node, that the autoscaler added or not', async () => {
    const { verdict } = await given(refused, added, placed('2m10s'), started);
    assert.equal(
      verdict,
      'kite-x-runner-a waited 1 min 0 s for a new node: 0/6 nodes are available: 6 Insufficient cpu.',
    );
    const other = await given(refused, placed('1m10s'), started);
    assert.match(other.verdict, /^kite-x-runner-a waited 2 min 0 s until a node took it: 0\/6 nodes/);
    assert.deepEqual((await given(refused, placed('3m5s'), started)).findings, []);
  });

  it('are one finding of several', async () => {
    const both = [refused, added, placed('2m10s'), started].flatMap((each) => [
      each,
      each.replaceAll('kite-x-runner-a', 'kite-x-runner-b'),
    ]);
    const { findings } = await given(...both);
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      ['2 runners waited a minute or more for a new node: 0/6 nodes are available: 6 Insufficient cpu.'],
    );
  });
});

describe('events of the claims of a volume', () => {
  const CLAIM = 'persistentvolumeclaim/kite-x-runner-a-work';
  /** As a watch prints it: without a header that gives the columns. */
  const spaced = (...cells: string[]): string => cells.join('   ');
  const unbound = spaced(
    '5m',
    'Warning',
    'FailedScheduling',
    'pod/kite-x-runner-a',
    '0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
  );
  const WHY: [message: string, advice: RegExp][] = [
    ['storageclass.storage.k8s.io "fast-ssd" not found', /storage class that exists/],
    [
      'failed to provision volume with StorageClass "default": error generating accessibility requirements: no topology key found on CSINode aks-nodes',
      /storage driver on the nodes/,
    ],
  ];
  for (const [message, advice] of WHY) {
    it(`say why the pod has none: ${message}`, async () => {
      const { verdict, findings } = await explainText(
        [unbound, spaced('10s', 'Warning', 'ProvisioningFailed', CLAIM, message)].join('\n'),
        'events.txt',
      );
      assert.match(verdict, /^kite-x-runner-a: There is no volume for the pod/);
      assert.ok(verdict.includes(message.split(' ').slice(0, 3).join(' ')), verdict);
      assert.match(findings[0]?.advice ?? '', advice);
      assert.equal(findings[0]?.evidence[0]?.at.line, 2);
    });
  }

  it('are over once the pod has a node, and are not those of another pod', async () => {
    const other = await explainText(
      [unbound, spaced('10s', 'Warning', 'ProvisioningFailed', CLAIM.replace('-a-', '-b-'), 'no')].join('\n'),
      'events.txt',
    );
    assert.match(other.verdict, /unbound immediate PersistentVolumeClaims/);
    const over = await explainText(
      [
        ...[unbound, spaced('4m50s', 'Warning', 'ProvisioningFailed', CLAIM, 'no')],
        spaced('4m40s', 'Normal', 'Scheduled', 'pod/kite-x-runner-a', 'Successfully assigned ci/kite-x-runner-a to n'),
      ].join('\n'),
      'events.txt',
    );
    assert.deepEqual(over.findings, []);
  });

  describe('of a node', () => {
    const placed = row(
      '5m',
      'Normal',
      'Scheduled',
      'pod/kite-x-runner-a',
      'Successfully assigned ci/kite-x-runner-a to node-9',
    );
    const killing = (process: string, kind = 'Memory cgroup out of memory'): string =>
      row('1m', 'Warning', 'OOMKilling', 'node/node-9', `${kind}: Killed process 1234 (${process}) total-vm:1kB`);

    it('name the process of a runner that it killed as it had no memory left', async () => {
      const system = row(
        '1m',
        'Warning',
        'SystemOOM',
        'node/node-9',
        'System OOM encountered, victim process: node, pid: 12',
      );
      const { findings, verdict } = await explainText(
        [HEADER, placed, killing('Runner.Worker'), system].join('\n'),
        'events.txt',
      );
      assert.equal(verdict, 'Node node-9 had no memory left and killed Runner.Worker and node.');
      assert.equal(findings[0]?.severity, 'error');
      assert.match(findings[0].details.join(' '), /the job that it ran is lost\. On this node: kite-x-runner-a\./);
      assert.match(findings[0].advice, /memory requests/);
    });

    it('tell a limit of the container from a node without memory, also without its pods', async () => {
      assert.deepEqual(await sentences(killing('Runner.Listener')), [
        'On node node-9, Runner.Listener was killed: the container had reached its memory limit.',
      ]);
      assert.deepEqual(await sentences(killing('Runner.Worker', 'Out of memory')), [
        'Node node-9 had no memory left and killed Runner.Worker.',
      ]);
    });

    it('are of other use where its runners may be concerned, and of none where none is there', async () => {
      const other = await explainText([HEADER, placed, killing('java')].join('\n'), 'events.txt');
      assert.equal(other.findings[0]?.severity, 'warning');
      assert.match(other.findings[0].details[0] ?? '', /may have belonged to a job of a runner there/);
      const elsewhere = placed.replace('to node-9', 'to node-90');
      assert.deepEqual(await sentences(elsewhere, killing('java')), []);
      const gone = row('1m', 'Normal', 'NodeNotReady', 'node/node-9', 'Node node-9 status is now: NodeNotReady');
      assert.deepEqual(await sentences(placed, gone), [
        'Node node-9, where kite-x-runner-a ran, reports NodeNotReady: Node node-9 status is now: NodeNotReady',
      ]);
    });
  });
});
