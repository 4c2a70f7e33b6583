import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import { PackedNumbers } from '../../../src/evidence/packed-numbers.ts';

const DAY_US = 86_400e6;
const START_US = Date.parse('2026-03-02T10:00:00Z') * 1000;

describe('numbers in a column of narrow chunks', () => {
  it('come back as they were, whatever was written to their row and beside it', () => {
    const random = new Random(7, 'packed numbers');
    const steps = [1, 100, 40_000, 5e6, DAY_US];
    const [numbers, expected] = [new PackedNumbers(), [] as number[]];
    const next = (): number => {
      const reach = steps[Math.floor(random.next() * steps.length)] as number;
      return (random.next() < 0.5 ? START_US : 0) + Math.round((random.next() - 0.5) * reach);
    };
    for (let index = 0; index < 20_000; index++) {
      const value = next();
      numbers.push(value);
      expected.push(value);
      if (random.next() > 0.3) continue;
      const place = Math.floor(random.next() * expected.length);
      expected[place] = next();
      numbers.set(place, expected[place]);
    }
    assert.equal(numbers.length, expected.length);
    for (const [index, value] of expected.entries()) assert.equal(numbers.get(index), value, `row ${index}`);
  });

  it('keep numbers at the limits of each width', () => {
    for (const limit of [7, 15, 31].map((bits) => 2 ** bits)) {
      for (const value of [-limit - 1, -limit, limit - 1, limit, 0]) {
        const numbers = new PackedNumbers();
        for (const each of [0, value, 3]) numbers.push(each);
        assert.deepEqual([numbers.get(0), numbers.get(1), numbers.get(2)], [0, value, 3]);
      }
    }
  });
});
