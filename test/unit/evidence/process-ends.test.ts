import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

function klog(seconds: number, text: string, level = 'E'): string {
  return `${level}0302 ${at(seconds).slice(11, 19)}.412345       1 reflector.go:205] ${text}`;
}

function failedList(seconds: number, error: string, kind = 'EphemeralRunner'): string {
  const text = JSON.stringify(`failed to list *v1alpha1.${kind}: ${error}`);
  return klog(seconds, `"Failed to watch" err=${text} logger="controller-runtime.cache.UnhandledError" type="x"`);
}

const start = (seconds: number): string => `${at(seconds)}\tINFO\tstarting manager\t{"version": "0.14.2"}`;
const pod = (seconds: number, name: string): string[] => [
  createdLine(at(seconds), name),
  runnerLine(at(seconds), name, 'Creating ephemeral runner JIT config'),
  runnerLine(at(seconds), name, 'Created ephemeral runner JIT config', { runnerId: 1 }),
  runnerLine(at(seconds), name, 'Created ephemeral runner pod', { podName: name }),
];

describe('a list that the controller does not get', () => {
  for (const [error, advice] of [
    [
      'json: cannot unmarshal bool into Go struct field EphemeralRunnerStatus.items.status.failures of type v1.Time',
      /patch ephemeralrunner .*"failures":null/,
    ],
    ['json: cannot unmarshal bool into Go value of type string', /"failures":null/],
    ['json: cannot unmarshal string into Go struct field X.items.spec.y of type int', /upgrade-check/],
    ['the server could not find the requested resource', /CRD/],
    ['context deadline exceeded', /API server did not answer/],
    [
      'Get "https://10.96.0.1:443/apis": dial tcp 10.96.0.1:443: connect: connection refused',
      /API server did not answer/,
    ],
    ['runners is forbidden: User "x" cannot list resource "runners"', /right which the message names/],
  ] as const) {
    it(`keeps every worker from starting: ${error}`, async () => {
      const sync = `${at(130)}\tERROR\tCould not wait for Cache to sync\t{"controller": "ephemeralrunner", "controllerGroup": "actions.github.com", "controllerKind": "EphemeralRunner", "error": "failed to wait for ephemeralrunner caches to sync: timed out waiting for cache to be synced"}`;
      const lines = [start(0), ...range(15).map((index) => failedList(2 + index * 17, error)), sync];
      const { verdict, findings } = await explainText(lines.join('\n'));
      assert.match(verdict, /^The controller's cache of EphemeralRunner reported an error 15 times over 3 min 58 s: /);
      assert.equal(findings.length, 1);
      assert.match(findings[0]?.details.join(' ') ?? '', /No worker starts/);
      assert.match(findings[0]?.advice ?? '', advice);
    });
  }

  it('is no trouble where it came at last, and one that is over where it took long', async () => {
    const fine = [workersLine(at(100), 2), ...pod(101, 'r1')];
    const few = await explainText([start(0), failedList(2, 'context deadline exceeded'), ...fine].join('\n'));
    assert.deepEqual(few.findings, []);
    const many = range(5).map((index) => failedList(2 + index * 17, 'context deadline exceeded'));
    const { findings } = await explainText([start(0), ...many, ...fine].join('\n'));
    assert.equal(findings[0]?.severity, 'warning');
    assert.match(findings[0].details.join(' '), /It is over: the last time was at 12:01:10/);
  });

  it('is a finding about the process where no line names it', async () => {
    const sync = `${at(130)}\tERROR\tCould not wait for Cache to sync\t{"controller": "ephemeralrunner", "controllerGroup": "actions.github.com", "error": "failed to wait for ephemeralrunner caches to sync"}`;
    assert.match(
      (await explainText([start(0), sync].join('\n'))).verdict,
      /Could not wait for Cache to sync: failed to wait/,
    );
  });
});

describe('a lease that is lost', () => {
  const lost = (seconds: number): string[] => [
    klog(
      seconds - 10,
      'error retrieving resource lock arc/arc: Get "https://10.96.0.1:443/x": context deadline exceeded',
    ),
    klog(seconds, 'failed to renew lease arc/arc: context deadline exceeded', 'I'),
    `${at(seconds)}\tERROR\tproblem running manager\t{"error": "leader election lost"}`,
    start(seconds + 15),
    workersLine(at(seconds + 32), 2),
  ];

  it('is one finding, with its times, its cause and how long nobody worked', async () => {
    const lines = [...pod(0, 'r1'), ...lost(60), ...pod(100, 'r2'), ...lost(200), ...pod(240, 'r3')];
    const { findings } = await explainText(lines.join('\n'));
    const ends = findings.filter(({ id }) => id === 'process-event');
    assert.deepEqual(
      ends.map(({ sentence }) => sentence),
      ['The controller itself stopped or failed twice: failed to renew lease arc/arc: context deadline exceeded.'],
    );
    assert.deepEqual(ends[0]?.details, [
      'At 12:01:00 and 12:03:20.',
      'No controller worked from 12:01:00 to 12:01:32, for 32 s.',
      'No controller worked from 12:03:20 to 12:03:52, for 32 s.',
    ]);
    assert.match(ends[0].advice, /API server did not answer in time/);
  });
});

describe('what a failure leads to', () => {
  it('of a sixth pod is a runner that has failed for good', async () => {
    const lines = [
      ...pod(0, 'r1'),
      ...range(5).map((index) => runnerLine(at(10 + index * 10), 'r1', 'Deleting the ephemeral runner pod')),
      runnerLine(at(70), 'r1', 'Ephemeral runner container failed', { exitCode: 127 }),
      runnerLine(at(71), 'r1', 'Updating ephemeral runner status to Failed'),
      runnerLine(at(72), 'r1', 'EphemeralRunner is marked as Failed and deleted from the service'),
    ];
    const { findings } = await explainText(lines.join('\n'));
    assert.match(findings[0]?.sentence ?? '', /then it was given up\.$/);
    assert.match(findings[0]?.details.join(' ') ?? '', /failed for good: its set counts it/);
  });

  it('of a namespace that is deleted is not laid on the pod template', async () => {
    const error = 'pods "r1" is forbidden: unable to create new content in namespace ci because it is being terminated';
    const lines = [
      createdLine(at(0), 'r1'),
      runnerLine(at(1), 'r1', 'Creating ephemeral runner JIT config'),
      runnerLine(at(1), 'r1', 'Failed to create a pod due to unrecoverable failure', { error }, 'ERROR'),
      runnerLine(at(2), 'r1', 'EphemeralRunner is marked as Failed and deleted from the service'),
    ];
    const { findings } = await explainText(lines.join('\n'));
    assert.equal(findings.length, 1);
    assert.match(findings[0]?.advice ?? '', /namespace that the message names is being deleted/);
  });

  it('that GitHub has ended says when, and how late its pods came', async () => {
    const error = 'giving up after 5 attempt(s): unexpected HTTP status 502 Bad Gateway, failed to generate JIT config';
    const failed = (seconds: number, runner: string): string =>
      `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify({
        ...{ controller: 'ephemeralrunner', controllerGroup: 'actions.github.com', controllerKind: 'EphemeralRunner' },
        ...{ EphemeralRunner: { name: runner, namespace: 'ci' }, namespace: 'ci', name: runner, error },
      })}`;
    const lines = [
      createdLine(at(0), 'r1'),
      runnerLine(at(0), 'r1', 'Creating ephemeral runner JIT config'),
      ...range(12).map((index) => failed(index * 3, 'r1')),
      ...pod(65, 'r1').slice(1),
    ];
    const { findings } = await explainText(lines.join('\n'));
    const finding = findings.find(({ id }) => id === 'repeated-errors');
    assert.equal(
      finding?.details[0],
      'It was over after 12:00:33; its pod came 1 min 5 s after the runner was created.',
    );
  });
});
