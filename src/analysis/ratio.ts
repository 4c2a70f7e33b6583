import { outsideOfBand, rankTest } from './rank-test.ts';

/** By how much one sample is larger than another, as a factor. */
export interface Ratio {
  /** The middle one of the factors between every two values: Hodges and Lehmann's estimate, for logarithms. */
  readonly factor: number;
  /** Between these the true factor lies, 19 times of 20; they belong to the rank test as its p does. */
  readonly low: number;
  readonly high: number;
  /** How likely seeds alone make such a difference. */
  readonly p: number;
}

/**
 * From the one sample to the other. Nothing is supposed of how values are spread.
 * @returns undefined where a value is not above 0 or not finite: then there is no factor
 */
export function ratioOf(one: readonly number[], other: readonly number[]): Ratio | undefined {
  const isAll = [...one, ...other].every((value) => value > 0 && Number.isFinite(value));
  if (!isAll || one.length === 0 || other.length === 0) return undefined;
  const factors = one.flatMap((from) => other.map((to) => to / from)).sort((a, b) => a - b);
  const at = (index: number): number => factors[Math.max(0, Math.min(factors.length - 1, index))] as number;
  const middle = factors.length >> 1;
  const factor = factors.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  const out = outsideOfBand(one.length, other.length);
  return { factor, low: at(out), high: at(factors.length - 1 - out), p: rankTest(one, other) };
}
