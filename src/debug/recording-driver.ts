import type { Clock } from '../base/clock.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Driver, PassInProgress, Reply } from '../runtime/pass.ts';
import type { CallSites } from './call-sites.ts';
import type { Moment, Moments, SeenPass } from './moments.ts';

interface RecordingDriverOptions {
  readonly inner: Driver;
  readonly moments: Moments;
  readonly sites: CallSites;
  readonly clock: () => Clock;
  /** What a pass is kept as, where its number is not its own. */
  readonly keptAs?: (pass: PassInProgress) => SeenPass;
  /**
   * Called before an effect is performed.
   * @returns a value with which it is to be answered in place of its own
   */
  readonly onEffect: (moment: Moment, effect: ReconcileEffect) => { readonly value: unknown } | undefined;
  /** An effect is answered. */
  readonly onAnswer: (moment: Moment, effect: ReconcileEffect, value: unknown) => void;
  /** Its answer is known, of whatever kind; the pass hears it next. */
  readonly onAnswered?: (moment: Moment) => void;
}

/** Notes every effect of every pass with its answer. */
export class RecordingDriver implements Driver {
  readonly #options: RecordingDriverOptions;

  constructor(options: RecordingDriverOptions) {
    this.#options = options;
  }

  begin(pass: PassInProgress): void {
    this.#options.sites.enter(0);
    this.#options.inner.begin?.(pass);
  }

  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void {
    const { inner, moments, sites, clock, onEffect, onAnswer, onAnswered, keptAs } = this.#options;
    const site = sites.take(effect);
    const moment = moments.addEffect(keptAs?.(pass) ?? pass, effect, site, clock().nowUs());
    sites.leave();
    const replaced = onEffect(moment, effect);
    const resume = (answer: unknown): void => {
      const value = replaced === undefined ? answer : replaced.value;
      moments.answer(moment, { kind: 'value', value, atUs: clock().nowUs() });
      onAnswer(moment, effect, value);
      onAnswered?.(moment);
      sites.enter(site);
      reply.resume(value);
    };
    const fail = (error: unknown): void => {
      if (replaced !== undefined) {
        resume(undefined);
        return;
      }
      moments.answer(moment, { kind: 'error', error, atUs: clock().nowUs() });
      onAnswered?.(moment);
      sites.enter(site);
      reply.fail(error);
    };
    inner.perform(effect, pass, { resume, fail });
  }
}
