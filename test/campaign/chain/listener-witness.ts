import type { HttpResponse } from '../../../src/base/http.ts';
import { ListenerWatch, type RunnerLimits } from '../../../src/invariants/listener-watch.ts';
import type { Switches } from '../../../src/reconciler/releases/switches.ts';
import type { Driver } from '../../../src/runtime/pass.ts';
import type { PassRecord } from '../../../src/runtime/pass-record.ts';

/** Looks on at listeners, and notes what must never be. */
export class ListenerWitness {
  readonly violations: string[] = [];
  /** Jobs whose message was deleted before they were acquired. */
  readonly lost = new Set<number>();
  /** When a listener last asked for a message; microseconds. */
  polledUs = -Infinity;
  readonly #switches: Switches;
  readonly #limits: readonly RunnerLimits[];
  readonly #nowUs: () => number;
  readonly #watches = new WeakMap<PassRecord, ListenerWatch>();

  /** @param limits those that the scale set has had so far */
  constructor(switches: Switches, limits: readonly RunnerLimits[], nowUs: () => number) {
    this.#switches = switches;
    this.#limits = limits;
    this.#nowUs = nowUs;
  }

  wrap(driver: Driver): Driver {
    return {
      perform: (effect, pass, reply) => {
        let watch = this.#watches.get(pass);
        if (watch === undefined) {
          watch = new ListenerWatch({ switches: this.#switches }, () => this.#limits);
          this.#watches.set(pass, watch);
        }
        const known = watch;
        if (effect.kind === 'http' && effect.operation === 'get-message') this.polledUs = this.#nowUs();
        this.violations.push(...known.asks(effect));
        driver.perform(effect, pass, {
          resume: (answer) => {
            if (effect.kind === 'http') this.#counts(known.offered, effect.operation, answer as HttpResponse);
            known.answered(effect, answer);
            reply.resume(answer);
          },
          fail: (error) => reply.fail(error),
        });
      },
    };
  }

  /** Jobs that are lost, and those that are not after all. */
  #counts(offered: ReadonlySet<number>, operation: string, { status }: HttpResponse): void {
    if (status === 204 && operation === 'delete-message') for (const id of offered) this.lost.add(id);
    if (status === 200 && operation === 'acquire-jobs') for (const id of offered) this.lost.delete(id);
  }
}
