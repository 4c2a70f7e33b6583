/** Times whose difference is a smaller part of them than this are the same for practical purposes. */
const REAL_DIFFERENCE = 0.05;

/** Whether two times differ enough to call one of them sooner: one rule for sentences, tables and sweeps. */
export function isRealDifference(oneUs: number, otherUs: number): boolean {
  return Math.abs(oneUs - otherUs) > REAL_DIFFERENCE * Math.max(oneUs, otherUs);
}
