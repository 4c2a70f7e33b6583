import type { LogEffect } from '../runtime/effects.ts';
import type { PassObserver, RequestTarget } from '../runtime/observer.ts';
import type { Outcome, PassInProgress } from '../runtime/pass.ts';

/** Tells several observers of the same passes. */
export class ObserverList implements PassObserver {
  readonly #observers: readonly PassObserver[];

  constructor(observers: readonly PassObserver[]) {
    this.#observers = observers;
  }

  passStarted(pass: PassInProgress, atUs: number): void {
    for (const observer of this.#observers) observer.passStarted(pass, atUs);
  }

  phaseStarted(pass: PassInProgress, name: string, atUs: number): void {
    for (const observer of this.#observers) observer.phaseStarted(pass, name, atUs);
  }

  requestStarted(
    pass: PassInProgress,
    to: RequestTarget,
    verb: string,
    resource: string,
    throttledUs: number,
    atUs: number,
    name: string,
  ): void {
    for (const observer of this.#observers) {
      observer.requestStarted?.(pass, to, verb, resource, throttledUs, atUs, name);
    }
  }

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
  ): void {
    for (const observer of this.#observers) {
      observer.requestEnded(pass, to, verb, resource, name, status, throttledUs, startedUs, endedUs, message);
    }
  }

  logged(pass: PassInProgress, effect: LogEffect, atUs: number): void {
    for (const observer of this.#observers) observer.logged(pass, effect, atUs);
  }

  passEnded(pass: PassInProgress, outcome: Outcome, atUs: number): void {
    for (const observer of this.#observers) observer.passEnded(pass, outcome, atUs);
  }
}
