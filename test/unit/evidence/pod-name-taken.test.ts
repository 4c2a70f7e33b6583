import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

describe("a pod that has a runner's name and is not its own", () => {
  const pass = (second: number, runner = 'lark-1'): string[] => [
    runnerLine(
      at(second),
      runner,
      'Failed to create pod resource for ephemeral runner.',
      { error: `pods "${runner}" already exists` },
      'ERROR',
    ),
    runnerLine(at(second), runner, 'Runner pod already exists. Waiting for the pod event to be received'),
  ];
  const passes = (count: number): string[] => Array.from({ length: count }, (_, index) => pass(10 + index * 5)).flat();

  it('is found, and its error is no other finding', async () => {
    const { findings } = await explainText([createdLine(at(0), 'lark-1'), ...passes(60)].join('\n'));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['pod-name-taken'],
    );
    assert.equal(
      findings[0]?.sentence,
      "A pod named lark-1 exists that is not its runner's: the runner has found it 60 times over 4 min 55 s and has no pod of its own.",
    );
    assert.match(findings[0]?.advice ?? '', /kubectl get pod -n ci lark-1 -o yaml/);
  });

  it('is none where the event of its own pod comes', async () => {
    for (const lines of [
      [...passes(1), runnerLine(at(100), 'lark-1', 'Updating ephemeral runner status', { statusPhase: 'Running' })],
      passes(2),
    ]) {
      const { findings } = await explainText([createdLine(at(0), 'lark-1'), ...lines].join('\n'));
      assert.ok(findings.every(({ id }) => id !== 'pod-name-taken'));
    }
  });
});

describe('passes that a shutdown breaks off', () => {
  const stopping = `${at(100)}\tINFO\tStopping and waiting for non leader election runnables`;
  const canceled = (second: number, runner: string): string =>
    runnerLine(
      at(second),
      runner,
      'Failed to get pod',
      { error: 'Get "https://10.96.0.1": context canceled' },
      'ERROR',
    );

  it('have not failed', async () => {
    const lines = [createdLine(at(90), 'lark-1'), stopping, canceled(100, 'lark-1'), canceled(101, 'lark-2')];
    assert.deepEqual((await explainText(lines.join('\n'))).findings, []);
  });

  it('are not those before it', async () => {
    const lines = [createdLine(at(0), 'lark-1'), ...[5, 6, 8].map((s) => canceled(s, 'lark-1')), stopping];
    assert.equal((await explainText(lines.join('\n'))).findings[0]?.id, 'repeated-errors');
  });
});
