import type { Switches } from '../reconciler/releases/switches.ts';

/** What one message, or a poll without one, says that matters for the number of runners. */
export interface Batch {
  /** Jobs assigned to the scale set and not yet completed, as the service counts them. */
  readonly assigned: number;
  /** Events of the message. */
  readonly started: number;
  readonly completed: number;
}

export interface Decision {
  readonly replicas: number;
  /** Tells the set's controller whether anything has happened: with 0 it makes what it has equal to what is asked for. */
  readonly patchId: number;
}

interface RunnerLimits {
  readonly minRunners: number;
  readonly maxRunners: number;
}

/** The last number of the sequence, an int32 in Go. */
const LAST = 2 ** 31 - 1;

/** Decides how many runners there are to be, and numbers its decisions. */
export interface DesiredRunners {
  decide(batch: Batch): Decision;
  /** What a poll without a message counts as. */
  emptyBatch(lastAssigned: number): Batch;
}

export function desiredRunners(limits: RunnerLimits, switches: Switches): DesiredRunners {
  return switches.has(4383) ? new UnlessNothingHappened(limits) : new UnlessEmpty(limits);
}

/** Up to 0.13: a batch without jobs keeps the number of runners, and counts as nothing when that is the minimum. */
class UnlessEmpty implements DesiredRunners {
  readonly #limits: RunnerLimits;
  #last = -1;
  #sequence = -1;

  constructor(limits: RunnerLimits) {
    this.#limits = limits;
  }

  emptyBatch(): Batch {
    return { assigned: 0, started: 0, completed: 0 };
  }

  decide({ assigned, completed }: Batch): Decision {
    const { minRunners, maxRunners } = this.#limits;
    this.#sequence++;
    const wanted = Math.min(minRunners + assigned, maxRunners);
    const isEmpty = assigned === 0 && completed === 0;
    const replicas = isEmpty ? Math.max(this.#last, wanted) : wanted;
    this.#last = replicas;
    return { replicas, patchId: isEmpty && replicas === minRunners ? 0 : this.#sequence };
  }
}

/** From 0.14 on: what counts is whether anything has happened since the last decision. */
class UnlessNothingHappened implements DesiredRunners {
  readonly #limits: RunnerLimits;
  #last = -1;
  #sequence = -1;

  constructor(limits: RunnerLimits) {
    this.#limits = limits;
  }

  emptyBatch(lastAssigned: number): Batch {
    return { assigned: lastAssigned, started: 0, completed: 0 };
  }

  decide({ assigned, started, completed }: Batch): Decision {
    const { minRunners, maxRunners } = this.#limits;
    if (this.#sequence === LAST) this.#sequence = 0;
    this.#sequence++;
    const replicas = Math.min(minRunners + assigned, maxRunners);
    const isSame = replicas === this.#last && replicas === minRunners;
    this.#last = replicas;
    return { replicas, patchId: isSame && started + completed === 0 ? 0 : this.#sequence };
  }
}
