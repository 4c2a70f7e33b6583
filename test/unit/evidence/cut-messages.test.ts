import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { explainText } from '../../builders/evidence.ts';

function listenerLog(release: string): string[] {
  const packed = readFileSync(new URL(`logs/jobs-3-${release}.listener-1.log.gz`, import.meta.url));
  return gunzipSync(packed).toString().trimEnd().split('\n');
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
