import assert from 'node:assert/strict';
import { at, createdLine, explainInputs, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
const start = (seconds: number): string => `${at(seconds)}\tINFO\tstarting manager\t{"version": "0.12.1"}`;
const begin = (seconds: number, name: string): string =>
  runnerLine(at(seconds), name, 'Creating ephemeral runner JIT config');
const registered = (seconds: number, name: string): string[] => [
  runnerLine(at(seconds), name, 'Created ephemeral runner JIT config', { runnerId: 1 }),
  runnerLine(at(seconds), name, 'Created ephemeral runner pod', { podName: name }),
];
const pod = (seconds: number, name: string): string[] => [begin(seconds, name), ...registered(seconds, name)];

const before = [
  workersLine(at(0), 2),
  ...range(10).map((index) => createdLine(at(1), `r${index}`)),
  ...range(4).flatMap((index) => pod(2 + index, `r${index}`)),
  begin(6, 'r4'),
];
const after = [start(40), workersLine(at(42), 2), ...range(6).flatMap((index) => pod(43 + index, `r${index + 4}`))];

describe('a controller that is away while runners wait', () => {
  it('is the cause, and no call of it took that long, in one file or in two', async () => {
    const one = await explainText([...before, ...after].join('\n'));
    const two = await explainInputs({ 'previous.log': before, 'current.log': after });
    for (const { verdict, findings } of [one, two]) {
      assert.equal(
        verdict,
        'The controller did not run from 12:00:06 to 12:00:40, for 34 s, while 6 runners waited for their pods.',
      );
      assert.doesNotMatch(JSON.stringify(findings), /JIT call/);
      assert.match(findings[0]?.details.join(' ') ?? '', /it was killed/);
    }
  });

  it('is said to have been asked to end where it says so', async () => {
    const stopping = `${at(7)}\tINFO\tStopping and waiting for non leader election runnables\t{}`;
    const { findings } = await explainText([...before, stopping, ...after].join('\n'));
    assert.match(findings[0]?.details.join(' ') ?? '', /asked to end/);
  });

  it('is worth a warning where runners may have waited, and nothing where none did', async () => {
    const idle = [workersLine(at(0), 2), ...pod(1, 'r0')];
    const backlog = await explainText([...idle, start(40), workersLine(at(42), 2), ...pod(43, 'r1')].join('\n'));
    assert.equal(backlog.verdict, 'The controller did not run from 12:00:01 to 12:00:40, for 39 s.');
    assert.equal(backlog.findings[0]?.severity, 'warning');
    const later = [start(40), workersLine(at(42), 2), createdLine(at(90), 'r1'), ...pod(90, 'r1')];
    assert.deepEqual((await explainText([...idle, ...later].join('\n'))).findings, []);
  });
});
