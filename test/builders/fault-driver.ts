import { HttpTransportError } from '../../src/base/http.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ReconcileEffect } from '../../src/runtime/effects.ts';
import type { Driver, PassInProgress, Reply } from '../../src/runtime/pass.ts';

/** `refuse`: the request fails and nothing was done. `lose-answer`: it was done, but its answer never comes. */
export type Fault = 'refuse' | 'lose-answer';

/** Puts faults between passes and the driver that does their work. */
export class FaultDriver implements Driver {
  readonly #inner: Driver;
  readonly #plan: (effect: ReconcileEffect, pass: PassInProgress) => Fault | undefined;

  /** @param plan asked for every request, in order; says which are to fail */
  constructor(inner: Driver, plan: (effect: ReconcileEffect, pass: PassInProgress) => Fault | undefined) {
    this.#inner = inner;
    this.#plan = plan;
  }

  begin(pass: PassInProgress): void {
    this.#inner.begin?.(pass);
  }

  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void {
    const isRequest = effect.kind === 'kubernetes' || effect.kind === 'http';
    const fault = isRequest ? this.#plan(effect, pass) : undefined;
    if (fault === undefined) {
      this.#inner.perform(effect, pass, reply);
      return;
    }
    const error =
      effect.kind === 'http'
        ? new HttpTransportError('injected: no answer', false)
        : new ApiError(0, 'Unknown', 'injected: no answer');
    if (fault === 'refuse') reply.fail(error);
    else {
      const lost = (): void => reply.fail(error);
      this.#inner.perform(effect, pass, { resume: lost, fail: lost });
    }
  }
}
