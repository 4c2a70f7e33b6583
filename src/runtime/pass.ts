import type { Reconcile, ReconcileEffect, Result } from './effects.ts';
import type { PassObserver } from './observer.ts';
import type { Trigger } from './work-queue.ts';

/**
 * Interprets the effects of passes: answers each with exactly one call of `pass.resume` or `pass.fail`, before returning
 * or later. Drivers wrap one another: one that injects faults or records passes what it does not touch to the next.
 */
export interface Driver {
  /** A pass is about to begin. */
  begin?(pass: PassInProgress): void;
  perform(effect: ReconcileEffect, pass: PassInProgress): void;
}

/** A pass as drivers and observers see it. */
export interface PassInProgress {
  readonly worker: number;
  readonly observer: PassObserver | undefined;
  readonly key: string;
  readonly trigger: Trigger;
  readonly queuedUs: number;
  readonly readyUs: number;
  /** 1 for a first try, one more for each failure or requeue in a row before it. */
  readonly attempt: number;
  /** Goes on with the answer to the effect that the pass waits for. */
  resume(answer: unknown): void;
  /** Throws the error into the pass. */
  fail(error: unknown): void;
}

/** How a pass ended: with a result, or with the error that it threw. */
export type Outcome = Result | { readonly kind: 'error'; readonly error: unknown };

/** One worker's pass in progress. The object is used again for the worker's next pass. */
export class Pass implements PassInProgress {
  readonly worker: number;
  readonly observer: PassObserver | undefined;
  key = '';
  trigger: Trigger = 'runner-added';
  queuedUs = 0;
  readyUs = 0;
  attempt = 1;

  readonly #driver: Driver;
  readonly #ended: (pass: Pass, outcome: Outcome) => void;
  #generator: Reconcile | undefined;
  /** True while the loop below is on the stack: answers given meanwhile are picked up by it. */
  #running = false;
  #answered: 'no' | 'answer' | 'error' = 'no';
  #answer: unknown;

  constructor(
    worker: number,
    driver: Driver,
    observer: PassObserver | undefined,
    ended: (pass: Pass, outcome: Outcome) => void,
  ) {
    this.worker = worker;
    this.observer = observer;
    this.#driver = driver;
    this.#ended = ended;
  }

  start(generator: Reconcile): void {
    this.#generator = generator;
    this.#answered = 'answer';
    this.#answer = undefined;
    this.#run();
  }

  resume(answer: unknown): void {
    this.#answered = 'answer';
    this.#answer = answer;
    if (!this.#running) this.#run();
  }

  fail(error: unknown): void {
    this.#answered = 'error';
    this.#answer = error;
    if (!this.#running) this.#run();
  }

  #run(): void {
    const generator = this.#generator as Reconcile;
    let outcome: Outcome | undefined;
    this.#running = true;
    try {
      while (this.#answered !== 'no') {
        const failed = this.#answered === 'error';
        const answer = this.#answer;
        this.#answered = 'no';
        this.#answer = undefined;
        const step = failed ? generator.throw(answer) : generator.next(answer as never);
        if (step.done === true) {
          outcome = step.value;
          break;
        }
        this.#driver.perform(step.value, this);
      }
    } catch (error) {
      outcome = { kind: 'error', error };
    } finally {
      this.#running = false;
    }
    if (outcome !== undefined) {
      this.#generator = undefined;
      this.#ended(this, outcome);
    }
  }
}
