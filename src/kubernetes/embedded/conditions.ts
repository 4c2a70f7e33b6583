import { Random } from '../../base/random.ts';

/** A refusal that is handed out instead of an answer. */
export interface Fault {
  /** `*` for any: get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  /** Plural name, or `*`. */
  readonly resource: string;
  /** HTTP status; 0 cuts the connection. */
  readonly status: number;
  /** How often; the fault is gone after that. */
  readonly times: number;
}

export interface ConditionsState {
  /** Mean time that a request takes, in microseconds. */
  readonly latencyUs: number;
  readonly faults: readonly Fault[];
}

/** Fraction by which latencies vary. */
const JITTER = 0.25;

/** How the embedded API server feels today: slow, or failing in chosen ways. May change while it runs. */
export class Conditions {
  #latencyUs: number;
  #faults: Fault[] = [];
  readonly #random: Random;

  constructor(seed: number, latencyUs = 0) {
    this.#random = new Random(seed, 'conditions');
    this.#latencyUs = latencyUs;
  }

  get state(): ConditionsState {
    return { latencyUs: this.#latencyUs, faults: this.#faults };
  }

  change({ latencyUs, faults }: Partial<ConditionsState>): void {
    if (latencyUs !== undefined) this.#latencyUs = latencyUs;
    if (faults !== undefined) this.#faults = [...faults];
  }

  delayUs(): number {
    return this.#latencyUs === 0 ? 0 : this.#random.jitter(this.#latencyUs, JITTER);
  }

  /** The status to refuse the request with; undefined when it may pass. Uses up one of the fault's times. */
  refusal(verb: string, resource: string): number | undefined {
    if (this.#faults.length === 0) return undefined;
    const index = this.#faults.findIndex(
      (fault) => [verb, '*'].includes(fault.verb) && [resource, '*'].includes(fault.resource),
    );
    const fault = this.#faults[index];
    if (fault === undefined) return undefined;
    if (fault.times > 1) this.#faults[index] = { ...fault, times: fault.times - 1 };
    else this.#faults.splice(index, 1);
    return fault.status;
  }
}
