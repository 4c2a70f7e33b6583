import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const line = (seconds: number, message: string, set = 'linux'): string =>
  `${at(seconds)}\tINFO\tAutoscalingRunnerSet\t${message}\t{"version": "0.12.1", "autoscalingrunnerset": {"name":"${set}","namespace":"ci"}}`;
const WAITS = 'Waiting for ephemeral runner sets to be deleted';
const waiting = (from: number, until: number): string[] =>
  Array.from({ length: (until - from) / 15 + 1 }, (_, index) => line(from + 15 * index, WAITS));

describe('a scale set that is being deleted', () => {
  it('is found where it waits for what it has made, with since when and what to look at', async () => {
    const { verdict, findings } = await explainText(`${waiting(0, 600).join('\n')}\n`);
    assert.equal(
      verdict,
      'Scale set ci/linux is being deleted and has waited 10 min 0 s for its ephemeral runner sets, since 12:00:00.',
    );
    assert.match(findings[0]?.advice ?? '', /kubectl get ephemeralrunnersets,ephemeralrunners/);
    assert.equal(findings[0]?.evidence.length, 2);
  });

  it('is found where its lines end before the log does, as none says that it is gone', async () => {
    const lines = [...waiting(0, 300), runnerLine(at(600), 'r1', 'Adding finalizer')];
    const { findings } = await explainText(`${lines.join('\n')}\n`);
    assert.match(
      findings[0]?.details.join(' ') ?? '',
      /The last line about it is of 12:05:00; none says that it is gone/,
    );
  });

  it('is found where it is a listener', async () => {
    const of = (seconds: number): string =>
      `${at(seconds)}\tINFO\tAutoscalingListener\tWaiting for resources to be deleted before removing finalizer\t{"version": "0.12.1", "autoscalinglistener": {"name":"linux-listener","namespace":"arc"}}`;
    const { verdict } = await explainText([0, 60, 120, 180].map(of).join('\n'));
    assert.equal(
      verdict,
      'Listener arc/linux-listener is being deleted and has waited 3 min 0 s for its resources, since 12:00:00.',
    );
  });

  const quiet: [title: string, lines: string[]][] = [
    ['for a minute, as jobs may need', waiting(0, 60)],
    ['no more, as it is gone', [...waiting(0, 300), line(310, 'Successfully removed finalizer after cleanup')]],
  ];
  for (const [title, lines] of quiet) {
    it(`is none that hangs where it waits ${title}`, async () => {
      const { findings } = await explainText(`${lines.join('\n')}\n`);
      assert.deepEqual(
        findings.filter(({ id }) => id === 'deletion-waits'),
        [],
      );
    });
  }
});

describe('a scale set whose deletion fails', () => {
  const OBJECT = '{"name":"linux","namespace":"ci"}';
  const line = (second: number, message: string): string =>
    `${at(second)}\tINFO\tAutoscalingRunnerSet\t${message}\t{"version": "0.14.2", "autoscalingrunnerset": ${OBJECT}}`;
  const failed = (second: number): string =>
    `${at(second)}\tERROR\tReconciler error\t{"controller": "autoscalingrunnerset", "controllerGroup": "actions.github.com", "controllerKind": "AutoscalingRunnerSet", "AutoscalingRunnerSet": ${OBJECT}, "namespace": "ci", "name": "linux", "error": "failed to get kubernetes secret: secrets \\"gh\\" not found"}`;

  it('is grave, and what stays with it is said', async () => {
    const lines = [line(0, 'Deleting resources'), failed(1), failed(1000)];
    const { verdict, findings } = await explainText(lines.join('\n'));
    assert.match(verdict, /^Passes of AutoscalingRunnerSet ci\/linux failed twice over/);
    assert.equal(findings[0]?.severity, 'error');
    assert.match(findings[0].details.join(' '), /being deleted: .* Helm release stay in Terminating/);
  });

  it('is nothing of the kind where it is not being deleted', async () => {
    const { findings } = await explainText([failed(1), failed(1000)].join('\n'));
    assert.equal(findings[0]?.severity, 'warning');
    assert.deepEqual(findings[0].details, []);
  });
});
