import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { explainText } from '../../builders/evidence.ts';

const OWNER = { kind: 'EphemeralRunnerSet', name: 'gpu-7fh2k', controller: true };
const LABELS = { 'actions.github.com/scale-set-name': 'gpu', 'actions.github.com/scale-set-namespace': 'ci' };

function object(kind: string, name: string, of: object, metadata: object = {}): unknown {
  return {
    ...{ apiVersion: kind === 'Pod' ? 'v1' : 'actions.github.com/v1alpha1', kind, ...of },
    metadata: { name, namespace: 'ci', creationTimestamp: '2026-03-02T12:00:00Z', labels: LABELS, ...metadata },
  };
}

/** Runners of set gpu-7fh2k with a pod that runs. */
function runners(count: number, status: object): unknown[] {
  return Array.from({ length: count }, (_, index) => `gpu-7fh2k-runner-${index}`).flatMap((name) => [
    object(
      'EphemeralRunner',
      name,
      { status: { phase: 'Running', runnerId: 1, ready: true, ...status } },
      { ownerReferences: [OWNER] },
    ),
    object('Pod', name, {
      spec: { containers: [{ name: 'runner' }] },
      status: {
        phase: 'Running',
        containerStatuses: [{ name: 'runner', state: { running: { startedAt: '2026-03-02T12:00:02Z' } } }],
      },
    }),
  ]);
}

function explained(maxRunners: number | undefined, replicas: number, of: readonly unknown[]): Promise<Explanation> {
  const items = [
    object('AutoscalingRunnerSet', 'gpu', { spec: { maxRunners } }),
    object('EphemeralRunnerSet', 'gpu-7fh2k', { spec: { replicas } }),
    ...of,
  ];
  return explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'dump.json');
}

describe('a scale set in objects alone', () => {
  for (const [what, job] of [
    ['number', { jobRequestId: 5 }],
    ['id', { jobId: 'a1' }],
  ] as const) {
    it(`is said to be at its maximum where all its runners have jobs, told by their ${what}`, async () => {
      const { verdict, findings } = await explained(4, 4, runners(4, job));
      assert.equal(verdict, 'Scale set gpu may have 4 runners, and all run jobs: no runner is made until one ends.');
      assert.equal(findings[0]?.knob, 'maxRunners');
    });
  }

  it('is not said to be at its maximum with an idle runner, with room for more, or without a maximum', async () => {
    const one = await explained(4, 4, [...runners(3, { jobRequestId: 5 })]);
    const idle = await explained(4, 4, runners(4, {}));
    const unbound = await explained(undefined, 4, runners(4, { jobRequestId: 5 }));
    for (const { findings } of [one, idle, unbound]) assert.deepEqual(findings, []);
  });

  it('says which set wants more runners than there are, and what to give', async () => {
    const { verdict, isJudged } = await explained(14, 10, runners(4, {}));
    assert.match(verdict, /^Not enough to judge: set gpu-7fh2k wants 10 runners and has 4, .* controller's log/);
    assert.equal(isJudged, false);
  });

  it('asks for nothing more where a set has what it wants', async () => {
    const { isJudged } = await explained(14, 4, runners(4, {}));
    assert.equal(isJudged, true);
  });
});

describe('limits of a scale set', () => {
  const sentences = async (spec: object): Promise<string[]> => {
    const items = [object('AutoscalingRunnerSet', 'gpu', { spec }), ...runners(2, {})];
    const { findings } = await explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'dump.json');
    return findings.map(({ sentence }) => sentence);
  };
  const decision = (min: number, max: number): string =>
    `time=2026-03-02T12:00:00.071Z level=INFO source=/scaler.go:250 msg="Calculated target runner count" component=worker "assigned job"=1 decision=1 min=${min} max=${max} currentRunnerCount=1`;
  const ofListener = async (min: number, max: number): Promise<string[]> =>
    (await explainText(decision(min, max), 'listener.log')).findings.map(({ sentence }) => sentence);

  it('are said where they contradict each other, or no job can run', async () => {
    assert.deepEqual(await sentences({ minRunners: 5, maxRunners: 3 }), [
      'Scale set gpu has minRunners 5 and maxRunners 3: there are never more than 3.',
    ]);
    assert.deepEqual(await sentences({ maxRunners: 0 }), ['Scale set gpu has maxRunners 0: it runs no job.']);
    assert.deepEqual(await ofListener(5, 3), [
      'The listener has minRunners 5 and maxRunners 3: there are never more than 3.',
    ]);
  });

  it('are not where they fit', async () => {
    assert.deepEqual(await sentences({ minRunners: 3, maxRunners: 3 }), []);
    assert.deepEqual(await sentences({ minRunners: 3 }), []);
    assert.deepEqual(await ofListener(2, 3), []);
  });
});
