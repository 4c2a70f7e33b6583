import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { EPHEMERAL_RUNNER } from '../reconciler/controller.ts';
import type { Controller } from '../runtime/controller.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { loopsOf, type Loop } from './run-end.ts';
import type { AttachedRun } from './start-attached.ts';
import type { EmbeddedRun } from './start-embedded.ts';

const CHECK_EVERY_US = 1_000_000;

type LoopListener = (loops: readonly Loop[], isForEver: boolean) => void;

/** A clock that knows how much is scheduled besides periodic callbacks. */
type CountingClock = Clock & { readonly pending: number };

/** A run that may come to nothing but loops. */
interface Looping {
  readonly trace: TraceLog;
  readonly controller: Controller;
  /** Another one after every change of an object. */
  version(): string | number;
  /** Whether something is going on or scheduled besides the coming round of keys. */
  hasMoreToCome(): boolean;
  /** Whether what was refused will be refused again, unless somebody does something about it. */
  isForEver(): boolean;
}

/** What is looked at of a run on the embedded cluster. */
type EmbeddedParts = Pick<EmbeddedRun, 'trace' | 'controllers'> & {
  readonly environment: Pick<EmbeddedRun['environment'], 'cluster' | 'service'>;
};

export function embeddedRun(clock: CountingClock, run: EmbeddedParts): Looping {
  const { cluster, service } = run.environment;
  const controller = (): Controller => run.controllers.named(EPHEMERAL_RUNNER);
  return {
    trace: run.trace,
    // Another release may have taken over.
    get controller() {
      return controller();
    },
    version: () => cluster.api.store.resourceVersion,
    hasMoreToCome: () => clock.pending !== controller().queue.timers,
    isForEver: () => service.isSettled && cluster.conditions.faults.length === 0,
  };
}

type AttachedParts = Pick<AttachedRun, 'trace' | 'controllers'> & {
  readonly environment: Pick<AttachedRun['environment'], 'connection'>;
};

/** Of a cluster elsewhere nothing is known but what its watches tell. */
export function attachedRun({ trace, controllers, environment }: AttachedParts): Looping {
  const controller = controllers.named(EPHEMERAL_RUNNER);
  return {
    trace,
    controller,
    // Runners and pods, as the trace has them.
    version: () => trace.length - trace.passCount,
    hasMoreToCome: () =>
      controller.activeWorkers > 0 ||
      controller.queue.length > 0 ||
      environment.connection.state === 'lost' ||
      !controllers.caches.synced,
    isForEver: () => true,
  };
}

/**
 * Watches a run for the time when all that goes on is the coming round of keys: no object has changed for `patienceUs`, and
 * each of these keys came round in the same way several times.
 */
export class LoopWatch implements Disposable {
  readonly #clock: Clock;
  readonly #run: Looping;
  readonly #patienceUs: number;
  readonly #onLoops: LoopListener;
  readonly #checks: Disposable;
  #version: string | number = '';
  #sameSinceUs = 0;

  /** @param onLoops called when only loops are left, and after each further patience for which that is so */
  constructor(clock: Clock, run: Looping, patienceUs: number, onLoops: LoopListener) {
    this.#clock = clock;
    this.#run = run;
    this.#patienceUs = patienceUs;
    this.#onLoops = onLoops;
    this.#checks = clock.every(CHECK_EVERY_US, () => this.#check());
  }

  dispose(): void {
    this.#checks.dispose();
  }

  /** The loops that waiting keys are in now, whether or not something else is going on. */
  loops(): Loop[] {
    const { queue } = this.#run.controller;
    return loopsOf(this.#run.trace, (runner) => queue.stateOf(runner) !== undefined);
  }

  #check(): void {
    const nowUs = this.#clock.nowUs();
    const { queue } = this.#run.controller;
    if (this.#run.hasMoreToCome()) return;
    const version = this.#run.version();
    if (version !== this.#version) {
      this.#version = version;
      this.#sameSinceUs = nowUs;
    }
    if (nowUs - this.#sameSinceUs < this.#patienceUs || queue.timers === 0) return;
    this.#sameSinceUs = nowUs;
    const loops = this.loops();
    if (loops.length === queue.delayedLength) this.#onLoops(loops, this.#run.isForEver());
  }
}
