/** What seeds make of one setting. */
export interface Spread {
  readonly median: number;
  /** Between these a run with another seed lies, 19 times of 20; as wide as the values where there are only two. */
  readonly low: number;
  readonly high: number;
}

/** Student's t at 0.975, by degrees of freedom from 1 on; 1.96 at infinity. */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const T_INFINITY = 1.96;

/**
 * The median of some values and the band in which one more of them lies, 19 times of 20: the prediction interval of values
 * whose logarithms are spread normally, as times and counts mostly are; where one is not above 0, of the values themselves.
 * A value may be infinite: the median is still what it is, and the band has no upper end.
 * @throws RangeError without values
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError('there is no spread without values');
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
  if (sorted.length < 3 || most === Infinity) return { median, low: least, high: most };
  if (least === most) return { median, low: median, high: median };
  const isPositive = least > 0;
  const scaled = isPositive ? sorted.map(Math.log) : sorted;
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (scaled.length - 1);
  const reach = (T_975[scaled.length - 2] ?? T_INFINITY) * Math.sqrt(variance * (1 + 1 / scaled.length));
  const [low, high] = [mean - reach, mean + reach];
  return isPositive ? { median, low: Math.exp(low), high: Math.exp(high) } : { median, low: Math.max(0, low), high };
}
