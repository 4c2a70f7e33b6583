import assert from 'node:assert/strict';
import { spreadOf } from '../../../src/analysis/spread.ts';
import { rankTest } from '../../../src/analysis/rank-test.ts';
import { Random } from '../../../src/base/random.ts';

describe('the spread of what seeds make', () => {
  it('has the middle value, or the mean of the two in the middle', () => {
    assert.equal(spreadOf([9, 1, 5]).median, 5);
    assert.equal(spreadOf([9, 1, 5, 6]).median, 5.5);
  });

  for (const seeds of [3, 5, 10]) {
    it(`covers one more value 95 ± 2 times of 100 (${seeds} seeds)`, () => {
      const random = new Random(1, `spread of ${seeds}`);
      const draw = (): number => 1000 + 50 * normal(random);
      const trials = 4000;
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        const { low, high } = spreadOf(Array.from({ length: seeds }, draw));
        const next = draw();
        if (low <= next && next <= high) covered++;
      }
      assert.ok(Math.abs(covered / trials - 0.95) <= 0.02, `${((100 * covered) / trials).toFixed(1)} of 100`);
    });
  }

  const shapes: [name: string, draw: (random: Random) => number][] = [
    // A fixed part, and one with a long side.
    ['times with a fixed part', (random) => 200 + 100 * Math.exp(1.4 * normal(random))],
    [
      'the latest of some calls',
      (random) => Math.max(...Array.from({ length: 4 }, () => Math.exp(0.7 * normal(random)))),
    ],
    ['two kinds of runs', (random) => (random.next() < 0.15 ? 1.3 : 1) * (1 + 0.02 * normal(random))],
    ['times within limits', (random) => 300 + 900 * random.next()],
  ];
  for (const [name, draw] of shapes) {
    for (const seeds of [4, 5, 40, 60]) {
      // Four or five values cannot show that there are two kinds.
      if (name === 'two kinds of runs' && seeds < 40) continue;
      it(`covers one more value 95 ± 2 times of 100 whatever the shape (${name}, ${seeds} seeds)`, () => {
        const random = new Random(1, `${name} ${seeds}`);
        const trials = 6000;
        let covered = 0;
        for (let trial = 0; trial < trials; trial++) {
          const { low, high } = spreadOf(Array.from({ length: seeds }, () => draw(random)));
          const next = draw(random);
          if (low <= next && next <= high) covered++;
        }
        assert.ok(Math.abs(covered / trials - 0.95) <= 0.02, `${((100 * covered) / trials).toFixed(1)} of 100`);
      });
    }
  }

  it('has no upper end where a run never got there', () => {
    assert.deepEqual(spreadOf([3, Infinity, 2]), { median: 3, low: 2, high: Infinity });
    assert.equal(spreadOf([3, Infinity, Infinity]).median, Infinity);
  });
});

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Two samples of these sizes whose statistic is `u`, without equal values. */
function samples(n: number, m: number, u: number): [number[], number[]] {
  const other = Array.from({ length: m }, (_, index) => 2 * index);
  let left = u;
  const one = Array.from({ length: n }, (_, index) => {
    const above = Math.min(m, left);
    left -= above;
    return 2 * above - 1 + index / (10 * n);
  });
  return [one, other];
}

describe('the rank test', () => {
  // Critical values of the Mann-Whitney U test, two-sided, at 0.05, as textbooks print them.
  const critical = [
    [4, 4, 0],
    [5, 5, 2],
    [5, 8, 6],
    [6, 6, 5],
    [7, 7, 8],
    [7, 10, 14],
    [8, 8, 13],
    [9, 9, 17],
    [10, 10, 23],
    [12, 12, 37],
    [15, 15, 64],
    [20, 20, 127],
  ] as const;
  for (const [n, m, u] of critical) {
    it(`has the published critical value of ${n} and ${m}`, () => {
      const [at, above] = [u, u + 1].map((statistic) => rankTest(...samples(n, m, statistic))) as [number, number];
      assert.ok(at <= 0.05 && above > 0.05, `p of ${u}: ${at}, of ${u + 1}: ${above}`);
    });
  }

  it('has the exact probability of the smallest samples', () => {
    assert.equal(rankTest([1, 2, 3], [4, 5, 6]), 0.1);
    assert.ok(Math.abs(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) - 2 / 252) < 1e-12);
  });

  it('is the same whichever sample comes first', () => {
    const [one, other] = samples(5, 8, 11);
    assert.equal(rankTest(one, other), rankTest(other, one));
  });

  it('finds nothing where all values are equal or a sample is empty, and something where equal values are apart', () => {
    assert.equal(rankTest([1, 1, 1], [1, 1, 1]), 1);
    assert.equal(rankTest([], [1]), 1);
    assert.ok(rankTest([1, 1, 1, 1, 1], [2, 2, 2, 2, 2]) < 0.05);
  });

  it('finds samples of one distribution apart about as often as it says', () => {
    const random = new Random(7, 'rank test');
    let apart = 0;
    const sample = (): number[] => Array.from({ length: 8 }, () => random.next());
    for (let trial = 0; trial < 2000; trial++) if (rankTest(sample(), sample()) <= 0.05) apart++;
    assert.ok(apart / 2000 > 0.03 && apart / 2000 < 0.06, `${apart} of 2000`);
  });
});
