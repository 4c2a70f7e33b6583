import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

/** When each of a runner's steps comes, in seconds. */
interface Life {
  readonly created?: number;
  readonly jit: number;
  readonly registered: number;
  readonly pod: number;
}

/** A runner's way to its pod in the words of 0.9.3 to 0.12.1, or of 0.13.1 and later. */
function life(name: string, { created, jit, registered, pod }: Life, isLater = false): [number, string][] {
  const line = (seconds: number, message: string, fields = {}): [number, string] => [
    seconds,
    runnerLine(at(seconds), name, message, fields),
  ];
  return [
    ...(created === undefined ? [] : [[created, createdLine(at(created), name)] as [number, string]]),
    line(jit, 'Creating ephemeral runner JIT config'),
    line(registered, 'Created ephemeral runner JIT config', { runnerId: 1 }),
    ...(isLater
      ? [line(registered, 'Updated ephemeral runner status with runnerId and runnerName')]
      : [line(registered, 'Updated ephemeral runner status with runnerId and runnerJITConfig')]),
    line(
      pod,
      isLater
        ? 'Ephemeral runner pod does not exist. Creating new ephemeral runner'
        : 'Creating new EphemeralRunner pod.',
    ),
    line(pod, 'Created ephemeral runner pod', { podName: name }),
  ];
}

/** Lines in the order of their times, as one process writes them. */
function log(workers: number, lines: readonly (readonly [number, string])[]): string {
  const sorted = [...lines].sort((a, b) => a[0] - b[0]).map(([, line]) => line);
  return [workersLine(at(0), workers), ...sorted, ''].join('\n');
}

function assertMain(explanation: Explanation, id: string, sentence: RegExp): void {
  const [main] = explanation.findings;
  assert.equal(main?.id, id, JSON.stringify(explanation.findings.map((finding) => [finding.id, finding.sentence])));
  assert.match(main.sentence, sentence);
  assert.equal(explanation.verdict, main.sentence);
  assert.ok(main.sentence.split(/\s+/).length <= 25, main.sentence);
  assert.ok(main.evidence.length > 0);
}

const runners = Array.from({ length: 20 }, (_, index) => index);

describe('the cause of a slow burst', () => {
  it('is, up to 0.9.3, that all runners register before the first pod is made', async () => {
    const lines = runners.flatMap((index) =>
      life(`r${index}`, { created: 0, jit: index, registered: index + 1, pod: 21 + index / 10 }),
    );
    assertMain(
      await explainText(log(1, lines)),
      'registrations-first',
      /first pod came after 21 s because 20 runners registered/,
    );
  });

  it('is, from 0.10 to 0.13, that workers are held by JIT calls', async () => {
    const lines = runners.flatMap((index) => {
      const start = Math.floor(index / 2) * 2;
      return life(`r${index}`, {
        created: 0,
        jit: start / 2,
        registered: start / 2 + (index % 10 === 0 ? 0 : 1),
        pod: start / 2 + 1,
      });
    });
    assertMain(
      await explainText(log(2, lines)),
      'workers-busy',
      /last pod came after 10 s because 2 workers made 20 JIT calls/,
    );
  });

  it('is, from 0.14 on, that JIT calls run one at a time', async () => {
    const lines = runners.flatMap((index) =>
      life(
        `r${index}`,
        { created: 0, jit: Math.max(0, index * 0.6 - 1.8), registered: index * 0.6, pod: index * 0.6 },
        true,
      ),
    );
    const version: [number, string] = [0, runnerLine(at(0), 'r0', 'Adding finalizers').replace('"NA"', '"0.14.1"')];
    assertMain(await explainText(log(3, [version, ...lines])), 'actions-lock', /20 JIT calls ran one at a time/);
  });

  it('is a slow service where calls take seconds', async () => {
    const lines = runners
      .slice(0, 6)
      .flatMap((index) =>
        life(`r${index}`, { created: 0, jit: index * 8, registered: index * 8 + 8, pod: index * 8 + 8 }),
      );
    assertMain(
      await explainText(log(1, lines)),
      'service-slow',
      /last pod came after 48 s because 6 JIT calls took 8\.00 s each/,
    );
  });

  it('is found with when the longest of several bursts was, and how many others had it', async () => {
    const burst = (from: number): [number, string][] =>
      runners.flatMap((index) => {
        const start = from + Math.floor(index / 2);
        return life(`r${from}-${index}`, { created: from, jit: start, registered: start + 1, pod: start + 1 });
      });
    const { findings } = await explainText(log(2, [...burst(0), ...burst(100)]));
    assert.deepEqual(
      findings.map(({ id, details }) => [id, ...details.slice(0, 2)]),
      [
        [
          'service-slow',
          'This burst lasted from 12:00:00 to 12:00:10.',
          '1 more burst was slow for the same reason: 10 s; it began at 12:01:40.',
        ],
      ],
    );
  });

  it('counts the wait for the lock also in a burst that is not slow', async () => {
    const lines = runners.flatMap((index) =>
      life(
        `r${index}`,
        { created: 0, jit: Math.max(0, index * 0.3 - 2), registered: index * 0.3, pod: index * 0.3 },
        true,
      ),
    );
    const version: [number, string] = [0, runnerLine(at(0), 'r0', 'Adding finalizers').replace('"NA"', '"0.14.1"')];
    const explanation = await explainText(log(3, [version, ...lines]));
    assert.deepEqual(explanation.findings, []);
    const causes = explanation.runners.flatMap(({ path }) => path.map(({ cause }) => cause));
    assert.ok(causes.includes('actions lock'), causes.join());
  });

  it('is not looked for where the last pod came soon', async () => {
    const lines = runners.flatMap((index) =>
      life(`r${index}`, { created: 0, jit: index / 4, registered: index / 4, pod: index / 4 }),
    );
    const { findings, verdict } = await explainText(log(2, lines));
    assert.deepEqual(findings, []);
    assert.match(verdict, /^Nothing wrong found in 20 runners/);
  });
});

describe('a stuck runner', () => {
  const cases: [title: string, lines: readonly string[], id: string, sentence: RegExp][] = [
    [
      'whose pod a quota refuses is explained with the arithmetic',
      [0, 30, 60].map((seconds) =>
        runnerLine(at(seconds), 'lark-1', 'Resource quota is exceeded; requeue in 30s to retry pod creation', {
          error:
            'pods "lark-1" is forbidden: exceeded quota: runners-quota, requested: cpu=900m, used: cpu=900m, limited: cpu=1',
        }),
      ),
      'quota',
      /Quota runners-quota refused the pods of 1 runner: used cpu=900m \+ requested cpu=900m > 1\.$/,
    ],
    [
      'whose pod a quota refused for good, as up to 0.13.0',
      [
        runnerLine(
          at(0),
          'lark-1',
          'Failed to create a pod due to unrecoverable failure',
          { error: 'pods "lark-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1' },
          'ERROR',
        ),
      ],
      'quota',
      /Quota q refused the pods of 1 runner: used pods=1 \+ requested pods=1 > 1\.$/,
    ],
    [
      'that failed five times is explained with the exit code',
      [
        ...[1, 2, 3, 4, 5, 6].flatMap((time) => [
          runnerLine(at(time * 10), 'lark-1', 'Ephemeral runner container failed', { exitCode: 137 }),
          runnerLine(
            at(time * 10),
            'lark-1',
            'EphemeralRunner pod is deleted and status is updated with failure count',
          ),
        ]),
        runnerLine(at(61), 'lark-1', 'EphemeralRunner has failed more than 5 times. Marking it as failed'),
      ],
      'keeps-failing',
      /pod of lark-1 failed 6 times in 50 s with exit code 137, then it was given up/,
    ],
    [
      'whose name is taken at the service',
      [0, 5, 20].map((seconds) =>
        runnerLine(
          at(seconds),
          'lark-1',
          'Getting runner jit config failed with conflict error, trying to get the runner by name',
          { error: 'already exists' },
        ),
      ),
      'name-conflict',
      /already knows a runner named lark-1: registration was refused 3 times over 20 s/,
    ],
    [
      'whose passes fail again and again',
      [0, 1, 3, 7].map(
        (seconds) =>
          `${at(seconds)}\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "EphemeralRunner": {"name":"lark-1","namespace":"ci"}, "namespace": "ci", "name": "lark-1", "error": "failed to get secret: secrets \\"gh\\" not found"}`,
      ),
      'repeated-errors',
      /Passes of lark-1 failed 4 times over 7 s: failed to get secret: secrets "gh" not found\.$/,
    ],
    [
      'that nobody looks at, to the end of the log',
      [
        runnerLine(at(0), 'other', 'Waiting for runner container status to be available'),
        createdLine(at(1), 'lark-1'),
        `${at(90)}\tINFO\tEphemeralRunnerSet\tScaling comparison\t{"ephemeralrunnerset": {"name":"set","namespace":"ci"}, "current": 1, "desired": 1}`,
      ],
      'never-touched',
      /1 runner was created and not looked at since, lark-1 for 1 min 29 s at the end of the log/,
    ],
    [
      'behind a controller that stands still',
      [
        runnerLine(at(0), 'other', 'Waiting for runner container status to be available'),
        createdLine(at(1), 'lark-1'),
        runnerLine(at(400), 'lark-1', 'Adding finalizers'),
      ],
      'silent-controller',
      /No runner was touched for 6 min 40 s, 12:00:00 to 12:06:40, while lark-1 waited/,
    ],
    [
      'in a call that has not ended when the log does',
      [
        runnerLine(at(0), 'lark-1', 'Creating ephemeral runner JIT config'),
        `${at(300)}\tINFO\tEphemeralRunnerSet\tScaling comparison\t{"ephemeralrunnerset": {"name":"set","namespace":"ci"}, "current": 1, "desired": 1}`,
      ],
      'held-call',
      /One JIT call for lark-1 has held a worker for 5 min 0 s, 12:00:00 to 12:05:00/,
    ],
    [
      'of a controller that lost its lease',
      [`${at(0)}\tERROR\tsetup\tproblem running manager\t{"error": "leader election lost"}`],
      'process-event',
      /controller itself stopped or failed: problem running manager: leader election lost/,
    ],
    [
      'behind the limit of its own client',
      [
        runnerLine(at(0), 'lark-1', 'Adding finalizers'),
        'I0302 12:00:05.500000       1 request.go:697] Waited for 4.2s due to client-side throttling, not priority and fairness, request: POST:https://10.0.0.1',
      ],
      'throttled',
      /client's own limit held back 1 request, 4\.20 s in all, 4\.20 s the longest/,
    ],
  ];
  for (const [title, lines, id, sentence] of cases) {
    it(title, async () => {
      assertMain(await explainText(`${lines.join('\n')}\n`), id, sentence);
    });
  }

  it('is a note where the client held back few requests for little more than a second', async () => {
    const waited = (second: number): string =>
      `I0302 12:0${second}:05.500000       1 request.go:752] "Waited before sending request" delay="1.038s" reason="client-side throttling, not priority and fairness" verb="GET" URL="https://10.0.0.1/x"`;
    const { findings, isHealthy } = await explainText(
      [runnerLine(at(0), 'lark-1', 'Adding finalizers'), waited(1), waited(5)].join('\n'),
    );
    assert.equal(isHealthy, true);
    assert.match(findings[0]?.advice ?? '', /^Nothing to do/);
  });

  it('is none where a copy was stale and the next pass went well', async () => {
    const { findings } = await explainText(
      [
        runnerLine(at(0), 'lark-1', 'Adding finalizers'),
        `${at(0)}\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "EphemeralRunner": {"name":"lark-1","namespace":"ci"}, "error": "Operation cannot be fulfilled: the object has been modified; please apply your changes"}`,
        runnerLine(at(1), 'lark-1', 'Created ephemeral runner pod'),
      ].join('\n'),
    );
    assert.deepEqual(findings, []);
  });
});
