import { HttpTransportError, type HttpResponse } from '../base/http.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Driver, PassInProgress, Reply } from '../runtime/pass.ts';

/** Where a pass would sleep and then try again, it fails at once with the last answer of the service. */
export class ImpatientDriver implements Driver {
  readonly #inner: Driver;
  #lastAnswer = 'no answer';

  constructor(inner: Driver) {
    this.#inner = inner;
  }

  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void {
    if (effect.kind === 'sleep') reply.fail(new Error(this.#lastAnswer));
    else if (effect.kind !== 'http') this.#inner.perform(effect, pass, reply);
    else {
      this.#inner.perform(effect, pass, {
        resume: (answer) => {
          this.#lastAnswer = `HTTP ${(answer as HttpResponse).status} for ${effect.operation}`;
          reply.resume(answer);
        },
        fail: (error) => {
          if (error instanceof HttpTransportError) this.#lastAnswer = error.message;
          reply.fail(error);
        },
      });
    }
  }
}
