import { naturalCompare } from '../base/natural-order.ts';

/** The end of a name that the API server drew for a runner of a set. It says nothing of an order. */
const DRAWN = /(?<=-runner-)(?=\d*[a-z])[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/**
 * Numbers of the lanes in the order of their names, as people count; those of one name stay as they are, and so do runners of
 * one set, whose lanes are in the order in which they were created.
 */
export function naturalOrder(names: readonly string[]): Uint32Array {
  const lanes = Uint32Array.from(names, (_, lane) => lane);
  const sorted = names.map((name) => name.replace(DRAWN, ''));
  // Most runs make their runners in this order, and to look is much faster than to sort.
  if (sorted.every((name, lane) => lane === 0 || naturalCompare(sorted[lane - 1] as string, name) <= 0)) return lanes;
  return lanes.sort((a, b) => naturalCompare(sorted[a] as string, sorted[b] as string) || a - b);
}
