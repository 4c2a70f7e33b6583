import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

const failed = (second: number, name: string, error: string): string =>
  `${at(second)}\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "controllerGroup": "actions.github.com", "controllerKind": "EphemeralRunner", "EphemeralRunner": {"name":"${name}","namespace":"ci"}, "namespace": "ci", "name": "${name}", "error": "${error}"}`;
const made = (second: number, name: string): string[] => [
  createdLine(at(second), name),
  runnerLine(at(second), name, 'Adding finalizers'),
];
const fails = (from: number, to: number, name: string, error: string): string[] =>
  Array.from({ length: (to - from) / 20 }, (_, index) => failed(from + 20 * index, name, error));
const ran = (second: number, name: string): string[] => [
  runnerLine(at(second), name, 'Created ephemeral runner JIT config'),
  runnerLine(at(second), name, 'Created ephemeral runner pod'),
  runnerLine(at(second + 2), name, 'Updating ephemeral runner status', { statusPhase: 'Running' }),
];
const PAST = 'failed to generate JIT config: StatusCode 401, RequestID \\"A\\": {\\"message\\":\\"Bad credentials\\"}';
const PRESENT = 'failed to call webhook: Post \\"https://hooks.example.test\\": context deadline exceeded';

describe('of two troubles', () => {
  const past = [...made(0, 'lark-1'), ...fails(5, 2400, 'lark-1', PAST), ...ran(2405, 'lark-1')];
  const present = [...made(3000, 'lark-2'), ...fails(3005, 4000, 'lark-2', PRESENT)];

  it('that which goes on when the log ends comes first, also if the other took longer', async () => {
    const { verdict, findings } = await explainText([...past, ...present].join('\n'));
    assert.match(verdict, /lark-2/);
    assert.deepEqual(
      findings.slice(0, 2).map(({ severity }) => severity),
      ['error', 'error'],
    );
    assert.match(findings[1]?.sentence ?? '', /lark-1/);
  });

  it('the longer one comes first where both are over, or both go on', async () => {
    const both = await explainText([...past, ...present, ...ran(4005, 'lark-2')].join('\n'));
    assert.match(both.verdict, /lark-1/);
    const neither = await explainText([...past.slice(0, -3), ...present].join('\n'));
    assert.match(neither.verdict, /lark-1/);
  });
});
