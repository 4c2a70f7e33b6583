import assert from 'node:assert/strict';
import { at, createdLine, explainInputs, explainText, runnerLine } from '../../builders/evidence.ts';

const RUNNERS = Array.from({ length: 10 }, (_, index) => `r${index}`);
const MODIFIED = (name: string): string =>
  `Operation cannot be fulfilled on ephemeralrunners.actions.github.com "${name}": the object has been modified; please apply your changes to the latest version and try again`;

const first = RUNNERS.map((name, index) => [
  createdLine(at(index), name),
  runnerLine(at(index), name, 'Creating ephemeral runner JIT config'),
  runnerLine(at(index), name, 'Created ephemeral runner JIT config', { runnerId: 300 + index }),
  runnerLine(at(index), name, 'Created ephemeral runner pod', { podName: name }),
]);

const second = RUNNERS.map((name, index) => [
  runnerLine(at(index), name, 'Adding finalizer'),
  runnerLine(at(index), name, 'Failed to update with finalizer set', { error: MODIFIED(name) }, 'ERROR'),
  `${at(index)}\tERROR\tReconciler error\t${JSON.stringify({
    ...{ controller: 'ephemeralrunner', controllerGroup: 'actions.github.com', controllerKind: 'EphemeralRunner' },
    ...{ EphemeralRunner: { name, namespace: 'ci' }, namespace: 'ci', name, error: MODIFIED(name) },
  })}`,
  runnerLine(at(index), name, 'Creating ephemeral runner JIT config'),
  runnerLine(
    at(index),
    name,
    'Getting runner jit config failed with conflict error, trying to get the runner by name',
    {
      error: 'actions error: StatusCode 409, AgentExistsException',
    },
  ),
  runnerLine(at(index), name, 'Found the runner with the same name', { runnerId: 300 + index }),
  runnerLine(at(index), name, 'Removing the runner with the same name'),
  runnerLine(at(index), name, 'Removed the runner with the same name, re-queuing the reconciliation'),
]);

describe('two controllers on the same runners', () => {
  const prefixed = (pod: string, lines: readonly string[]): string[] =>
    lines.map((line) => `[pod/arc-gha-rs-controller-${pod}/manager] ${line}`);
  const mixed = RUNNERS.flatMap((_, index) => [
    ...prefixed('7d9f8c6b5-k2xzq', first[index] ?? []),
    ...prefixed('5bf7d4c9f-m8vtr', second[index] ?? []),
  ]);
  const sentence =
    'Two controllers work on the same 10 runners: one finds them registered by the other, and their writes collide.';

  for (const [how, explained] of [
    ['with prefixes, in one file', () => explainText(mixed.join('\n'))],
    ['in two files', () => explainInputs({ 'a.log': first.flat(), 'b.log': second.flat() })],
    ['one of their logs alone', () => explainText(second.flat().join('\n'))],
  ] as const) {
    it(`show by how they collide: ${how}`, async () => {
      const { verdict, findings } = await explained();
      assert.equal(verdict, sentence);
      assert.match(findings[0]?.advice ?? '', /Stop one of them/);
      assert.doesNotMatch(JSON.stringify(findings), /Nothing to do/);
    });
  }

  it('do not show by one runner that a controller left half registered', async () => {
    const { findings } = await explainText([...(second[0] ?? []), ...(first[0] ?? [])].join('\n'));
    assert.equal(findings[0]?.id, 'name-conflict');
    assert.match(findings[0].advice, /Nothing to do now/);
  });
});

describe('lines of two pods in one log, by the prefixes of kubectl', () => {
  const life = (name: string, second: number, pod: string): string[] =>
    [
      runnerLine(at(second), name, 'Creating ephemeral runner JIT config'),
      runnerLine(at(second + 1), name, 'Created ephemeral runner JIT config', { runnerId: second }),
      runnerLine(at(second + 2), name, 'Created ephemeral runner pod'),
    ].map((line) => `[pod/${pod}/manager] ${line}`);

  it("are those of two controllers where both work at once, though they never get into each other's way", async () => {
    const lines = [0, 10, 20, 30].flatMap((second) => [
      ...life(`lark-${second}`, second, 'arc-controller-a'),
      ...life(`wren-${second}`, second + 3, 'arc-controller-b'),
    ]);
    const { verdict, findings } = await explainText(lines.join('\n'));
    assert.equal(
      verdict,
      'Two controllers write in this log at the same time: pods arc-controller-a and arc-controller-b.',
    );
    assert.equal(findings[0]?.id, 'two-controllers');
  });

  it('are those of one that takes over where they follow one another', async () => {
    const lines = [
      ...[0, 10].flatMap((second) => life(`lark-${second}`, second, 'arc-controller-a')),
      ...[20, 30].flatMap((second) => life(`lark-${second}`, second, 'arc-controller-b')),
    ];
    const { findings } = await explainText(lines.join('\n'));
    assert.ok(findings.every(({ id }) => id !== 'two-controllers'));
  });
});
