import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

const REFUSED = {
  error: 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=10, limited: pods=10',
};

function born(name: string, second: number): string[] {
  return [
    createdLine(at(second), name),
    runnerLine(at(second), name, 'Creating ephemeral runner JIT config'),
    runnerLine(at(second), name, 'Created ephemeral runner JIT config', { runnerId: 7 }),
  ];
}

function withPod(name: string, second: number, runsS?: number): string[] {
  return [
    runnerLine(at(second), name, 'Created ephemeral runner pod'),
    runnerLine(at(second), name, 'Waiting for runner container status to be available'),
    ...(runsS === undefined
      ? []
      : [runnerLine(at(runsS), name, 'Updating ephemeral runner status', { statusPhase: 'Running' })]),
  ];
}

function healthy(count: number, everyS = 60): string[] {
  return Array.from({ length: count }, (_, i) => [
    ...born(`wren-${i}`, everyS * i),
    ...withPod(`wren-${i}`, everyS * i, everyS * i + 12),
  ]).flat();
}

const ordered = (lines: readonly string[]): string =>
  [...lines].sort((a, b) => a.slice(0, 20).localeCompare(b.slice(0, 20))).join('\n');

describe('a pod that never ran', () => {
  it('is found however long the log goes on about it, and whatever it had waited for before', async () => {
    const looks = Array.from({ length: 60 }, (_, i) =>
      runnerLine(at(300 + 220 * i), 'lark-1', 'Ephemeral runner container is still running'),
    );
    const pending = runnerLine(at(22), 'lark-1', 'Updating ephemeral runner status', { statusPhase: 'Pending' });
    const afterQuota = [
      ...born('lark-2', 10),
      runnerLine(
        at(11),
        'lark-2',
        'Resource quota is exceeded; requeue in 30s to retry pod creation',
        REFUSED,
        'ERROR',
      ),
      ...withPod('lark-2', 310),
    ];
    const lines = [...healthy(200), ...born('lark-1', 20), ...withPod('lark-1', 21), pending, ...looks, ...afterQuota];
    const { verdict, findings } = await explainText(ordered(lines));
    assert.match(
      verdict,
      /^2 runners have had a pod for up to 3 h \d+ min that never ran; half of 200 others ran within/,
    );
    const quota = findings.find(({ id }) => id === 'quota');
    assert.equal(quota?.severity, 'warning');
    assert.match(
      quota.details.join(),
      /It was over after 12:00:11; its pod came 5 min 0 s after the runner was created/,
    );
  });

  it('that ran late at last is found though it is the only one', async () => {
    const lines = [...healthy(30), ...born('lark-1', 20), ...withPod('lark-1', 21, 1200)];
    const { verdict } = await explainText(ordered(lines));
    assert.match(verdict, /^The pod of lark-1 took 19 min \d+ s to run; half of 30 others ran within \d+ s\.$/);
  });
});

describe('a pod that does not go', () => {
  const waits = (untilS: number): string[] =>
    Array.from({ length: Math.floor(untilS / 5) }, (_, i) =>
      runnerLine(at(100 + 5 * i), 'lark-1', 'Waiting for ephemeral runner owned resources to be deleted'),
    );

  it('is found with since when, until its runner is gone', async () => {
    const lines = [...born('lark-1', 0), ...withPod('lark-1', 1, 12), ...waits(400)];
    const { verdict } = await explainText(lines.join('\n'));
    assert.match(verdict, /^lark-1 has ended and its pod has not gone for 6 min 35 s, since 12:01:40\.$/);
    const gone = runnerLine(at(520), 'lark-1', 'Successfully removed finalizer after cleanup');
    for (const text of [[...lines, gone].join('\n'), [...lines.slice(0, 8), ...waits(60)].join('\n')]) {
      const { findings } = await explainText(text);
      assert.ok(findings.every(({ id }) => id !== 'pod-stays'));
    }
  });
});

describe('names that another scale set has', () => {
  it('are counted together, and the runners that were deleted for them are no success', async () => {
    const lines = Array.from({ length: 4 }, (_, i) => {
      const name = `lark-${i}`;
      const error = "fatal: runner with the same name but doesn't belong to this RunnerScaleSet";
      return [
        createdLine(at(8 * i), name),
        runnerLine(at(8 * i), name, 'Creating ephemeral runner JIT config'),
        runnerLine(
          at(8 * i),
          name,
          'Getting runner jit config failed with conflict error, trying to get the runner by name',
        ),
        runnerLine(at(8 * i), name, 'Found the runner with the same name', { runnerId: 77, runnerScaleSetId: 9 }),
        runnerLine(at(8 * i), name, 'JIT config cannot be created for this ephemeral runner, issuing delete', {
          error,
        }),
        runnerLine(at(8 * i + 1), name, 'Finalizing ephemeral runner'),
        runnerLine(at(8 * i + 2), name, 'Successfully removed finalizer after cleanup'),
      ];
    }).flat();
    const { findings } = await explainText(lines.join('\n'));
    const [main] = findings;
    assert.equal(
      main?.sentence,
      'The names lark-0 and 3 others are registered by scale set 9, another one: registration was refused 4 times over 24 s.',
    );
    assert.equal(main.severity, 'error');
    assert.deepEqual(main.details, ['All of these runners were deleted for it, before they had a pod.']);
  });
});
