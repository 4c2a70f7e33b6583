import assert from 'node:assert/strict';
import { at, createdLine, explainFiles, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';
import { recordedLog } from '../../builders/recorded-logs.ts';

const LOGS = new URL('logs/', import.meta.url);

/** A runner from its creation to its pod, or to where `until` says that the log ends. */
function life(name: string, created: number, pod: number, until = Number.POSITIVE_INFINITY): [number, string][] {
  const lines: [number, string][] = [
    [created, createdLine(at(created), name)],
    [pod - 1, runnerLine(at(pod - 1), name, 'Creating ephemeral runner JIT config')],
    [pod, runnerLine(at(pod), name, 'Created ephemeral runner JIT config', { runnerId: 1 })],
    [pod, runnerLine(at(pod), name, 'Created ephemeral runner pod')],
  ];
  return lines.filter(([second]) => second <= until);
}

function log(...lives: [number, string][][]): string {
  const sorted = lives.flat().sort((a, b) => a[0] - b[0]);
  return [workersLine(at(0), 1), ...sorted.map(([, line]) => line), ''].join('\n');
}

describe('a log that ends while pods are still to come', () => {
  const whole = recordedLog('set-100-workers-2-latest.controller');
  const pods = (text: string): number => text.match(/Created ephemeral runner pod/g)?.length ?? 0;

  it('is not called healthy: how many have no pod, and how long they need at the same pace', async () => {
    const part = whole.slice(0, 150_000);
    const { verdict, isJudged, remarks } = await explainText(part);
    assert.equal(isJudged, false);
    assert.match(
      verdict,
      new RegExp(
        `^Not enough to judge: ${100 - pods(part)} of 100 runners have no pod when the log ends; one pod came every 0\\.2\\d s, so the others need about 1[2-4] s more`,
      ),
    );
    assert.doesNotMatch(remarks.join(), /last pod/);
  });

  it('has no last pod in the finding on its burst either', async () => {
    const part = whole.slice(0, 250_000);
    const { findings } = await explainText(part);
    assert.match(
      findings[0]?.sentence ?? '',
      new RegExp(`^${100 - pods(part)} of 100 runners had no pod after 15 s because ${pods(part)} JIT calls ran`),
    );
    assert.match(findings[0]?.details[0] ?? '', /^The log ends before the burst does: .* about [5-7] s more\.$/);
    assert.ok((findings[0]?.sentence.split(/\s+/).length ?? 0) <= 25);
    assert.equal(findings[0]?.runners.length, 100);
  });

  it('has no end to be foretold where the log does not tell how many runners there are', async () => {
    const { findings } = await explainText(recordedLog('burst-100-workers-4-latest.controller').slice(0, 80_000));
    assert.match(findings[0]?.details[0] ?? '', /one pod came every .* runners that no line names yet may wait/);
  });

  it('differs from one that goes on without them', async () => {
    const later: [number, string][] = [
      [60, runnerLine(at(60), 'r1', 'Waiting for runner container status to be available')],
    ];
    const { verdict, isJudged } = await explainText(log(life('r1', 0, 2), life('r2', 0, 40, 39), later));
    assert.equal(isJudged, false, verdict);
    assert.match(verdict, /^Not enough to judge: 1 of 2 runners has no pod when the log ends; give more/);
  });

  it('is whole where a runner without a pod was deleted', async () => {
    const gone: [number, string][] = [
      [1, createdLine(at(1), 'r2')],
      [2, runnerLine(at(2), 'r2', 'Finalizing ephemeral runner')],
    ];
    const { verdict } = await explainText(log(life('r1', 0, 2), gone));
    assert.match(verdict, /^Nothing wrong found in 2 runners/);
  });
});

describe('lines that are cut at their end', () => {
  it('are counted, and no release is concluded from what they lack', async () => {
    for (const width of [90, 120, 150, 180]) {
      const cut = recordedLog('set-100-workers-2-latest.controller').replace(
        new RegExp(`^(.{${width}}).+$`, 'gm'),
        '$1',
      );
      const { release, findings, files } = await explainText(cut);
      assert.match(files[0]?.problems.join() ?? '', /^[\d,]+ lines are cut at the end/, String(width));
      assert.notEqual(release?.hasLock, false, `${width}: ${release?.text}`);
      assert.ok(
        findings.every(({ id }) => id !== 'workers-busy'),
        `${width}: ${findings[0]?.sentence}`,
      );
    }
  });

  it('are no evidence where they end before the name of their runner', async () => {
    for (const name of ['set-100-workers-2-latest', 'burst-100-workers-4-latest', 'set-100-workers-10-new']) {
      for (const width of [60, 90, 130]) {
        const cut = recordedLog(`${name}.controller`).replace(new RegExp(`^(.{${width}}).+$`, 'gm'), '$1');
        const { verdict, findings } = await explainText(cut);
        assert.deepEqual(findings, [], `${name}, ${width}`);
        assert.match(verdict, /^Not enough to judge: lines are cut before they name their runner/, `${name}, ${width}`);
      }
    }
  });

  it('are none where only the last line is, as where the log is copied', async () => {
    const { files } = await explainText(recordedLog('set-100-workers-2-latest.controller').slice(0, 150_000));
    assert.deepEqual(files[0]?.problems, []);
  });

  it('do not make another message of the beginning of one', async () => {
    const cut = runnerLine(at(0), 'r1', 'Adding finalizers').replace(/s\t\{.*$/, '');
    const { release } = await explainText(`${cut}\n${runnerLine(at(1), 'r1', 'Created ephemeral runner pod')}\n`);
    assert.equal(release, undefined);
  });
});

describe('an outdated runner', () => {
  it('is no proof that its set makes no more runners where the log shows that it does', async () => {
    const { verdict, findings } = await explainFiles(new URL('outdated-latest.controller.log.gz', LOGS).pathname);
    assert.match(
      verdict,
      /^lab-runner-\w+ is outdated: GitHub no longer takes its runner version; 2 runners were made after that\.$/,
    );
    assert.match(findings[0]?.details.join(' ') ?? '', /Of the later ones, 1 is still there when the log ends\./);
    assert.doesNotMatch(findings[0]?.advice ?? '', /brings an outdated set back/);
  });

  it('has a set that says so and makes none, where the log shows that', async () => {
    const set = (second: number): string =>
      `${at(second)}\tINFO\tEphemeralRunnerSet\tephemeral runner set is outdated, waiting for autoscaling runner set to remove it\t{"version": "0.14.1", "ephemeralrunnerset": {"name":"set","namespace":"ci"}}`;
    const { findings } = await explainText(
      [
        createdLine(at(0), 'r1'),
        runnerLine(at(1), 'r1', 'Updating ephemeral runner status to Outdated'),
        set(2),
        set(3),
        '',
      ].join('\n'),
    );
    assert.equal(findings[0]?.sentence, 'r1 is outdated: GitHub no longer takes its runner version.');
    assert.match(findings[0].details.join(), /Set set said so twice and has made no runner since/);
  });

  it('counts no runner of another set as made after it, where a runner or the set is outdated', async () => {
    const set = `${at(2)}\tINFO\tEphemeralRunnerSet\tephemeral runner set is outdated, waiting for autoscaling runner set to remove it\t{"version": "0.14.2", "ephemeralrunnerset": {"name":"gpu","namespace":"ci"}}`;
    const runner = runnerLine(at(2), 'gpu-runner-hv24j', 'Updating ephemeral runner status to Outdated');
    for (const [who, line] of Object.entries({ gpu: set, 'gpu-runner-hv24j': runner })) {
      const others = [
        line,
        createdLine(at(3), 'set-runner-k7d2p'),
        createdLine(at(3), 'set-runner-k7d2p').replace('"ci"', '"other"').replace('"set"', '"gpu"'),
      ];
      const alone = await explainText([...others, ''].join('\n'));
      const said = `${who} is outdated: GitHub no longer takes its runner version`;
      assert.equal(alone.findings[0]?.sentence, `${said}.`);
      const own = createdLine(at(4), 'gpu-runner-x5w9q').replace('"set"', '"gpu"');
      const after = await explainText([...others, own, ''].join('\n'));
      assert.equal(after.findings[0]?.sentence, `${said}; 1 runner was made after that.`);
    }
  });

  it('needs a current image also where its release counts an exit with 7 as a failed pod', async () => {
    const { findings } = await explainText(
      [
        runnerLine(at(0), 'r1', 'Ephemeral runner container failed', { exitCode: 7 }),
        runnerLine(at(0), 'r1', 'EphemeralRunner pod is deleted and status is updated with failure count'),
        '',
      ].join('\n'),
    );
    assert.equal(findings[0]?.advice, 'Use a current image of actions-runner in the pod template.');
  });
});

describe('a runner of a dump that somebody has deleted', () => {
  const runner = (finalizers: readonly string[], status: object): string =>
    JSON.stringify(
      {
        kind: 'List',
        apiVersion: 'v1',
        items: [
          {
            apiVersion: 'actions.github.com/v1alpha1',
            kind: 'EphemeralRunner',
            metadata: {
              name: 'lark-1',
              namespace: 'ci',
              creationTimestamp: '2026-03-02T08:00:00Z',
              deletionTimestamp: '2026-03-02T08:51:40Z',
              finalizers,
            },
            spec: {},
            status,
          },
        ],
      },
      null,
      2,
    );
  const OWN = 'ephemeralrunner.actions.github.com/finalizer';
  const REGISTRATION = 'ephemeralrunner.actions.github.com/runner-registration-finalizer';
  const cases: [title: string, finalizers: readonly string[], status: object, sentence: RegExp][] = [
    [
      'with a job waits for the service',
      [OWN, REGISTRATION],
      { phase: 'Running', jobRequestId: 5 },
      /^lark-1 was asked to go at 08:51:40 and is still there: the service does not remove it while job 5 runs\.$/,
    ],
    ['without a job waits for its registration', [OWN, REGISTRATION], { phase: 'Running' }, /remove its registration/],
    ['waits for its pod and secret', [OWN], { phase: 'Failed' }, /clean up its pod and secret first\.$/],
    ['is kept by a finalizer of others', ['example.com/hold'], {}, /finalizer example\.com\/hold keeps it\.$/],
  ];
  for (const [title, finalizers, status, sentence] of cases) {
    it(`${title}, and is not told to be deleted`, async () => {
      const { findings } = await explainText(runner(finalizers, status), 'dump.json');
      assert.deepEqual(
        findings.map(({ id }) => id),
        ['asked-to-go'],
      );
      assert.match(findings[0]?.sentence ?? '', sentence);
      assert.doesNotMatch(`${findings[0]?.details.join()} ${findings[0]?.advice}`, /delete the runner|another pod/);
    });
  }
});
