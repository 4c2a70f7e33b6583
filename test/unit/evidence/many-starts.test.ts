import assert from 'node:assert/strict';
import { explain } from '../../../src/evidence/explain.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { at, runnerLine, workersLine } from '../../builders/evidence.ts';

/** A controller that starts again and again, and each time makes one more runner. */
function* restarts(times: number): Generator<Uint8Array> {
  for (let start = 0; start < times; start++) {
    const name = `r${start}`;
    const lines = [
      workersLine(at(100 * start), 1),
      runnerLine(at(100 * start), name, 'Creating ephemeral runner JIT config'),
      runnerLine(at(100 * start + 1), name, 'Created ephemeral runner JIT config'),
    ];
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

/** Of the processor, to read it and to say what is wrong. */
async function secondsToExplain(times: number): Promise<number> {
  const before = process.cpuUsage();
  const evidence = await readEvidence([{ name: 'controller.log', bytes: pieces(times) }]);
  const { reading } = explain(evidence);
  const { user, system } = process.cpuUsage(before);
  assert.equal(reading.runners.size, times);
  assert.equal(reading.processes.length, times);
  return (user + system) / 1e6;
}

async function* pieces(times: number): AsyncGenerator<Uint8Array> {
  for (const piece of restarts(times)) yield await Promise.resolve(piece);
}

describe('a log of many starts of a controller', () => {
  it('takes time in proportion to its length', async () => {
    await secondsToExplain(2_000);
    const [few, many] = [await secondsToExplain(2_500), await secondsToExplain(20_000)];
    assert.ok(many < 20 * few, `${few} s for 2,500 starts, ${many} s for 20,000`);
  });

  it('ends what goes on with each of them', async () => {
    const { reading } = await readEvidence([{ name: 'controller.log', bytes: pieces(3) }]);
    assert.deepEqual(
      Array.from(reading.runners.values(), ({ doing }) => doing),
      [undefined, undefined, 'runners'],
    );
  });
});
