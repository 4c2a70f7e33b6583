import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

const line = (seconds: number, message: string, set = 'linux', more = ''): string =>
  `${at(seconds)}\tINFO\tAutoscalingRunnerSet\t${message}\t{"version": "NA", "autoscalingrunnerset": {"name":"${set}","namespace":"ci"}${more}}`;
const MISMATCH = "Autoscaling runner set version doesn't match the build version. Deleting the resource.";
const NEW_KEYS = ', "buildVersion": "0.13.1", "autoscalingRunnerSetVersion": "0.12.1"';
const OLD_KEYS = ', "targetVersion": "0.10.1", "actualVersion": "0.9.3"';
const gone = (seconds: number, set = 'linux'): string =>
  line(seconds, 'Successfully removed finalizer after cleanup', set);
/** Runners of another set, as they come and go when all is well. */
const healthy = (from: number): string[] =>
  ['a', 'b', 'c'].flatMap((name, index) => [
    createdLine(at(from + 60 * index), name),
    runnerLine(at(from + 60 * index), name, 'Created ephemeral runner pod'),
    runnerLine(
      at(from + 60 * index + 30),
      name,
      'Ephemeral runner has finished successfully, deleting ephemeral runner',
    ),
  ]);

describe('a scale set that the controller deletes as its version label is another', () => {
  const told: [title: string, lines: string[], sentence: string, details: RegExp[]][] = [
    [
      'up to 0.10',
      [line(2, MISMATCH, 'linux', OLD_KEYS), gone(4)],
      'Controller 0.10.1 deleted scale set ci/linux labelled 0.9.3 at 12:00:02, with all runners, and at GitHub too.',
      [/of its own version/, /gone at 12:00:04/],
    ],
    [
      'since 0.11, among others that are well',
      [...healthy(0), line(200, MISMATCH, 'linux', NEW_KEYS), gone(202), ...healthy(300)],
      'Controller 0.13.1 deleted scale set ci/linux labelled 0.12.1 at 12:03:20, with all runners, and at GitHub too.',
      [/gone at 12:03:22/],
    ],
    [
      'and is not gone yet',
      [line(2, MISMATCH, 'linux', NEW_KEYS), line(4, 'Deleting the listener')],
      'Controller 0.13.1 began to delete scale set ci/linux labelled 0.12.1 at 12:00:02, with all runners, and at GitHub too.',
      [/not gone when the log ends/],
    ],
    [
      'with others of that label',
      ['x', 'y'].flatMap((set, index) => [line(index, MISMATCH, set, NEW_KEYS), gone(5 + index, set)]),
      'Controller 0.13.1 deleted 2 scale sets labelled 0.12.1 at 12:00:00, with all runners, and at GitHub too.',
      [/ci\/x and ci\/y/, /gone at 12:00:06/],
    ],
    [
      'by a build without a version',
      [line(2, MISMATCH, 'linux', ', "targetVersion": "NA", "actualVersion": "0.9.0"')],
      'A controller built without a version (NA) began to delete scale set ci/linux labelled 0.9.0 at 12:00:02, with all runners, and at GitHub too.',
      [],
    ],
    [
      'and has no label',
      [line(2, MISMATCH, 'linux', ', "buildVersion": "0.13.1", "autoscalingRunnerSetVersion": ""'), gone(3)],
      'Controller 0.13.1 deleted scale set ci/linux without a version label at 12:00:02, with all runners, and at GitHub too.',
      [],
    ],
    [
      'again and again',
      [1, 11, 21].flatMap((from) => [line(from, MISMATCH, 'linux', NEW_KEYS), gone(from + 2)]),
      'Controller 0.13.1 deleted scale set ci/linux labelled 0.12.1 at 12:00:01, with all runners, and at GitHub too.',
      [/3 times.*Argo CD/],
    ],
  ];
  for (const [title, lines, sentence, details] of told) {
    it(`is found with both versions and what to do: ${title}`, async () => {
      const { verdict, findings } = await explainText(`${lines.join('\n')}\n`);
      assert.equal(verdict, sentence);
      const [finding] = findings;
      assert.equal(finding?.severity, 'error');
      for (const detail of details) assert.match(finding?.details.join(' ') ?? '', detail);
      assert.match(finding?.advice ?? '', /gha-runner-scale-set/);
    });
  }

  it('is a warning once it is installed again', async () => {
    const lines = [line(2, MISMATCH, 'linux', NEW_KEYS), gone(4), line(602, 'Adding finalizer'), ...healthy(700)];
    const { findings } = await explainText(`${lines.join('\n')}\n`);
    assert.equal(findings[0]?.severity, 'warning');
    assert.match(findings[0]?.details.join(' ') ?? '', /there again at 12:10:02/);
  });
});
