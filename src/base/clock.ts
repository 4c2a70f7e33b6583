import type { Disposable } from './disposable.ts';

/**
 * Time as the runtime sees it: integer microseconds since the clock was made, never going back.
 * Everything that waits takes a Clock, so that the same state machines run in real and in virtual time.
 */
export interface Clock {
  nowUs(): number;
  /**
   * Calls `callback(argument)` once, `delayUs` from now (at once in the next turn for 0 or less).
   * Callbacks that are due at the same microsecond run in the order in which they were scheduled.
   */
  schedule<T>(delayUs: number, callback: (argument: T) => void, argument: T): void;

  /**
   * Runs a callback for which time stands still, as it does for scheduled ones. What comes from a socket enters so: else
   * a callback that was due before, and comes late, would see an earlier time than it.
   */
  enter<T>(callback: () => T): T;

  /**
   * Calls back every `periodUs` until disposed. Housekeeping only: a clock with nothing else left to do counts as idle.
   */
  every(periodUs: number, callback: () => void): Disposable;
}
