import type { JobEvent } from '../actions/job.ts';
import { LISTENER } from '../reconciler/autoscaling-listener/names.ts';
import { done, log, logError, type Reconcile } from '../runtime/effects.ts';
import { Pass, type Driver } from '../runtime/pass.ts';
import type { Clock } from '../base/clock.ts';
import type { Switches } from '../reconciler/releases/switches.ts';
import type { ListenerConfig } from './config.ts';
import { patchRunner } from './patches.ts';

/** How many patches are under way at a time: the pull request's description names no number. */
const WORKERS = 10;

interface BackgroundPatchesOptions {
  /** Of the listener. */
  readonly key: string;
  readonly clock: Clock;
  /** With a client of its own, so that nothing here takes a token from the set's patch. */
  readonly driver: Driver;
  readonly config: ListenerConfig;
  readonly switches: Switches;
}

/**
 * Patches runners' job fields beside the listener's decisions (pull request 4668). A patch that fails is lost: the fields
 * are a hint to the set's controller, and the service refuses to remove a runner whose job runs.
 */
export class BackgroundPatches {
  readonly #options: BackgroundPatchesOptions;
  readonly #waiting: JobEvent[] = [];
  /** The pass of each worker. */
  readonly #passes: (Pass | undefined)[] = Array.from({ length: WORKERS });
  #isOver = false;

  constructor(options: BackgroundPatchesOptions) {
    this.#options = options;
  }

  /** Never waits. */
  push(job: JobEvent): void {
    this.#waiting.push(job);
    this.#dispatch();
  }

  /** The process is gone: so is what was not sent yet. */
  end(): void {
    this.#isOver = true;
    for (const pass of this.#passes) pass?.abort();
  }

  #dispatch(): void {
    for (const [index, pass] of this.#passes.entries()) {
      if (pass !== undefined || this.#isOver) continue;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#begin(job, index);
    }
  }

  #begin(job: JobEvent, index: number): void {
    const { key, clock, driver } = this.#options;
    const nowUs = clock.nowUs();
    const times = { queuedUs: nowUs, readyUs: nowUs };
    const item = { key, trigger: 'requeue' as const, ...times, priority: 0, place: 0 };
    const owner = {
      name: LISTENER,
      driver,
      reconcile: () => this.#patch(job),
      passEnded: () => {
        this.#passes[index] = undefined;
        this.#dispatch();
      },
    };
    // The listener itself is worker 0.
    const pass = new Pass(owner, 0, index + 1, item, 1, nowUs);
    this.#passes[index] = pass;
    pass.start();
  }

  *#patch(job: JobEvent): Reconcile {
    const { config, switches } = this.#options;
    try {
      const runner = yield* patchRunner(config, job, switches);
      if (runner === undefined) yield* log('Ephemeral runner not found, skipping patching of ephemeral runner status');
    } catch (error) {
      yield* logError('Failed to patch the runner of a started job', error);
    }
    return done;
  }
}
