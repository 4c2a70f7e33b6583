import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../../src/debug/history.ts';

interface Change {
  readonly key: string;
  readonly moment: number;
  readonly value: number | undefined;
}

/** What every key held, looked up change by change. */
function heldAt(changes: readonly Change[], moment: number): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const { key, moment: at, value } of changes) {
    if (at > moment) continue;
    if (value === undefined) held.delete(key);
    else held.set(key, value);
  }
  return held;
}

const sorted = (held: ReadonlyMap<string, number>): unknown => [...held].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a history', () => {
  it('says of any moment what every key held, also beyond its checkpoints', () => {
    const change = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      step: fc.nat(2),
      value: fc.option(fc.nat(9), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 40 }),
        fc.nat(100),
        fc.integer({ min: 1, max: 80 }),
        (some, at, times) => {
          const history = new History<number>();
          const changes: Change[] = [];
          let moment = 0;
          // As often as it takes to go past several checkpoints.
          for (let round = 0; round < times; round++) {
            for (const { key, step, value } of some) {
              moment += step;
              changes.push({ key: `${key}${round % 7}`, moment, value });
            }
          }
          for (const { key, moment: when, value } of changes) history.change(key, when, value);
          const asked = Math.floor((at / 100) * (moment + 1));
          const expected = heldAt(changes, asked);
          assert.deepEqual(sorted(history.entriesAt(asked)), sorted(expected));
          for (const [key, value] of expected) assert.equal(history.at(key, asked), value);
        },
      ),
      { numRuns: 150 },
    );
  });
});
