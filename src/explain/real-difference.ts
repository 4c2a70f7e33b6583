/** Times whose difference is a smaller part of them than this are the same for practical purposes. */
const REAL_DIFFERENCE = 0.05;

/**
 * Whether two times differ enough to call one of them sooner: one rule for sentences, tables and sweeps. An infinite one is
 * later than any other.
 */
export function isRealDifference(oneUs: number, otherUs: number): boolean {
  if (oneUs === Infinity || otherUs === Infinity) return oneUs !== otherUs;
  return Math.abs(oneUs - otherUs) > REAL_DIFFERENCE * Math.max(oneUs, otherUs);
}
