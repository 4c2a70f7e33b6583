import assert from 'node:assert/strict';
import { ratioOf, type Ratio } from '../../../src/analysis/ratio.ts';
import { Random } from '../../../src/base/random.ts';

describe('the factor between two samples', () => {
  it('is the middle one of all factors, and its band is that of the rank test', () => {
    const { factor, low, high, p } = ratioOf([100, 101, 102, 103, 104], [50, 51, 52, 53, 54]) as Ratio;
    assert.ok(Math.abs(factor - 0.51) < 0.01, `${factor}`);
    assert.ok(low < factor && factor < high && high < 1, `${low} to ${high}`);
    assert.ok(p < 0.01, 'the samples lie apart');
  });

  it('is none where a value is 0, negative, infinite or missing', () => {
    for (const values of [[0, 1], [-1, 2], [Infinity, 1], []]) {
      assert.equal(ratioOf([1, 2], values), undefined);
      assert.equal(ratioOf(values, [1, 2]), undefined);
    }
  });

  for (const [n, m, shape] of [
    [10, 10, 'normal'],
    [10, 10, 'skewed'],
    [8, 12, 'skewed'],
    [30, 30, 'normal'],
  ] as const) {
    it(`has a band that holds the true factor 95 ± 2 times of 100 (${n} and ${m} ${shape} values)`, () => {
      const random = new Random(5, `${n} ${m} ${shape}`);
      const value = (): number => {
        const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
        return shape === 'normal' ? 1000 + 40 * normal : 1000 * Math.exp(0.5 * normal);
      };
      const sample = (count: number, factor: number): number[] => Array.from({ length: count }, () => factor * value());
      const trials = 2000;
      let held = 0;
      for (let trial = 0; trial < trials; trial++) {
        const { low, high } = ratioOf(sample(n, 1), sample(m, 0.8)) as Ratio;
        if (low <= 0.8 && 0.8 <= high) held++;
      }
      assert.ok(Math.abs(held / trials - 0.95) <= 0.02, `${((100 * held) / trials).toFixed(1)} of 100`);
    });
  }
});
