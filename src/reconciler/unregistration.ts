import type { ActionsClientCache } from '../actions/client-cache.ts';
import type { Clock } from '../base/clock.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import { keyOf, type EphemeralRunner } from '../kubernetes/types.ts';
import { controller, type ControllerSpec } from '../runtime/controller-spec.ts';
import { done, log, requeueAfter, type Reconcile } from '../runtime/effects.ts';
import type { RateLimiter } from '../runtime/rate-limiter.ts';
import type { Release } from './releases/release.ts';
import { isJobStillRunning, JOB_STILL_RUNNING_RETRY_US, removeFromService } from './service.ts';

export const RUNNER_UNREGISTRATION = 'runnerunregistration';

/** As many of its workers there are at least, however few the runners' controller has. */
const LEAST_WORKERS = 4;

/** Runners whose passes are done with them, and which the service is still to be asked to remove (pull request 4664). */
export class UnregistrationQueue {
  readonly #waiting = new Map<string, EphemeralRunner>();
  #wake: (key: string) => void = () => undefined;

  /** @param wake called with the key of each runner that is pushed */
  onPush(wake: (key: string) => void): void {
    this.#wake = wake;
  }

  /** Never waits. A runner that is there already is asked for once. */
  push(runner: EphemeralRunner): void {
    const key = keyOf(runner.metadata);
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, runner);
    this.#wake(key);
  }

  get(key: string): EphemeralRunner | undefined {
    return this.#waiting.get(key);
  }

  delete(key: string): void {
    this.#waiting.delete(key);
  }
}

/** What empties the queue, beside the controllers. No event wakes it. */
export function unregistrationController(options: {
  readonly release: Release;
  readonly clients: ActionsClientCache;
  /** Of the runners' controller. */
  readonly workers: number;
  readonly limiter: (clock: Clock) => RateLimiter;
  readonly queue: UnregistrationQueue;
}): ControllerSpec {
  const { release, clients, workers, limiter, queue } = options;
  return controller({
    name: RUNNER_UNREGISTRATION,
    for: EphemeralRunners,
    when: () => false,
    workers: Math.max(LEAST_WORKERS, workers),
    reconcile: (key) => unregister(key, queue, clients),
    queue: release.queue,
    backoff: limiter,
  });
}

function* unregister(key: string, queue: UnregistrationQueue, clients: ActionsClientCache): Reconcile {
  const runner = queue.get(key);
  if (runner === undefined) return done;
  try {
    yield* removeFromService(runner, clients);
  } catch (error) {
    if (!isJobStillRunning(error)) throw error;
    yield* log('Runner is not finished yet, retrying in 30s');
    return requeueAfter(JOB_STILL_RUNNING_RETRY_US);
  }
  queue.delete(key);
  return done;
}
