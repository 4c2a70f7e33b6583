/** A pod that takes this long to run, and this many times what others of the log took, waits for something of its own. */
const LONG_US = 120e6;
const TIMES = 5;
/** Fewer others tell nothing. */
export const PEERS = 3;

/** The usual one of the times that others took, which come shortest first; undefined where there are none. */
export function usualOf<T>(sorted: readonly T[]): T | undefined {
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** Whether a pod that ran after this time is one of those that others are measured by. */
export function isSoon(us: number): boolean {
  return us < LONG_US;
}

/** From when on a pod is late where others usually take `usualUs`. */
export function lateFromUs(usualUs: number): number {
  return Math.max(LONG_US, TIMES * usualUs);
}
