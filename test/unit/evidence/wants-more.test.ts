import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

/** As each pass counts before it compares. */
function compared(second: number, current: number, desired: number, set = 'set'): string {
  const of = `{"version": "NA", "ephemeralrunnerset": {"name":"${set}","namespace":"ci"}`;
  const counts = `${at(second)}\tINFO\tEphemeralRunnerSet\tEphemeral runner counts\t${of}, "running": ${current}}`;
  return `${counts}\n${at(second)}\tINFO\tEphemeralRunnerSet\tScaling comparison\t${of}, "current": ${current}, "desired": ${desired}}`;
}

describe('a set that wants more runners than it has', () => {
  it('is found, with since when, where it makes none for minutes', async () => {
    const { verdict, findings } = await explainText([0, 60, 200, 540].map((s) => compared(s, 2, 10)).join('\n'));
    assert.equal(verdict, 'Set set wants 10 runners, has 2 and has made none for 9 min 0 s, since 12:00:00.');
    assert.equal(findings[0]?.id, 'wants-more');
  });

  it('is found beside others that have what they want', async () => {
    const lines = [0, 200, 400].flatMap((s) => [compared(s, 0, 1, 'gpu'), compared(s, 3, 3)]);
    const { findings } = await explainText(lines.join('\n'));
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      ['Set gpu wants 1 runner, has 0 and has made none for 6 min 40 s, since 12:00:00.'],
    );
  });

  it('is no news where it makes them, soon has them, or says why it cannot', async () => {
    const error = `${at(3)}\tERROR\tEphemeralRunnerSet\tfailed to make ephemeral runner\t{"ephemeralrunnerset": {"name":"set","namespace":"ci"}, "error": "nodes is forbidden"}`;
    for (const lines of [
      [compared(0, 2, 3), createdLine(at(1), 'lark-1'), compared(500, 3, 3)],
      [compared(0, 2, 3), compared(90, 3, 3), compared(500, 3, 3)],
      [compared(0, 2, 3), error, compared(500, 2, 3)],
      [compared(0, 2, 3), compared(60, 2, 3)],
    ]) {
      const { findings } = await explainText(lines.join('\n'));
      assert.ok(
        findings.every(({ id }) => id !== 'wants-more'),
        lines.join('\n'),
      );
    }
  });
});

describe('runners that end as soon as they have a pod', () => {
  const life = (
    name: string,
    start: number,
    endsAfter: number,
    isRunning: boolean,
    runsAfter = endsAfter - 1,
  ): string[] => [
    createdLine(at(start), name),
    runnerLine(at(start), name, 'Adding finalizers'),
    runnerLine(at(start), name, 'Creating ephemeral runner JIT config'),
    runnerLine(at(start), name, 'Created ephemeral runner JIT config'),
    runnerLine(at(start), name, 'Created ephemeral runner pod'),
    ...(isRunning
      ? [runnerLine(at(start + runsAfter), name, 'Updating ephemeral runner status', { statusPhase: 'Running' })]
      : []),
    runnerLine(at(start + endsAfter), name, 'Ephemeral runner has finished successfully, deleting ephemeral runner'),
  ];
  const lives = (count: number, endsAfter: number, isRunning: boolean, runsAfter?: number): string =>
    Array.from({ length: count }, (_, i) => life(`lark-${i}`, 10 * i, endsAfter, isRunning, runsAfter))
      .flat()
      .toSorted((a, b) => a.slice(0, 20).localeCompare(b.slice(0, 20)))
      .join('\n');

  it('are found where none was ever at work', async () => {
    const { findings } = await explainText(lives(12, 2, false));
    assert.match(
      findings[0]?.sentence ?? '',
      /^12 runners ended well within \d s of their pods and never reported Running/,
    );
  });

  it('are found where each ran for a second', async () => {
    for (const endsAfter of [4, 30]) {
      const { findings } = await explainText(lives(12, endsAfter, true));
      const [found] = findings.filter(({ id }) => id === 'ends-at-once');
      assert.equal(found?.sentence, '12 runners ended well within 2 s of running: they hardly had a job.');
      assert.deepEqual([found.severity, found.confidence], ['warning', 'likely']);
      assert.match(found.advice, /version of the runner/);
    }
  });

  it('are not found where they ran for seconds, were seen late, or had a job', async () => {
    const jobs = Array.from(
      { length: 12 },
      (_, i) =>
        `${at(10 * i + 3)}\tINFO\tlistener-app.worker\tUpdating job info for the runner\t{"runnerName": "lark-${i}"}`,
    );
    const withJobs = [...lives(12, 4, true).split('\n'), ...jobs].toSorted().join('\n');
    for (const text of [lives(12, 8, true, 1), lives(12, 90, true), withJobs]) {
      const { findings } = await explainText(text);
      assert.ok(findings.every(({ id }) => id !== 'ends-at-once'));
    }
  });

  it('are not found in a burst of short jobs that no other runners follow, whole or cut', async () => {
    const burst = Array.from({ length: 12 }, (_, i) => life(`lark-${i}`, 0, 2 + (i % 3), false));
    const late = createdLine(at(400), 'lark-of-a-later-job');
    for (const lines of [burst.flat(), [...burst.flat(), late]]) {
      const { findings } = await explainText(lines.toSorted().join('\n'));
      assert.ok(findings.every(({ id }) => id !== 'ends-at-once'));
    }
  });

  it('are found in bursts that follow one another', async () => {
    const bursts = Array.from({ length: 24 }, (_, i) => life(`lark-${i}`, 10 * Math.floor(i / 6), 2, false));
    const { findings } = await explainText(bursts.flat().toSorted().join('\n'));
    const [found] = findings.filter(({ id }) => id === 'ends-at-once');
    assert.match(found?.details.join(' ') ?? '', /^18 of them were each followed by another one within a minute/);
  });

  it('are not found where they took their time or are few', async () => {
    for (const text of [lives(12, 40, false), lives(4, 2, false), lives(4, 4, true)]) {
      const { findings } = await explainText(text);
      assert.ok(findings.every(({ id }) => id !== 'ends-at-once'));
    }
  });
});

describe('what is missing to judge', () => {
  it('is how pods were made, where the log shows pods that were made before', async () => {
    const { verdict } = await explainText(
      [
        runnerLine(at(0), 'lark-1', 'Cleaning up resources after after ephemeral runner termination', {
          phase: 'Succeeded',
        }),
        runnerLine(at(0), 'lark-1', 'Cleaning up the runner pod'),
      ].join('\n'),
    );
    assert.match(verdict, /^Not enough to judge: the log shows 1 runner with its pod, and not how that was made/);
  });

  it('is said of a set that has more than it wants', async () => {
    const { verdict } = await explainText(compared(0, 5, 2));
    assert.match(verdict, /^Not enough to judge: set set counts 5 runners and wants 2, so that it makes none/);
  });

  it('is the decision, where a listener hears of more jobs than are counted as assigned', async () => {
    const line = (message: string, fields: string): string =>
      `${at(0)}\tINFO\tlistener-app.listener\t${message}\t${fields}`;
    const { verdict } = await explainText(
      [
        line('Processing message', '{"messageId": 7, "messageType": "RunnerScaleSetJobMessages"}'),
        line('New runner scale set statistics.', '{"statistics": {"totalAssignedJobs":0}}'),
        ...[1, 2].map((id) => line('Job assigned message received', `{"jobId": ${id}}`)),
      ].join('\n'),
    );
    assert.match(
      verdict,
      /^Not enough to judge: GitHub assigned 2 jobs and counts 0 as assigned, and the log ends before/,
    );
  });
});
