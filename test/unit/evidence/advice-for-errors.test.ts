import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const JIT = 'failed to generate JIT config: ';

/** What is said of runners whose passes fail so, and what to do. */
async function answer(error: string): Promise<{ sentence: string; advice: string }> {
  const lines = [0, 10, 30].map((second) =>
    runnerLine(at(second), 'lark-1', 'Failed to create pod resource for ephemeral runner.', { error }, 'ERROR'),
  );
  const { findings } = await explainText(lines.join('\n'));
  return { sentence: findings[0]?.sentence ?? '', advice: findings[0]?.advice ?? '' };
}

describe('advice for errors', () => {
  for (const [error, sentence, advice] of [
    [
      `${JIT}Post "https://ghes.acme.internal/_apis/x?api-version=6.0": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-27T09:30:00Z is after 2026-11-27T09:29:00Z`,
      /: the certificate has expired\.$/,
      /^Renew the certificate of ghes\.acme\.internal, or check the clock/,
    ],
    [
      'pods "lark-1" is forbidden: violates PodSecurity "restricted:latest": privileged (container "dind" must not set securityContext.privileged=true), allowPrivilegeEscalation != false (containers "dind")',
      /: violates PodSecurity "restricted:latest": privileged/,
      /pod-security\.kubernetes\.io\/enforce: privileged/,
    ],
    [
      'pods "lark-1" is forbidden: failed quota: compute: must specify limits.cpu for: runner',
      /must specify limits\.cpu for: runner\.$/,
      /set resources of the containers/,
    ],
    [
      `${JIT}actions error: StatusCode 404, AcivityId "1d6e": GitHub.Actions.Runtime.WebApi.RunnerScaleSetNotFoundException, GitHub.Actions.Runtime.WebApi: No runner scale set found with identifier 57.`,
      /GitHub answered 404 \(No runner scale set found with identifier 57\)\.$/,
      /remove the annotation runner-scale-set-id/,
    ],
    [
      `${JIT}request POST https://pipelines.actions.githubusercontent.com/x/_apis/runtime/runnerscalesets/3/generatejitconfig failed(status="403 Forbidden", github_request_id="1"): The self-hosted runner scale set is disabled by the organization owner`,
      /GitHub answered 403 \(The self-hosted runner scale set is disabled by the …\)\.$/,
      /^Somebody has disabled these runners at GitHub/,
    ],
    [
      'runner: Registration was not found or is not medium trust',
      /Registration was not found/,
      /The service no longer has this runner/,
    ],
  ] as const)
    it(`says what is wrong and what to do: ${error.slice(0, 50)}`, async () => {
      const told = await answer(error);
      assert.match(told.sentence, sentence);
      assert.match(told.advice, advice);
    });

  it('speaks of no token where a file of a container may not be read, and of no pass', async () => {
    const line =
      "[WORKER 2026-03-02 12:00:01Z ERR  HostContext] System.UnauthorizedAccessException: Access to the path '/proc/90/oom_score_adj' is denied.";
    const { findings } = await explainText(line);
    assert.match(findings[0]?.advice ?? '', /the program in the runner's container.*issues of actions\/runner/);
  });

  it('says that an error of GitHub is over when all its runners have registered, though they have no pods', async () => {
    const failed = (second: number): string =>
      runnerLine(
        at(second),
        'lark-1',
        'Reconciler error',
        { error: `${JIT}github api error: StatusCode 401, {"message":"Bad credentials"}` },
        'ERROR',
      );
    const { findings } = await explainText(
      [
        ...[0, 5, 15].flatMap((second) => [
          runnerLine(at(second), 'lark-1', 'Creating ephemeral runner JIT config'),
          failed(second),
        ]),
        runnerLine(at(30), 'lark-1', 'Creating ephemeral runner JIT config'),
        runnerLine(at(30), 'lark-1', 'Created ephemeral runner JIT config', { runnerId: 7 }),
      ].join('\n'),
    );
    const found = findings.find(({ sentence }) => sentence.includes('401'));
    assert.match(found?.details.join() ?? '', /It was over after 12:00:15/);
    assert.doesNotMatch(found?.details.join() ?? '', /no pod in this log/);
  });
});
