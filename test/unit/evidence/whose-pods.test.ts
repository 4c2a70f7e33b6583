import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';

const HEADER = 'LAST SEEN   TYPE      REASON             OBJECT                              MESSAGE';

function row(reason: string, object: string, message: string, age = '9m', type = 'Warning'): string {
  return [age.padEnd(12), type.padEnd(10), reason.padEnd(19), object.padEnd(36), message].join('');
}

function podOf(name: string, labels: object, container: object, phase = 'Pending'): object {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'job', image: 'acme/tools:9' }] } },
    metadata: { name, namespace: 'ci', creationTimestamp: '2026-03-02T09:00:00Z', labels },
    status: { phase, containerStatuses: [{ name: 'job', restartCount: 0, ...container }] },
  };
}

const runner = {
  ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner', status: { phase: 'Running', ready: true } },
  metadata: { name: 'gpu-x-runner-abcde', namespace: 'ci', creationTimestamp: '2026-03-02T09:00:00Z' },
};
const own = podOf(
  'gpu-x-runner-abcde',
  { 'actions-ephemeral-runner': 'True' },
  { name: 'runner', state: { running: { startedAt: '2026-03-02T09:00:05Z' } } },
  'Running',
);
const pulling = {
  state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "acme/tools:9"' } },
};

async function ofObjects(...objects: readonly object[]): Promise<{ verdict: string; runners: readonly string[] }> {
  const items = [runner, own, ...objects];
  const { verdict, findings } = await explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'x.json');
  return { verdict, runners: findings.flatMap((finding) => finding.runners) };
}

describe('events of pods that are not of ARC', () => {
  it('are no finding, and alone it is said that nothing of ARC is there', async () => {
    const rows = [
      row('Unhealthy', 'pod/web-5d8', 'Readiness probe failed'),
      row('BackOff', 'pod/api-1', 'Back-off restarting'),
    ];
    const { verdict, findings } = await explainText([HEADER, ...rows].join('\n'), 'events.txt');
    assert.deepEqual(findings, []);
    assert.match(verdict, /^Not enough to judge: the events are of 2 pods, none of ARC; give kubectl get events -n/);
  });

  it('stand beside those of runners, listeners and controllers, which are findings', async () => {
    for (const name of ['gpu-x-runner-abcde', 'gpu-754b578d-listener', 'arc-gha-rs-controller-7d9f8-k2xz']) {
      const rows = ['web-5d8', name].map((pod) => row('FailedMount', `pod/${pod}`, 'MountVolume.SetUp failed'));
      const { findings } = await explainText([HEADER, ...rows].join('\n'), 'events.txt');
      assert.equal(findings.length, 1);
      assert.ok(findings[0]?.sentence.startsWith(`${name}: `), findings[0]?.sentence);
    }
  });
});

describe("the pod of a job, in the container mode kubernetes, is its runner's", () => {
  it('by its label, or by its name', async () => {
    for (const pod of [
      podOf('gpu-x-runner-abcde-workflow', {}, pulling),
      podOf('job-77', { 'runner-pod': 'gpu-x-runner-abcde' }, pulling),
    ]) {
      const { verdict, runners } = await ofObjects(pod);
      assert.match(verdict, /^The job's pod \S+: Pod cannot pull .*acme\/tools:9/);
      assert.deepEqual(runners, ['gpu-x-runner-abcde']);
    }
  });

  it('where it has run out of memory or finds no node', async () => {
    const killed = {
      state: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-03-02T09:10:00Z' } },
    };
    assert.match(
      (await ofObjects(podOf('gpu-x-runner-abcde-workflow', {}, killed, 'Failed'))).verdict,
      /^The job's pod .*OOMKilled/,
    );
    const events = ['a', 'b'].map((end) =>
      row('FailedScheduling', `pod/gpu-x-runner-${end}-workflow`, '0/6 nodes are available: 6 Insufficient cpu.'),
    );
    const { findings } = await explainText([HEADER, ...events].join('\n'), 'events.txt');
    assert.deepEqual(
      findings.map(({ runners }) => runners),
      [['gpu-x-runner-a', 'gpu-x-runner-b']],
    );
  });

  it('and no finding where it runs, has failed with its step, or another application has it', async () => {
    const ended = { state: { terminated: { exitCode: 1, reason: 'Error' } } };
    const running = { state: { running: { startedAt: '2026-03-02T09:00:05Z' } } };
    for (const pod of [
      podOf('gpu-x-runner-abcde-workflow', {}, running, 'Running'),
      podOf('gpu-x-runner-abcde-step-1', {}, ended, 'Failed'),
      podOf('web-workflow', {}, pulling),
    ]) {
      assert.match((await ofObjects(pod)).verdict, /^Nothing wrong found/);
    }
  });
});

it('how long several runners have waited is said once', async () => {
  const rows = ['a', 'b'].map((end) =>
    row(
      'FailedCreatePodSandBox',
      `pod/gpu-x-runner-${end}`,
      'failed to assign an IP address to container',
      '3m (x4 over 9m)',
    ),
  );
  const { findings } = await explainText(
    [HEADER.replace('LAST SEEN   ', 'LAST SEEN          '), ...rows].join('\n'),
    'events.txt',
  );
  const details = findings.flatMap((finding) => finding.details);
  assert.deepEqual(details, [...new Set(details)]);
});
