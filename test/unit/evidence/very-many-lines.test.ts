import assert from 'node:assert/strict';
import { LineReader } from '../../../src/evidence/line-reader.ts';
import { explainText, at, runnerLine } from '../../builders/evidence.ts';

/** More than a call of a function may have arguments. */
const MANY = 150_000;

describe('very many lines', () => {
  it('may stand in one record of a store', () => {
    const reader = new LineReader();
    const line = runnerLine(at(1), 'lark-1', 'Adding finalizer');
    const record = { log: `${Array<string>(MANY).fill(line).join('\n')}\n`, stream: 'stderr', time: at(1) };
    let read = Number(reader.read(JSON.stringify(record)) !== undefined);
    while (reader.hasMore) read += Number(reader.readMore() !== undefined);
    assert.equal(read, MANY);
  });

  it('may be about runners that all end at once', async () => {
    const lines = Array.from({ length: MANY }, (_, index) => `lark-runner-${index}`).flatMap((name, index) => {
      const time = at(Math.floor(index / 100));
      return [
        runnerLine(time, name, 'Adding finalizer'),
        runnerLine(time, name, 'Created ephemeral runner pod'),
        runnerLine(time, name, 'Ephemeral runner has finished successfully, deleting ephemeral runner'),
      ];
    });
    const { findings } = await explainText(lines.join('\n'));
    assert.ok(findings.some(({ id, runners }) => id === 'ends-at-once' && runners.length > 125_000));
  });
});
