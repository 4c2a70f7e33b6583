import { errorsAt, type Point } from './least-squares.ts';
import { byParameter, type Parameter } from './search.ts';

/** A setting with the interval in which it lies, nineteen times of twenty. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  /** Null where the log would look the same with any higher value. */
  readonly high: number | null;
  /** Whether the log tells it; else `value` is what it was before the search, which the log allows. */
  readonly isTold: boolean;
}

/** Two standard errors. */
const SURE = 2;
/** A logarithm known no better than this is not known: a factor of two to either side. */
const UNKNOWN = 0.35;
/** Factors that are tried of a setting that is not known, and the difference that rules one out. */
const [DOWN, UP] = [
  [0.8, 0.6, 0.4, 0.2],
  [2, 8],
];
const RULED_OUT = SURE ** 2;

export async function intervalsOf<T>(
  best: Point<T>,
  evaluate: (at: readonly number[]) => Promise<Point<T>>,
): Promise<Record<Parameter, Interval>> {
  const errors = await errorsAt(best, evaluate);
  const firstRuledOut = async (index: number, factors: readonly number[]): Promise<number | undefined> => {
    for (const factor of factors) {
      const moved = best.at.map((at, other) => (other === index ? at + Math.log(factor) : at));
      if ((await evaluate(moved)).sum - best.sum >= RULED_OUT) return factor;
    }
    return undefined;
  };
  const intervals: Interval[] = [];
  for (const [index, logarithm] of best.at.entries()) {
    const error = errors[index] ?? Number.POSITIVE_INFINITY;
    const value = Math.exp(logarithm);
    if (error <= UNKNOWN) {
      const [low, high] = [logarithm - SURE * error, logarithm + SURE * error].map(Math.exp) as [number, number];
      intervals.push({ value, low, high, isTold: true });
      continue;
    }
    const [low = 0, high] = [await firstRuledOut(index, DOWN), await firstRuledOut(index, UP)];
    intervals.push({ value, low: low * value, high: high === undefined ? null : high * value, isTold: false });
  }
  return byParameter((index) => intervals[index] as Interval);
}
