/**
 * Bars in the order in which they were made, in six to eight bytes each: this is how they are written, how they travel to
 * the page, and what the page's store reads. On a remote window's connection bytes are what the time goes into. By bar:
 *
 * | bytes | hold |
 * |---|---|
 * | one | the kind; bit 6 set when the pass is another than that of the bar before, bit 7 when the lane is the same |
 * | a number | the lane, as the signed distance from that of the bar before; left out when it is the same |
 * | a number | the pass, as the signed distance from that of the bar before; left out when it is the same |
 * | a number | the detail, which depends on the kind: the worker of a pass; the word of a request's resource, of a phase's
 *              name, of what queued a wait, of why a runner or pod is what it is (ImagePullBackOff, Evicted, exit 1) or of
 *              what a failure was; word 0 is empty |
 * | a number | the start in microseconds, as the signed distance from that of the bar before |
 * | a number | 0 while the bar has no end, else one more than its duration in microseconds |
 *
 * Numbers are written seven bits a byte, the lowest first, with the eighth bit set on all bytes but the last; signed ones
 * are 2n, or -2n - 1 below 0. Before the first bar lane, pass and start are 0. The lane is the number of the runner in its
 * session. The pass is the one that the bar belongs to, of a wait the one that it came before; NO_PASS where there is none.
 *
 * Bars are sent once. One without an end lasts until another bar of its lane and track takes its place.
 */
export interface PackedBars {
  readonly count: number;
  /** Exactly as long as what it holds, so that it can be transferred. */
  readonly bytes: ArrayBuffer;
}

/** Bits of the first byte, above the kind's. */
export const OTHER_PASS = 1 << 6;
export const SAME_LANE = 1 << 7;
