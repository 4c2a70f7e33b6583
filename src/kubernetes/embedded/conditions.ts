import { FAULT_MESSAGE } from '../../base/fault-message.ts';
import { ApiError, reasonFor } from '../api-error.ts';
import type { Resource } from '../resource.ts';

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

/** How an embedded API server feels today: slow, or failing in chosen ways. May change while it runs. */
export class Conditions {
  /** Mean time that a request takes, in microseconds. */
  latencyUs: number;
  #faults: readonly Fault[] = [];

  constructor(latencyUs: number) {
    this.latencyUs = latencyUs;
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  set faults(faults: readonly Fault[]) {
    this.#faults = [...faults];
  }

  /** What to refuse the request with; undefined when it may pass. Uses up one of the fault's times. */
  refusal(verb: string, resource: Resource): ApiError | undefined {
    if (this.#faults.length === 0) return undefined;
    const fault = this.#faults.find(
      (waiting) => [verb, '*'].includes(waiting.verb) && [resource.plural, '*'].includes(waiting.resource),
    );
    if (fault === undefined) return undefined;
    const left = { ...fault, times: fault.times - 1 };
    this.#faults = this.#faults.flatMap((waiting) => (waiting !== fault ? [waiting] : left.times > 0 ? [left] : []));
    const details = fault.status === 429 || fault.status === 503 ? { retryAfterSeconds: 1 } : {};
    return new ApiError(fault.status, reasonFor(fault.status), FAULT_MESSAGE, details);
  }
}
