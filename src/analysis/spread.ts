/** What seeds make of one setting. */
export interface Spread {
  readonly median: number;
  /** Between these a run with another seed lies, 19 times of 20; as wide as the values where there are only two. */
  readonly low: number;
  readonly high: number;
}

/** Student's t at 0.975, by degrees of freedom from 1 on: for fewer values than ORDERED. */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042, 2.04, 2.037, 2.035, 2.032,
  2.03, 2.028, 2.026,
];

/** From this many values on, what lies between two of them holds 95 of 100 however values are spread. */
const ORDERED = 39;
/**
 * Times of bursts are a fixed part and one that varies, or the latest of several: even their logarithms have a longer side
 * above. A few values do not show it, so that their band reaches further up and less far down, by these in parts of their
 * number.
 */
const [FURTHER_UP, LESS_DOWN] = [1.2, 0.4];

/**
 * The median of some values and the band in which one more of them lies, 19 times of 20. Of many values it is between two of
 * them by their ranks, and supposes nothing. Of few it is the prediction interval of values whose logarithms are spread nearly
 * normally, as times and counts mostly are; where one is not above 0, of the values themselves.
 * A value may be infinite: the median is still what it is, and the band has no upper end.
 * @throws RangeError without values
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError('there is no spread without values');
  const median = atRank(sorted, (sorted.length + 1) / 2);
  if (sorted.length < 3 || most === Infinity) return { median, low: least, high: most };
  if (sorted.length >= ORDERED) {
    const [low, high] = [0.025, 0.975].map((part) => atRank(sorted, part * (sorted.length + 1))) as [number, number];
    return { median, low, high };
  }
  if (least === most) return { median, low: median, high: median };
  const isPositive = least > 0;
  const scaled = isPositive ? sorted.map(Math.log) : sorted;
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (scaled.length - 1);
  const reach = (T_975[scaled.length - 2] ?? NaN) * Math.sqrt(variance * (1 + 1 / scaled.length));
  const low = mean - reach * (1 - LESS_DOWN / scaled.length);
  const high = mean + reach * (1 + FURTHER_UP / scaled.length);
  return isPositive ? { median, low: Math.exp(low), high: Math.exp(high) } : { median, low: Math.max(0, low), high };
}

/** @param rank from 1 on; between two of them it goes in a straight line */
function atRank(sorted: readonly number[], rank: number): number {
  const place = Math.max(1, Math.min(sorted.length, rank)) - 1;
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  // Between equal ones there may be no distance: both are infinite.
  return below === above ? below : below + (place - Math.floor(place)) * (above - below);
}
