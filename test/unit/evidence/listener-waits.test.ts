import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const line = (seconds: number, message: string, more = ''): string =>
  `${at(seconds)}\tINFO\tAutoscalingRunnerSet\t${message}\t{"version": "0.14.0", "autoscalingrunnerset": {"name":"linux","namespace":"ci"}${more}}`;
const WAITS = [
  'Creating a new AutoscalingListener is waiting for the running and pending runners to finish. Waiting for the running and pending runners to finish:',
  'Latest runner set spec hash does not match the current autoscaling runner set. Waiting for the running and pending runners to finish:',
];
const waiting = (until: number, running: number, pending: number, message = WAITS[0]): string[] =>
  Array.from({ length: until / 10 + 1 }, (_, index) => [
    line(10 * index, 'AutoscalingListener does not exist.'),
    line(10 * index, message as string, `, "running": ${running}, "pending": ${pending}`),
  ]).flat();
const MADE = 'Creating a new AutoscalingListener for the runner set';

describe('a scale set whose listener waits for its runners', () => {
  const cases: [title: string, lines: string[], sentence: string, severity: string][] = [
    [
      'up to the end of the log',
      waiting(590, 2, 1),
      'Scale set ci/linux has had no listener for 9 min 50 s, since 12:00:00: it waits for 2 running runners and 1 pending to end.',
      'error',
    ],
    [
      'for one, with a changed template',
      waiting(300, 1, 0, WAITS[1]),
      'Scale set ci/linux has had no listener for 5 min 0 s, since 12:00:00: it waits for 1 running runner to end.',
      'error',
    ],
    [
      'for pending ones',
      waiting(300, 0, 3),
      'Scale set ci/linux has had no listener for 5 min 0 s, since 12:00:00: it waits for 3 pending runners to end.',
      'error',
    ],
    [
      'until it got one',
      [...waiting(600, 2, 0), line(605, MADE)],
      'Scale set ci/linux had no listener for 10 min 5 s, from 12:00:00: it waited for 2 running runners to end.',
      'warning',
    ],
  ];
  for (const [title, lines, sentence, severity] of cases) {
    it(`is found ${title}, with since when and for how many`, async () => {
      const { verdict, findings } = await explainText(`${lines.join('\n')}\n`);
      assert.equal(verdict, sentence);
      assert.equal(findings[0]?.severity, severity);
      assert.match(findings[0].advice, /kubectl delete ephemeralrunner/);
    });
  }

  it('is none where it had to wait for half a minute', async () => {
    const lines = [...waiting(30, 1, 0), line(31, MADE), runnerLine(at(600), 'r1', 'Adding finalizers')];
    const { findings } = await explainText(`${lines.join('\n')}\n`);
    assert.ok(findings.every(({ id }) => id !== 'listener-waits'));
  });
});
