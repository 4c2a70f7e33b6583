import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { at, explainInputs, explainText, runnerLine } from '../../builders/evidence.ts';

const CHOICE = { runner: undefined, isAll: false, isUnknownListed: false };

/** A runner's lines up to its pod, and where it runs the one that says so. */
function life(name: string, podS: number, runsS?: number): string[] {
  return [
    created(podS, name),
    runnerLine(at(podS), name, 'Creating ephemeral runner JIT config'),
    runnerLine(at(podS), name, 'Created ephemeral runner JIT config', { runnerId: 7 }),
    runnerLine(at(podS), name, 'Created ephemeral runner pod'),
    runnerLine(at(podS), name, 'Waiting for runner container status to be available'),
    ...(runsS === undefined ? [] : ran(name, runsS)),
  ];
}

function ran(name: string, seconds: number): string[] {
  return [runnerLine(at(seconds), name, 'Updating ephemeral runner status with pod phase', { statusPhase: 'Running' })];
}

function created(seconds: number, runner: string): string {
  const set = runner.split('-runner-')[0] ?? '';
  return `${at(seconds)}\tINFO\tEphemeralRunnerSet\tCreated new ephemeral runner\t${JSON.stringify({ version: '0.12.1', ephemeralrunnerset: { name: set, namespace: 'ci' }, runner })}`;
}

const sorted = (lines: readonly string[]): string =>
  `${[...lines].sort((a, b) => a.slice(0, 20).localeCompare(b.slice(0, 20))).join('\n')}\n`;
const names = (set: string, number: number): string[] =>
  Array.from({ length: number }, (_, index) => `${set}-runner-${index}`);

describe('pods that never ran, in the log of a controller alone', () => {
  it('may still run as others did, and are counted where they are many', async () => {
    const text = (waiting: number): string =>
      sorted([
        ...names('cpu', 20).flatMap((name, index) => life(name, 10, 40 + 5 * index)),
        ...names('gpu', waiting).flatMap((name) => life(name, 20)),
        runnerLine(at(140), 'cpu-runner-0', 'Ephemeral runner container is still running'),
      ]);
    assert.equal(
      (await explainText(text(30))).verdict,
      '30 pods have not run yet when the log ends, the first for 2 min 0 s.',
    );
    assert.deepEqual((await explainText(text(4))).findings, []);
  });

  it('take time in proportion to their number', async () => {
    const secondsToExplain = async (number: number): Promise<number> => {
      const text = names('gpu', number).flatMap((name, index) => life(name, index / 100));
      text.push(runnerLine(at(4000), 'gpu-runner-0', 'Waiting for runner container status to be available'));
      const before = process.cpuUsage();
      const { findings } = await explainText(`${text.join('\n')}\n`);
      const { user, system } = process.cpuUsage(before);
      assert.ok(findings.some(({ id, runners }) => id === 'never-ran' && runners.length === number));
      return (user + system) / 1e6;
    };
    await secondsToExplain(2_000);
    const [few, many] = [await secondsToExplain(2_500), await secondsToExplain(40_000)];
    assert.ok(many < 40 * few, `${few} s for 2,500 pods, ${many} s for 40,000`);
  });

  it('are found beside others that ran, with how long, their set and what to give', async () => {
    const text = sorted([
      ...names('cpu', 30).flatMap((name, index) => life(name, 10 + index, 22 + index)),
      ...names('gpu', 6).flatMap((name, index) => life(name, 20 + index)),
      runnerLine(at(500), 'cpu-runner-0', 'Ephemeral runner container is still running'),
    ]);
    const answer = await explainText(text);
    assert.equal(
      answer.verdict,
      '6 runners have had a pod for up to 8 min 0 s that never ran; half of 30 others ran within 12 s.',
    );
    const [finding] = answer.findings;
    assert.equal(finding?.id, 'never-ran');
    assert.deepEqual(finding.runners.toSorted(), names('gpu', 6));
    assert.equal(finding.details[0], 'These are all the runners of set gpu; those of other sets ran.');
    assert.match(finding.advice, /kubectl get pods,events -o yaml/);
    const rows = whyText(answer, unfitted(answer.reading), CHOICE)
      .split('\n')
      .filter((line) => /^[cg]pu-runner/.test(line));
    assert.ok(
      rows.slice(0, 6).every((row) => row.startsWith('gpu-')),
      `the runners of the finding stand first:\n${rows.join('\n')}`,
    );
  });

  const STILL_RUNNING = [
    'Ephemeral runner container is still running',
    'Runner container is still running; updating ephemeral runner status',
  ];
  const pending = (name: string, podS: number): string =>
    runnerLine(at(podS), name, 'Updating ephemeral runner status', { statusPhase: 'Pending' });
  for (const message of STILL_RUNNING) {
    it(`are found although passes say "${message}", as they do of a container that waits`, async () => {
      const { verdict, findings } = await explainText(
        sorted([
          ...names('cpu', 5).flatMap((name) => [...life(name, 10), pending(name, 11), ...ran(name, 12)]),
          ...life('gpu-runner-1', 20),
          pending('gpu-runner-1', 21),
          ...[60, 200, 480].map((seconds) => runnerLine(at(seconds), 'gpu-runner-1', message)),
          ...[60, 200, 500].map((seconds) => runnerLine(at(seconds), 'cpu-runner-0', message)),
        ]),
      );
      assert.equal(
        verdict,
        'gpu-runner-1 has had a pod for 8 min 0 s that never ran; half of 5 others ran within 2 s.',
      );
      assert.deepEqual(findings[0]?.runners, ['gpu-runner-1']);
    });
  }

  it('are found where none ran: after minutes as what may be a slow image, and later without that doubt', async () => {
    const none = (untilS: number, ...ofNames: string[]): Promise<Explanation> =>
      explainText(
        sorted([
          ...ofNames.flatMap((name, index) => [...life(name, 10 + index), pending(name, 12 + index)]),
          runnerLine(at(untilS), ofNames[0] ?? '', 'Ephemeral runner container is still running'),
        ]),
      );
    const early = await none(400, ...names('cpu', 8));
    assert.equal(early.verdict, 'None of 8 pods has run, the first for 6 min 30 s.');
    assert.deepEqual(
      early.findings.map(({ id, severity, confidence }) => [id, severity, confidence]),
      [['never-ran', 'warning', 'unsure']],
    );
    assert.match(early.findings[0]?.details.join(' ') ?? '', /large image/);
    const late = await none(1000, ...names('cpu', 8));
    assert.equal(late.verdict, 'None of 8 pods has run, the first for 16 min 30 s.');
    assert.equal(late.findings[0]?.confidence, 'likely');
    assert.doesNotMatch(late.findings[0].details.join(' '), /large image/);
    assert.equal((await none(400, 'cpu-runner-1')).isHealthy, true);
    assert.equal((await none(200, ...names('cpu', 8))).isHealthy, true);
    assert.equal(
      (await none(1000, 'cpu-runner-1')).verdict,
      'cpu-runner-1 has had a pod for 16 min 30 s that never ran.',
    );
  });

  const still = (name: string, fromS: number, untilS: number, everyS: number): string[] =>
    Array.from({ length: Math.floor((untilS - fromS) / everyS) }, (_, index) =>
      runnerLine(at(fromS + (index + 1) * everyS), name, 'Ephemeral runner container is still running'),
    );
  const HOURS = [1, 3, 24];
  for (const hours of HOURS) {
    it(`are found however long the log goes on: ${hours} h with a line of each every few minutes`, async () => {
      const endS = hours * 3600;
      const others = names('cpu', hours * 6).flatMap((name, index) => life(name, index * 600, index * 600 + 12));
      const stuck = names('gpu', hours).map((name, index) => ({ name, podS: 300 + index * 3600 }));
      const answer = await explainText(
        sorted([
          ...others,
          ...stuck.flatMap(({ name, podS }) => [
            ...life(name, podS),
            pending(name, podS + 1),
            ...still(name, podS + 1, endS, 220),
          ]),
        ]),
      );
      assert.equal(answer.findings[0]?.id, 'never-ran');
      assert.deepEqual(answer.findings[0].runners, names('gpu', hours));
    });
  }

  it('are found after a trouble of their way that is over when the pod is made', async () => {
    const quotaLine = (seconds: number): string =>
      runnerLine(at(seconds), 'gpu-runner-1', 'Resource quota is exceeded; requeue in 30s to retry pod creation', {
        error: 'pods "gpu-runner-1" is forbidden: exceeded quota: q, requested: cpu=4, used: cpu=38, limited: cpu=40',
      });
    const { findings } = await explainText(
      sorted([
        ...names('cpu', 5).flatMap((name) => life(name, 10, 12)),
        created(20, 'gpu-runner-1'),
        ...[21, 51, 81].map(quotaLine),
        ...life('gpu-runner-1', 111).slice(1),
        pending('gpu-runner-1', 112),
        ...still('gpu-runner-1', 112, 1000, 120),
      ]),
    );
    assert.deepEqual(findings.map(({ id, runners }) => [id, ...runners]).sort(), [
      ['never-ran', 'gpu-runner-1'],
      ['quota', 'gpu-runner-1'],
    ]);
  });

  it('are found where it is the second pod of the runner, since that was made', async () => {
    const failed = 'EphemeralRunner pod is deleted and status is updated with failure count';
    const { findings, verdict } = await explainText(
      sorted([
        ...names('cpu', 5).flatMap((name) => life(name, 10, 12)),
        ...life('gpu-runner-1', 20, 32),
        runnerLine(at(60), 'gpu-runner-1', failed),
        runnerLine(at(70), 'gpu-runner-1', 'Created ephemeral runner pod'),
        pending('gpu-runner-1', 71),
        ...still('gpu-runner-1', 71, 1000, 120),
      ]),
    );
    assert.equal(findings[0]?.id, 'never-ran');
    assert.match(verdict, /^gpu-runner-1 has had a pod for 14 min \d+ s that never ran/);
  });

  it('are found in a set that always starts late, once they have waited longer than its others took', async () => {
    const slow = names('gpu', 9).flatMap((name, index) => life(name, index * 700, index * 700 + 300 + index));
    const fast = names('cpu', 40).flatMap((name, index) => life(name, 10 + index * 100, 22 + index * 100));
    const { verdict } = await explainText(
      sorted([...slow, ...fast, ...life('gpu-runner-9', 6500), ...life('cpu-runner-99', 7190, 7202)]),
    );
    assert.match(verdict, /^gpu-runner-9 has had a pod for 11 min 42 s that never ran/);
  });

  const quiet: [title: string, lines: string[]][] = [
    [
      'others of their set took longer than they have waited, and other sets are fast',
      [
        ...names('gpu', 5).flatMap((name, index) => life(name, index * 10, index * 10 + 300)),
        ...names('cpu', 40).flatMap((name, index) => life(name, 10 + index * 5, 22 + index * 5)),
        ...life('gpu-runner-9', 270),
      ],
    ],
    [
      'the only other one of their set took longer, and other sets are fast',
      [
        ...life('gpu-runner-0', 10, 300),
        ...names('cpu', 40).flatMap((name, index) => life(name, 10 + index * 5, 22 + index * 5)),
        ...life('gpu-runner-9', 270),
      ],
    ],
    [
      'they are as slow as the others were',
      names('cpu', 5)
        .flatMap((name) => life(name, 10, 70))
        .concat(life('gpu-runner-1', 400)),
    ],
    [
      'the log ends a minute after them',
      names('cpu', 5)
        .flatMap((name) => life(name, 10, 12))
        .concat(life('gpu-runner-1', 440)),
    ],
    ['there is none to compare them with, and an image may take so long', life('gpu-runner-1', 10)],
    [
      'a controller that started later has not looked at them, as at runners that are gone',
      [
        ...names('cpu', 5).flatMap((name) => life(name, 10, 12)),
        ...life('gpu-runner-1', 12),
        `${at(300)}\tINFO\tStarting EventSource\t{"controller": "ephemeralrunner"}`,
        `${at(300)}\tINFO\tStarting workers\t{"controller": "ephemeralrunner", "worker count": 2}`,
        ...life('cpu-runner-9', 310, 320),
      ],
    ],
  ];
  for (const [title, lines] of quiet) {
    it(`are none where ${title}`, async () => {
      const text = sorted([
        ...lines,
        runnerLine(at(500), 'cpu-runner-0', 'Ephemeral runner container is still running'),
      ]);
      const { findings } = await explainText(text);
      assert.deepEqual(
        findings.filter(({ id }) => id === 'never-ran'),
        [],
      );
    });
  }
});

describe('pods that ran late, in the log of a controller alone', () => {
  const late = (took: number): Promise<Explanation> =>
    explainText(
      sorted([
        ...names('cpu', 10).flatMap((name, index) => life(name, 10 + index, 20 + index)),
        ...names('burst', 20).flatMap((name) => life(name, 100, 100 + took)),
      ]),
    );

  it('are a finding where earlier ones ran soon', async () => {
    const { verdict, findings } = await late(260);
    assert.match(verdict, /^20 pods took up to 4 min \d+ s to run; half of 10 others ran within 1\d? s\.$/);
    assert.match(findings[0]?.details.join(' ') ?? '', /ARC had made these pods/);
  });

  it('are a finding where it is one of many, named and among the first rows', async () => {
    const answer = await explainText(
      sorted([
        ...names('cpu', 56).flatMap((name, index) => life(name, 10 + index * 60, 22 + index * 60)),
        ...life('gpu-runner-1', 100, 2800),
      ]),
    );
    assert.equal(answer.verdict, 'The pod of gpu-runner-1 took 44 min 59 s to run; half of 56 others ran within 12 s.');
    const rows = whyText(answer, unfitted(answer.reading), CHOICE)
      .split('\n')
      .filter((line) => /^[cg]pu-runner/.test(line));
    assert.match(rows[0] ?? '', /^gpu-runner-1 /);
  });

  it('are a finding where a dump beside the log has the time at which the container began', async () => {
    const pod = {
      ...{
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'gpu-runner-1', namespace: 'ci', creationTimestamp: at(100) },
      },
      spec: { containers: [{ name: 'runner' }] },
      status: {
        phase: 'Running',
        containerStatuses: [{ name: 'runner', state: { running: { startedAt: at(2800) } } }],
      },
    };
    const log = sorted([
      ...names('cpu', 56).flatMap((name, index) => life(name, 10 + index * 60, 22 + index * 60)),
      ...life('gpu-runner-1', 100),
    ]);
    const { verdict } = await explainInputs({
      'controller.log': [log],
      'pods.json': [JSON.stringify(pod, undefined, 1)],
    });
    assert.match(verdict, /^The pod of gpu-runner-1 took 45 min 0 s to run; half of 56 others ran within/);
  });

  it('are none where they took little longer', async () => {
    assert.equal((await late(40)).isHealthy, true);
  });
});

describe('runners that kubectl printed without their pods', () => {
  const object = (name: string, status: unknown, metadata: unknown = {}): object => ({
    ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner', status, spec: {} },
    metadata: { name, namespace: 'ci', creationTimestamp: at(0), ...(metadata as object) },
  });
  const list = (...items: object[]): string => JSON.stringify({ kind: 'List', apiVersion: 'v1', items }, undefined, 1);
  const running = ['lark-1', 'lark-2'].map((name) => object(name, { phase: 'Running', runnerId: 4, jobRequestId: 9 }));

  it('may have pods: that they have none is said last, as what is not known', async () => {
    const { findings } = await explainText(
      list(
        ...running,
        object(
          'lark-3',
          { phase: 'Running' },
          { deletionTimestamp: at(60), finalizers: ['ephemeralrunner.actions.github.com/finalizer'] },
        ),
      ),
      'runners.json',
    );
    assert.deepEqual(
      findings.map(({ id, confidence }) => `${id} ${confidence}`),
      ['asked-to-go likely', 'object-problem unsure'],
    );
    assert.equal(
      findings[1]?.sentence,
      '2 runners: The runner reports Running but has no pod, if pods were asked for.',
    );
  });

  it('have been looked at where their status says so, whatever part of the log is there', async () => {
    const log = [0, 30, 60].map((seconds) => runnerLine(at(3600 + seconds), 'lark-9', 'Adding finalizer'));
    const { findings } = await explainInputs({ 'runners.json': [list(...running)], 'controller.log': log });
    assert.deepEqual(
      findings.filter(({ id }) => id === 'never-touched'),
      [],
    );
  });
});
