import type { Clock } from '../base/clock.ts';
import { DisposableList, type Disposable } from '../base/disposable.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import type { Caches } from './caches.ts';
import type { ControllerSpec } from './controller-spec.ts';
import type { InformerListener } from './informer.ts';
import type { PassObservers } from './observer.ts';
import { Pass, type Driver, type PassOwner } from './pass.ts';
import type { Outcome } from './pass-record.ts';
import { LOW_PRIORITY } from './queue-kind.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { resourceVersionChanged, triggersOf, type KeysOf, type Source } from './source.ts';
import type { Trigger } from './queued-item.ts';
import { WorkQueue } from './work-queue.ts';

/** What the controllers of a process share. */
export interface ControllerHost {
  readonly clock: Clock;
  readonly caches: Caches;
  readonly driver: Driver;
  readonly observers: PassObservers;
  /** The number of the next pass, counted over all controllers. */
  readonly nextPassId: () => number;
  /** Hears of errors of those that listen to the queue. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

/** Turns events into queued keys, gives these to workers, and does with each pass's outcome what controller-runtime does. */
export class Controller implements PassOwner, Disposable {
  readonly queue: WorkQueue;
  readonly name: string;
  readonly workers: number;
  readonly driver: Driver;
  readonly reconcile: ControllerSpec['reconcile'];
  readonly #host: ControllerHost;
  readonly #sources: readonly Source[];
  readonly #limiter: RateLimiter;
  readonly #handlers = new DisposableList();
  /** What each worker is in; undefined for an idle one. */
  readonly #passes: (Pass | undefined)[] = [];
  /** Idle workers, lowest number last. */
  readonly #idle: number[] = [];
  #state: 'waiting' | 'syncing' | 'running' | 'stopped' = 'waiting';
  #dispatching = false;
  #whenQuiet: (() => void)[] = [];

  /** Declares the kinds that it reads, whose watches begin; nothing is queued before start(). */
  constructor(spec: ControllerSpec, host: ControllerHost) {
    this.name = spec.name;
    this.workers = spec.workers;
    this.reconcile = spec.reconcile;
    this.driver = host.driver;
    this.#host = host;
    this.#sources = spec.sources;
    this.#limiter = spec.backoff(host.clock);
    const wake = (): void => host.caches.boundary.then(this.#dispatch);
    this.queue = new WorkQueue(host.clock, wake, spec.queue, host.onListenerError);
    for (let worker = spec.workers - 1; worker >= 0; worker--) this.#idle.push(worker);
    for (const { resource } of spec.sources) host.caches.inform(resource);
  }

  get activeWorkers(): number {
    return this.workers - this.#idle.length;
  }

  /** Whether it waits for start(). */
  get held(): boolean {
    return this.#state === 'waiting';
  }

  /** Requeues and errors in a row that the key has behind it. */
  failures(key: string): number {
    return this.#limiter.failures(key);
  }

  /** Queues what the caches hold, then what events name; workers begin when every cache has its first list. */
  start(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'syncing';
    const { caches } = this.#host;
    for (const source of this.#sources) {
      this.#handlers.add(caches.of(source.resource).handle(this.#handlerOf(source)));
    }
    const kinds = this.#sources.map(({ resource }) => resource);
    caches.whenSynced(kinds, () => {
      if (this.#state !== 'syncing') return;
      this.#state = 'running';
      this.#dispatch();
    });
  }

  /** As end(), for those who wait for it. */
  stop(limitUs = Infinity): Promise<void> {
    return new Promise((resolve) => this.end(limitUs, resolve));
  }

  /**
   * Takes no more keys, and calls back when the passes in progress have ended.
   * @param limitUs after this time of the clock they are aborted
   */
  end(limitUs: number, done: () => void): void {
    this.#state = 'stopped';
    this.dispose();
    if (limitUs <= 0) this.#abort();
    else if (limitUs < Infinity && this.activeWorkers > 0) {
      this.#host.clock.schedule(limitUs, (controller) => controller.#abort(), this);
    }
    if (this.activeWorkers === 0) done();
    else this.#whenQuiet.push(done);
  }

  /** Hears of no more events. */
  dispose(): void {
    this.#handlers.dispose();
  }

  /** What a pass calls when it is over. An aborted one comes again, after the back-off of a failure. */
  passEnded(pass: Pass, outcome: Outcome | undefined): void {
    const { observers, clock } = this.#host;
    try {
      if (outcome === undefined) observers.passAborted.tell(pass, clock.nowUs());
      else observers.passEnded.tell(pass, outcome, clock.nowUs());
      this.#settle(pass, outcome);
    } finally {
      this.#passes[pass.worker] = undefined;
      this.#release(pass.worker);
      this.queue.done(pass.item);
      this.#dispatch();
      if (this.activeWorkers === 0) for (const done of this.#whenQuiet.splice(0)) done();
    }
  }

  /** A key that comes again keeps the priority that it had. */
  #settle({ key, priority }: Pass, outcome: Outcome | undefined): void {
    switch (outcome?.kind) {
      case 'done':
        this.#limiter.forget(key);
        break;
      case 'requeue-after':
        this.#limiter.forget(key);
        this.queue.addAfter(key, 'requeue-after', outcome.afterUs, priority);
        break;
      case 'requeue':
      case 'error':
        this.queue.addAfter(key, outcome.kind, this.#limiter.nextDelayUs(key), priority);
        break;
      case undefined:
        this.queue.addAfter(key, 'error', this.#limiter.nextDelayUs(key), priority);
        break;
    }
  }

  #abort(): void {
    for (const pass of [...this.#passes]) pass?.abort();
  }

  #handlerOf({ resource, keysOf, when }: Source): InformerListener<ApiObject> {
    const triggers = triggersOf(resource);
    const add = (keys: ReturnType<KeysOf>, trigger: Trigger, priority: number): void => {
      if (typeof keys === 'string') this.queue.add(keys, trigger, priority);
      else for (const key of keys ?? []) this.queue.add(key, trigger, priority);
    };
    return (event, key, object, before, isFirst) => {
      if (when?.(event, object, before) === false) return;
      const priority = isFirst || !resourceVersionChanged(event, object, before) ? LOW_PRIORITY : 0;
      const keys = keysOf(key, object);
      add(keys, triggers[event], priority);
      // An object that has changed hands wakes its former owner as well.
      const former = event === 'updated' ? keysOf(key, before) : keys;
      if (former !== keys) add(former, triggers[event], priority);
    };
  }

  readonly #dispatch = (): void => {
    if (this.#state !== 'running' || this.#dispatching) return;
    this.#dispatching = true;
    try {
      while (this.#idle.length > 0) {
        const item = this.queue.take();
        if (item === undefined) break;
        const { nextPassId, clock, observers } = this.#host;
        const worker = this.#idle.pop() as number;
        const attempt = this.#limiter.failures(item.key) + 1;
        const pass = new Pass(this, nextPassId(), worker, item, attempt, clock.nowUs());
        this.#passes[worker] = pass;
        observers.passStarted.tell(pass);
        pass.start();
      }
    } finally {
      this.#dispatching = false;
    }
  };

  #release(worker: number): void {
    const idle = this.#idle;
    let index = idle.length;
    for (; index > 0 && (idle[index - 1] as number) < worker; index--) idle[index] = idle[index - 1] as number;
    idle[index] = worker;
  }
}
