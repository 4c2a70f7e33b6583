import assert from 'node:assert/strict';
import { explainText, runnerLine } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

function listenerLog(release: string): string[] {
  return recordedLines(`jobs-3-${release}.listener-1`);
}

/** Lines as different tools cut them. */
const CUTS: Readonly<Record<string, (line: string, width: number) => string>> = {
  cut: (line, width) => line.slice(0, width),
  dots: (line, width) => (line.length > width ? `${line.slice(0, width)}…` : line),
  'three dots': (line, width) => (line.length > width ? `${line.slice(0, width)}...` : line),
  'a word': (line, width) => (line.length > width ? `${line.slice(0, width)}[truncated]` : line),
};

describe('a log with lines that are cut', () => {
  for (const release of ['latest', 'new', 'old']) {
    for (const [how, cut] of Object.entries(CUTS)) {
      it(`takes no message whose end is missing for a cause: a healthy listener of ${release}, ${how}`, async () => {
        for (let width = 90; width <= 290; width += 10) {
          const text = listenerLog(release)
            .map((line) => cut(line, width))
            .join('\n');
          const { findings, verdict } = await explainText(text, 'listener.log');
          assert.deepEqual(
            findings.map(({ sentence }) => sentence),
            [],
            `at ${width}: ${verdict}`,
          );
          assert.doesNotMatch(verdict, /the log ends before the listener decides/, `at ${width}`);
        }
      });
    }
  }

  it('still names a cause that stands before the cut', async () => {
    const text = [
      'time=2026-03-02T12:00:01.000Z level=INFO msg="Getting next message" component=listener lastMessageID=1',
      '2026/03/02 12:00:02 Application returned an error: failed to refresh session: actions error: StatusCode 401, ActivityId "4f2a": and mo…',
    ];
    const { verdict } = await explainText(text.join('\n'), 'listener.log');
    assert.match(verdict, /^The listener reported an error once: GitHub answered 401/);
  });

  it('is never called healthy where a decision of the listener lacks a number', async () => {
    const numbers = '"assigned job"=1 decision=4 min=3 max=14 currentRunnerCount=12';
    const lines = (end: string): string[] =>
      [1, 51, 101].map(
        (second) =>
          `time=2026-03-02T12:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000Z level=INFO source=/workspace/cmd/ghalistener/scaler/scaler.go:250 msg="Calculated target runner count" component=worker ${end}`,
      );
    const polls =
      '\ntime=2026-03-02T12:01:42.000Z level=INFO msg="Getting next message" component=listener lastMessageID=1';
    for (let end = 0; end < numbers.length; end++) {
      const { isJudged, verdict } = await explainText(
        lines(`${numbers.slice(0, end)}${end === numbers.length - 1 ? '…' : ''}`).join('\n') + polls,
      );
      assert.ok(!isJudged, `up to "${numbers.slice(0, end)}": ${verdict}`);
    }
  });
});

describe('an error whose line has lost its fields', () => {
  it('names no object without a name', async () => {
    const lines = [
      '2026-03-02T12:00:01Z\tINFO\tEphemeralRunner\tRemoving runner from the service',
      '2026-03-02T12:00:02Z\tERROR\tReconciler error',
      '2026-03-02T12:00:03Z\tINFO\tEphemeralRunner\tAdding finalizers',
    ];
    const { findings, verdict } = await explainText(lines.join('\n'));
    assert.deepEqual(findings, []);
    assert.match(verdict, /lines are cut before they name their runner/);
  });
});

describe('sessions at GitHub', () => {
  it('that have ended need no other configuration', async () => {
    for (const error of [
      `failed to refresh message session: actions error: StatusCode 404, ActivityId "4f2a": RunnerAdminException: runner referenced a session ID that doesn't exist in redis`,
      'failed to refresh message session: actions error: StatusCode 404, ActivityId "4f2a": not found',
    ]) {
      const { findings } = await explainText(`2026/08/01 10:12:33 Application returned an error: ${error}`);
      assert.match(findings[0]?.sentence ?? '', /GitHub no longer has the listener's session/);
      assert.match(findings[0]?.advice ?? '', /the listener asks for a new one when it starts again/);
    }
  });

  it('that a killed container has left open are named as the cause', async () => {
    const { findings } = await explainText(
      [
        '[RUNNER 2025-06-27 16:41:28Z ERR  BrokerMessageListener] Catch exception during create session.',
        '[RUNNER 2025-06-27 16:41:28Z ERR  BrokerMessageListener] GitHub.DistributedTask.WebApi.TaskAgentSessionConflictException: Error: Conflict',
      ].join('\n'),
    );
    assert.match(findings[0]?.advice ?? '', /former session of this runner is still open.*lastState.*OOMKilled/);
  });
});

describe('a log that ends while a pod is made', () => {
  it('says that, newest line first as well', async () => {
    const lines = [
      'Creating new secret for ephemeral runner',
      'Created ephemeral runner secret',
      'Creating new EphemeralRunner pod.',
      'Creating new pod for ephemeral runner',
      'Created new pod spec for ephemeral runner',
    ].map((message) => runnerLine('2025-08-11T09:23:43Z', 'linux-g6pbp-runner-krkdv', message));
    for (const order of [lines, [...lines].reverse()]) {
      const { verdict } = await explainText(order.join('\n'));
      assert.match(verdict, /the log ends while the controller makes the pod of 1 runner/);
    }
  });
});

describe('the log of a listener with one decision', () => {
  it('is not called healthy where a job is assigned, and says whether runners are registered', async () => {
    const text = [
      String.raw`2024-11-15T08:08:22Z	INFO	listener-app.listener	Current runner scale set statistics.	{"statistics": "{\"totalAssignedJobs\":1,\"totalRunningJobs\":0,\"totalRegisteredRunners\":0,\"totalIdleRunners\":0}"}`,
      '2024-11-15T08:08:22Z	INFO	listener-app.worker.kubernetesworker	Calculated target runner count	{"assigned job": 1, "decision": 5, "min": 4, "max": 5, "currentRunnerCount": 5, "jobsCompleted": 0}',
    ].join('\n');
    const { isJudged, verdict } = await explainText(text);
    assert.ok(!isJudged);
    assert.match(verdict, /1 job is assigned, 5 runners exist and none is registered at GitHub/);
  });
});
