import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const COUNTED = 'EphemeralRunner pod is deleted and status is updated with failure count';
const GIVEN_UP = 'EphemeralRunner is marked as Failed and deleted from the service';
const LOW = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi.';

function failed(seconds: number, name: string, exitCode: number): string[] {
  return [
    runnerLine(at(seconds), name, 'Ephemeral runner container failed', { exitCode }),
    runnerLine(at(seconds), name, COUNTED),
  ];
}

const names = (number: number): string[] => Array.from({ length: number }, (_, index) => `lark-${index}`);
const inOrder = (lines: readonly string[]): string =>
  `${[...lines].sort((a, b) => a.slice(0, 20).localeCompare(b.slice(0, 20))).join('\n')}\n`;

describe('pods that fail, of several runners', () => {
  it('are one sentence with their number, and of 137 the advice names the memory limit', async () => {
    const { findings } = await explainText(
      inOrder(names(8).flatMap((name, index) => failed(10 + 2 * index, name, 137))),
    );
    const [finding, other] = findings.filter(({ id }) => id === 'keeps-failing');
    assert.equal(finding?.sentence, '8 pods failed with exit code 137 in 14 s.');
    assert.deepEqual(finding.runners, names(8));
    assert.match(finding.advice, /memory limit/);
    assert.equal(other, undefined);
  });

  it('are one sentence where all were given up, and where some were', async () => {
    const lines = names(4).flatMap((name) => [0, 20, 40].flatMap((seconds) => failed(seconds, name, 1)));
    const given = names(4).map((name) => runnerLine(at(50), name, GIVEN_UP));
    const all = (await explainText(inOrder([...lines, ...given]))).findings[0];
    assert.equal(all?.sentence, '12 pods of 4 runners failed with exit code 1 in 40 s, then all were given up.');
    assert.match(all.details.join(' '), /They have failed for good: their set counts them/);
    const some = (await explainText(inOrder([...lines, ...given.slice(0, 1)]))).findings[0];
    assert.equal(some?.sentence, '12 pods of 4 runners failed with exit code 1 in 40 s; 1 was given up.');
  });

  it('are a finding each where they ended in different ways', async () => {
    const lines = [...failed(0, 'lark-0', 137), ...failed(1, 'lark-1', 127), ...failed(2, 'lark-2', 137)];
    const { findings } = await explainText(inOrder(lines));
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      ['2 pods failed with exit code 137 in 2 s.', 'The pod of lark-1 failed once with exit code 127.'],
    );
  });
});

describe('pods that were ended as a whole', () => {
  const evictions: readonly [release: string, message: string, fields: object][] = [
    [
      '0.13.0',
      'Pod set the termination phase, but container state is not terminated. Deleting pod',
      { PodPhase: 'Failed', PodReason: 'Evicted', PodMessage: LOW },
    ],
    [
      '0.13.1',
      'Pod is in failed phase, inspecting runner container status',
      { podReason: 'Evicted', podMessage: LOW, podConditions: [] },
    ],
  ];
  for (const [release, message, fields] of evictions) {
    const evicted = (seconds: number, name: string): string[] => [
      runnerLine(at(seconds), name, message, { ...fields }),
      runnerLine(at(seconds), name, COUNTED),
    ];
    it(`are reported with the reason, as ${release} logs it`, async () => {
      const one = (await explainText(evicted(10, 'lark-0').join('\n'))).findings[0];
      assert.equal(one?.sentence, 'The pod of lark-0 was evicted once: The node was low on resource: memory.');
      assert.doesNotMatch(one.details.join(' '), /does not say why/);
      assert.match(one.advice, /requests that fit/);
      const eight = (
        await explainText(
          names(8)
            .flatMap((name) => evicted(10, name))
            .join('\n'),
        )
      ).findings[0];
      assert.equal(eight?.sentence, '8 pods were evicted: The node was low on resource: memory.');
    });
  }

  it('may have other reasons, and the code that their container ended with does not hide them', async () => {
    const lines = [
      runnerLine(at(1), 'lark-0', 'Pod is in failed phase, inspecting runner container status', {
        podReason: 'Terminated',
        podMessage: 'Pod was terminated in response to imminent node shutdown.',
      }),
      runnerLine(
        at(1),
        'lark-0',
        'Ephemeral runner container has failed, and runner container termination exit code is non-zero',
        {
          containerTerminatedState: { exitCode: 143, reason: 'Error' },
          error: 'ephemeral runner container has failed',
        },
        'ERROR',
      ),
      runnerLine(at(1), 'lark-0', COUNTED),
    ];
    const [finding] = (await explainText(lines.join('\n'))).findings;
    assert.equal(
      finding?.sentence,
      'The pod of lark-0 was ended once (Terminated): Pod was terminated in response to imminent node shutdown.',
    );
    assert.match(finding.advice, /shut down/);
  });

  it('have no reason of their own where a container failed, which is then named by its code', async () => {
    const lines = [
      runnerLine(at(1), 'lark-0', 'Pod is in failed phase, inspecting runner container status', {
        podReason: '',
        podMessage: '',
      }),
      runnerLine(
        at(1),
        'lark-0',
        'Ephemeral runner container has failed, and runner container termination exit code is non-zero',
        {
          containerTerminatedState: { exitCode: 137, reason: 'OOMKilled' },
          error: 'ephemeral runner container has failed',
        },
        'ERROR',
      ),
      runnerLine(at(1), 'lark-0', COUNTED),
    ];
    const [finding] = (await explainText(lines.join('\n'))).findings;
    assert.equal(finding?.sentence, 'The pod of lark-0 failed once with exit code 137.');
  });

  it('are over where another pod of each came to run, and all of them are counted', async () => {
    const rejected = (seconds: number, name: string): string[] => [
      runnerLine(at(seconds), name, 'Pod is in failed phase, inspecting runner container status', {
        podReason: 'OutOfcpu',
        podMessage: "Pod was rejected: Node didn't have enough resource: cpu",
      }),
      runnerLine(at(seconds), name, COUNTED),
    ];
    const lines = [1, 20].flatMap((seconds) => names(2).flatMap((name) => rejected(seconds, name)));
    const ran = names(2).map((name) =>
      runnerLine(at(60), name, 'Updating ephemeral runner status', { statusPhase: 'Running', ready: true }),
    );
    const [still] = (await explainText(lines.join('\n'))).findings;
    assert.equal(still?.severity, 'error');
    assert.deepEqual(still.evidence.map(({ says }) => /\(.*\)$/.exec(says)?.[0]), ['(first of 4)', '(last)']); // prettier-ignore
    assert.match(still.advice, /^The scheduler chose this node/);
    const [over] = (await explainText([...lines, ...ran].join('\n'))).findings;
    assert.match(over?.details.join(' ') ?? '', /^It is over: another pod of each ran, the last by 12:01:00\./);
    assert.equal(over?.severity, 'warning');
  });
});

describe('a secret that lacks the id of its runner', () => {
  const lacks = (seconds: number): string =>
    runnerLine(at(seconds), 'lark-0', 'Runner config secret is corrupted: missing runnerId');

  it('is found, with how often it was deleted', async () => {
    const { verdict } = await explainText([0, 25, 50].map(lacks).join('\n'));
    assert.match(verdict, /^The secret of lark-0 lacked its runner's id 3 times over 50 s: /);
  });

  it('is no finding where it came once and the runner has its pod', async () => {
    const pod = runnerLine(at(2), 'lark-0', 'Created ephemeral runner pod');
    const { findings } = await explainText([lacks(0), pod].join('\n'));
    assert.deepEqual(findings, []);
  });
});
