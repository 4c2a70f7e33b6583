import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';

const SET = '{"version": "0.14.2", "autoscalingrunnerset": {"name":"plover","namespace":"ci"}}';
const BEGIN = `2026-08-03T10:11:07Z\tINFO\tAutoscalingRunnerSet\tDeleting the runner scale set from Actions service\t${SET}`;
const CALL =
  '2026/08/03 10:11:07 [DEBUG] DELETE https://pipelines.example/abc/_apis/runtime/runnerscalesets/42?api-version=6.0-preview';
const COUNTS =
  'EphemeralRunnerSet\tEphemeral runner counts\t{"version": "0.14.2", "ephemeralrunnerset": {"name":"other-1","namespace":"ci"}, "pending": 0, "running": 0}';

const at = (time: string, rest: string): string => `2026-08-03T${time}Z\tINFO\t${rest}`;
const explained = (...lines: string[]): ReturnType<typeof explainText> =>
  explainText(lines.join('\n'), 'controller.log');

describe('a call about a scale set that the service does not answer', () => {
  it('is named with how long and since when', async () => {
    const { verdict, findings } = await explained(BEGIN, CALL, at('10:31:07', COUNTS));
    assert.equal(
      verdict,
      'The DELETE call for scale set plover has had no answer for 20 min 0 s, since 10:11:07: no other scale set is reconciled.',
    );
    assert.equal(findings[0]?.confidence, 'sure');
    assert.match(findings[0]?.advice ?? '', /kubectl rollout restart/);
  });

  it('is likely without the lines of the client, and hopeless after all tries', async () => {
    const { verdict, findings } = await explained(BEGIN, at('10:51:07', COUNTS));
    assert.match(verdict, /^The DELETE call for scale set plover has had no answer for 40 min 0 s/);
    assert.equal(findings[0]?.confidence, 'likely');
    assert.match(findings[0]?.advice ?? '', /^It does not come back by itself/);
  });

  it('is found by the lines of the client alone', async () => {
    const { verdict } = await explained(CALL, at('10:31:07', COUNTS));
    assert.match(verdict, /^The DELETE call for scale set 42 has had no answer for 20 min 0 s, since 10:11:07/);
  });

  it('is a question where the log ends with it', async () => {
    const { verdict, findings } = await explained(at('10:11:06', COUNTS), BEGIN, CALL);
    assert.equal(
      verdict,
      'The DELETE call for scale set plover began at 10:11:07, and the log ends without an answer.',
    );
    assert.equal(findings[0]?.confidence, 'unsure');
  });

  it('is over with the next line of the controller, whatever that is about', async () => {
    const other = at('10:31:07', 'AutoscalingRunnerSet\tListener pod is ready\t' + SET.replace('plover', 'heron'));
    const { verdict } = await explained(BEGIN, CALL, other);
    assert.match(verdict, /^The DELETE call for scale set plover had no answer for 20 min 0 s, from 10:11:07/);
    const soon = await explained(BEGIN, CALL, other.replace('10:31:07', '10:11:08'), at('10:41:00', COUNTS));
    assert.deepEqual(soon.findings, []);
  });

  it('ends with the error of its pass', async () => {
    const error =
      '2026-08-03T10:11:09Z\tERROR\tReconciler error\t{"controller": "autoscalingrunnerset", "controllerGroup": "actions.github.com", "namespace": "ci", "name": "plover", "error": "status 503"}';
    const { findings } = await explained(BEGIN, error, at('10:41:00', COUNTS));
    assert.ok(findings.every(({ id }) => id !== 'scale-set-call'));
  });
});

describe('a name that another scale set has registered', () => {
  const RUNNER = '{"version": "0.14.1", "ephemeralrunner": {"name":"plover-x-runner-a","namespace":"ci"}';
  const ERROR =
    '"error": "runner with the same name but doesn\'t belong to this RunnerScaleSet: actions error: StatusCode 409, AgentExistsException: exists"}';
  const failed = (time: string): string =>
    `2026-08-03T${time}Z\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "EphemeralRunner": {"name":"plover-x-runner-a","namespace":"ci"}, ${ERROR}`;

  it('is named with the scale set, and counted once in each pass', async () => {
    const { verdict, findings } = await explained(
      at(
        '10:11:03',
        `EphemeralRunner\tGetting runner jit config failed with conflict error, trying to get the runner by name\t${RUNNER}}`,
      ),
      at(
        '10:11:03',
        `EphemeralRunner\tFound the runner with the same name\t${RUNNER}, "runnerId": 12, "runnerScaleSetId": 7}`,
      ),
      failed('10:11:03'),
      failed('10:11:13'),
    );
    assert.equal(
      verdict,
      'The name plover-x-runner-a is registered by scale set 7, another one: registration was refused twice over 10 s.',
    );
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['name-conflict'],
    );
  });

  it('is found by the errors of passes alone, and in the status of the runner', async () => {
    const { verdict } = await explained(failed('10:11:03'), failed('10:11:13'));
    assert.match(
      verdict,
      /^The name plover-x-runner-a is registered by another scale set: registration was refused twice/,
    );
    const object = await explainText(
      JSON.stringify({
        ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner' },
        ...{ metadata: { name: 'plover-x-runner-a', namespace: 'ci' }, spec: {} },
        status: { message: "runner with the same name but doesn't belong to this RunnerScaleSet: 409" },
      }),
      'runner.json',
    );
    assert.match(
      object.verdict,
      /^The name plover-x-runner-a is registered by another runner: registration is refused/,
    );
  });

  it('of the same scale set is removed, and no finding of another', async () => {
    const { verdict } = await explained(
      at(
        '10:11:03',
        `EphemeralRunner\tGetting runner jit config failed with conflict error, trying to get the runner by name\t${RUNNER}}`,
      ),
      at(
        '10:11:03',
        `EphemeralRunner\tFound the runner with the same name\t${RUNNER}, "runnerId": 12, "runnerScaleSetId": 7}`,
      ),
      at('10:11:03', `EphemeralRunner\tRemoving the runner with the same name\t${RUNNER}}`),
    );
    assert.match(verdict, /^The service already knows a runner named plover-x-runner-a/);
  });
});
