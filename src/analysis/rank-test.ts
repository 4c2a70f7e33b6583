/** Up to this many values in all the distribution is counted; beyond, or where values are equal, it is nearly normal. */
const COUNTED = 40;

/**
 * The Mann-Whitney rank test, two-sided: how likely it is that two samples of the same distribution lie apart at least as far
 * as these do. It supposes nothing of how the values are spread.
 * @returns 1 where a sample is empty
 */
export function rankTest(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length];
  if (n === 0 || m === 0) return 1;
  let u = 0;
  for (const a of one) for (const b of other) u += a > b ? 1 : a === b ? 0.5 : 0;
  const least = Math.min(u, n * m - u);
  const hasTies = new Set([...one, ...other]).size < n + m;
  return Math.min(1, n + m <= COUNTED && !hasTies ? 2 * countedTail(n, m, least) : normalTail(one, other, least));
}

/** z at 0.975 */
const Z_975 = 1.959964;

/**
 * How many of the differences between every two values lie below the band in which the true one lies 19 times of 20, and as
 * many above it. Where samples are too small for such a band, none do, and even their whole range is less sure.
 */
export function outsideOfBand(n: number, m: number): number {
  if (n + m > COUNTED) {
    return Math.max(0, Math.floor((n * m) / 2 - Z_975 * Math.sqrt((n * m * (n + m + 1)) / 12)));
  }
  const orders = ordersOf(n, m);
  const all = sumOf(orders);
  let [least, below] = [0, orders[0] as number];
  while (below / all <= 0.025) below += orders[++least] as number;
  return Math.max(0, least - 1);
}

/** The part of all orders of n and m values whose statistic is at most `u`. */
function countedTail(n: number, m: number, u: number): number {
  const orders = ordersOf(n, m);
  return sumOf(orders.slice(0, Math.floor(u) + 1)) / sumOf(orders);
}

/** By the numbers of values in both samples: benchmarks compare many measures of as many runs. */
const known = new Map<string, readonly number[]>();

/** How many orders of n and m values there are for each value of the statistic. */
function ordersOf(n: number, m: number): readonly number[] {
  const key = `${n} ${m}`;
  const found = known.get(key) ?? countOrders(n, m);
  known.set(key, found);
  return found;
}

function countOrders(n: number, m: number): readonly number[] {
  // By how many values of the other sample there are: the orders by their statistic, for each number of values of the one.
  let orders = Array.from({ length: n + 1 }, () => [1]);
  for (let others = 1; others <= m; others++) {
    const next: number[][] = [[1]];
    for (let ones = 1; ones <= n; ones++) {
      // The last value is of the one sample, above all of the other, or of the other.
      const [last, rest] = [next[ones - 1] as number[], orders[ones] as number[]];
      const counts = new Array<number>(ones * others + 1).fill(0);
      for (const [statistic, count] of last.entries()) counts[statistic + others] = count;
      for (const [statistic, count] of rest.entries()) counts[statistic] = (counts[statistic] ?? 0) + count;
      next.push(counts);
    }
    orders = next;
  }
  return orders[n] as number[];
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** With the correction for equal values, and half a step for what is counted in whole ones. */
function normalTail(one: readonly number[], other: readonly number[], u: number): number {
  const [n, m] = [one.length, other.length];
  const all = n + m;
  const times = new Map<number, number>();
  for (const value of [...one, ...other]) times.set(value, (times.get(value) ?? 0) + 1);
  const ties = [...times.values()].reduce((sum, count) => sum + count ** 3 - count, 0);
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, (n * m) / 2 - u - 0.5) / Math.sqrt(variance);
  return erfc(z / Math.SQRT2);
}

/** The complementary error function, to 1.2e-7: Numerical Recipes' Chebyshev fit. */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  return t * Math.exp(-x * x + terms.reduceRight((sum, term) => sum * t + term, 0));
}
