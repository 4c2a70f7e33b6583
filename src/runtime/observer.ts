import type { LogEffect } from './effects.ts';
import type { Outcome, PassInProgress } from './pass.ts';

export type RequestTarget = 'kubernetes' | 'actions';

/** Told of what passes do, as it happens; times are the clock's microseconds. */
export interface PassObserver {
  passStarted(pass: PassInProgress, atUs: number): void;
  phaseStarted(pass: PassInProgress, name: string, atUs: number): void;
  /**
   * A request begins; it is sent when the client-side limiter has let it wait for `throttledUs`.
   * @param resource as in requestEnded
   * @param name of the object, empty where there is none
   */
  requestStarted?(
    pass: PassInProgress,
    to: RequestTarget,
    verb: string,
    resource: string,
    throttledUs: number,
    atUs: number,
    name: string,
  ): void;
  /**
   * One request that has been answered.
   * @param resource plural name with `/status` for the subresource; for the Actions service the name of the operation
   * @param status HTTP status, 0 when no answer came
   * @param throttledUs time between `startedUs` and the sending that the client-side limiter took
   * @param message why it was refused or got no answer, in the server's words; empty where it was answered
   */
  requestEnded(
    pass: PassInProgress,
    to: RequestTarget,
    verb: string,
    resource: string,
    name: string,
    status: number,
    throttledUs: number,
    startedUs: number,
    endedUs: number,
    message: string,
  ): void;
  logged(pass: PassInProgress, effect: LogEffect, atUs: number): void;
  passEnded(pass: PassInProgress, outcome: Outcome, atUs: number): void;
}
