import type { Clock } from '../base/clock.ts';
import { UnlockEffect, type HttpEffect, type LockEffect, type SharedEffect } from '../base/effect.ts';
import { HttpTransportError, refusalOf, type HttpResponse, type HttpTransport } from '../base/http.ts';
import { messageOf } from '../base/message.ts';
import { SharedState } from '../base/shared-state.ts';
import type { Caches } from './caches.ts';
import type { Client } from './client.ts';
import type { ReconcileEffect } from './effects.ts';
import type { Hearing } from './hearing.ts';
import type { PassObservers } from './observer.ts';
import type { Driver, PassInProgress, Reply } from './pass.ts';
import { RequestInProgress } from './pass-record.ts';

interface ClusterDriverOptions {
  readonly clock: Clock;
  readonly caches: Caches;
  readonly client: Client;
  /** To the Actions service. */
  readonly http: HttpTransport;
  readonly observers: PassObservers;
  /** Wall-clock time at clock 0, in milliseconds since 1970. */
  readonly epochMs: number;
}

/**
 * Interprets passes against a cluster and the Actions service. Whether that is real or virtual time, a remote or the
 * embedded cluster, is decided by the clock and the ports it is given.
 */
export class ClusterDriver implements Driver {
  readonly #options: ClusterDriverOptions;
  readonly #shared = new SharedState();
  /** How long passes have waited for locks since their last request: it is part of the next one. */
  readonly #lockedUs = new Map<PassInProgress, number>();

  constructor(options: ClusterDriverOptions) {
    this.#options = options;
  }

  get hearing(): Hearing {
    return this.#options.observers.hearing;
  }

  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void {
    const { clock, caches, client, observers, epochMs } = this.#options;
    switch (effect.kind) {
      case 'cached-get':
        reply.resume(caches.of(effect.resource).get(effect.key));
        return;
      case 'cached-list':
        reply.resume(caches.of(effect.resource).inGroup(effect.grouping, effect.group, effect.namespace));
        return;
      case 'kubernetes':
        client.send(effect, pass, reply);
        return;
      case 'http':
        this.#exchange(effect, pass, reply);
        return;
      case 'phase':
        observers.phaseStarted.tell(pass, effect.phase, clock.nowUs());
        reply.resume(undefined);
        return;
      case 'log':
        observers.logged.tell(pass, effect, clock.nowUs());
        reply.resume(undefined);
        return;
      case 'sleep':
        clock.schedule(effect.delayUs, (sleeping) => sleeping.resume(undefined), reply);
        return;
      case 'lock':
        this.#lock(effect, pass, reply);
        return;
      case 'unlock':
      case 'keep':
      case 'recall':
        this.#share(effect, reply);
        return;
      case 'wall-time':
        reply.resume(epochMs + clock.nowUs() / 1000);
        return;
    }
  }

  /** Apart from the others, which are many: a function that makes a closure pays for it whenever it is called. */
  #share(effect: Exclude<SharedEffect, LockEffect>, reply: Reply): void {
    this.#shared.perform(effect, (answer) => reply.resume(answer));
  }

  #lock(effect: LockEffect, pass: PassInProgress, reply: Reply): void {
    const { clock } = this.#options;
    const askedUs = clock.nowUs();
    this.#shared.perform(effect, () => {
      // Nobody would give it back for a pass that was aborted while it waited.
      if (pass.over) {
        this.#lockedUs.delete(pass);
        this.#shared.perform(new UnlockEffect(effect.name), () => undefined);
        return;
      }
      const waitedUs = clock.nowUs() - askedUs;
      if (waitedUs > 0) this.#lockedUs.set(pass, (this.#lockedUs.get(pass) ?? 0) + waitedUs);
      reply.resume(undefined);
    });
  }

  #exchange(effect: HttpEffect, pass: PassInProgress, reply: Reply): void {
    const { clock, http, observers } = this.#options;
    const { operation, subject, request } = effect;
    const verb = request.method.toLowerCase();
    const lockedUs = this.#lockedUs.get(pass) ?? 0;
    if (lockedUs > 0) this.#lockedUs.delete(pass);
    const startedUs = clock.nowUs() - lockedUs;
    const record = new RequestInProgress('actions', verb, operation, '', subject, startedUs, 0, lockedUs);
    observers.requestStarted.tell(pass, record);
    const answered = (answer: HttpResponse | HttpTransportError): void => {
      const isLost = answer instanceof HttpTransportError;
      record.endedUs = clock.nowUs();
      record.status = isLost ? 0 : answer.status;
      record.isBrokenOff = isLost && answer.isBrokenOff;
      record.message = isLost ? answer.message : answer.status < 400 ? '' : refusalOf(answer).message;
      observers.requestEnded.tell(pass, record);
      if (isLost) reply.fail(answer);
      else reply.resume(answer);
    };
    try {
      http.send(request, answered);
    } catch (error) {
      answered(new HttpTransportError(messageOf(error), false));
    }
  }
}
