import type { Clock } from '../base/clock.ts';
import type { Reconcile } from './effects.ts';
import type { PassObserver } from './observer.ts';
import { Pass, type Driver, type Outcome } from './pass.ts';
import { ControllerRateLimiter, DEFAULT_BACKOFF, type BackoffOptions } from './rate-limiter.ts';
import { WorkQueue, type QueuedItem } from './work-queue.ts';

export interface ControllerOptions {
  readonly clock: Clock;
  readonly driver: Driver;
  readonly reconcile: (key: string) => Reconcile;
  /** How many passes run at the same time, each for another key. */
  readonly workers: number;
  readonly backoff?: BackoffOptions;
  readonly observer?: PassObserver;
}

/** Gives queued keys to workers and does with each pass's outcome what controller-runtime does. */
export class Controller {
  readonly queue: WorkQueue;
  readonly #options: ControllerOptions;
  readonly #limiter: ControllerRateLimiter;
  /** Idle workers, lowest number last. */
  readonly #idle: Pass[] = [];
  readonly #items: (QueuedItem | undefined)[] = [];
  #state: 'waiting' | 'running' | 'stopped' = 'waiting';
  #dispatching = false;
  #whenQuiet: (() => void)[] = [];

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#limiter = new ControllerRateLimiter(options.clock, options.backoff ?? DEFAULT_BACKOFF);
    this.queue = new WorkQueue(options.clock, () => this.#dispatch());
    for (let worker = options.workers - 1; worker >= 0; worker--) {
      this.#idle.push(
        new Pass(worker, options.driver, options.observer, (pass, outcome) => this.#ended(pass, outcome)),
      );
    }
  }

  get activeWorkers(): number {
    return this.#options.workers - this.#idle.length;
  }

  /** Requeues and errors in a row that the key has behind it. */
  failures(key: string): number {
    return this.#limiter.failures(key);
  }

  /** Begins to take keys; they may have been queued before. */
  start(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'running';
    this.#dispatch();
  }

  /** Takes no more keys; resolves when the passes in progress have ended. */
  stop(): Promise<void> {
    this.#state = 'stopped';
    return new Promise((resolve) => {
      if (this.activeWorkers === 0) resolve();
      else this.#whenQuiet.push(resolve);
    });
  }

  #dispatch(): void {
    if (this.#state !== 'running' || this.#dispatching) return;
    this.#dispatching = true;
    while (this.#idle.length > 0) {
      const item = this.queue.take();
      if (item === undefined) break;
      const pass = this.#idle.pop() as Pass;
      this.#items[pass.worker] = item;
      pass.key = item.key;
      pass.trigger = item.trigger;
      pass.queuedUs = item.queuedUs;
      pass.readyUs = item.readyUs;
      pass.attempt = this.#limiter.failures(item.key) + 1;
      pass.observer?.passStarted(pass, this.#options.clock.nowUs());
      this.#options.driver.begin?.(pass);
      pass.start(this.#options.reconcile(item.key));
    }
    this.#dispatching = false;
  }

  #ended(pass: Pass, outcome: Outcome): void {
    pass.observer?.passEnded(pass, outcome, this.#options.clock.nowUs());
    const item = this.#items[pass.worker] as QueuedItem;
    const { key } = pass;
    switch (outcome.kind) {
      case 'done':
        this.#limiter.forget(key);
        break;
      case 'requeue-after':
        this.#limiter.forget(key);
        this.queue.addAfter(key, 'requeue-after', outcome.afterUs);
        break;
      case 'requeue':
      case 'error':
        this.queue.addAfter(key, outcome.kind, this.#limiter.nextDelayUs(key));
        break;
    }
    this.#release(pass);
    this.queue.done(item);
    this.#dispatch();
    if (this.activeWorkers === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }

  #release(pass: Pass): void {
    const idle = this.#idle;
    let index = idle.length;
    for (; index > 0 && (idle[index - 1] as Pass).worker < pass.worker; index--) idle[index] = idle[index - 1] as Pass;
    idle[index] = pass;
  }
}
