import { done, type Reconcile, type ReconcileEffect } from './effects.ts';
import { hear, type Hearing } from './hearing.ts';
import type { Outcome, PassRecord } from './pass-record.ts';
import type { QueuedItem, Trigger } from './queued-item.ts';

/** Takes the answer to an effect, or the error that is thrown into the pass instead: one of them, once. */
export interface Reply {
  resume(answer: unknown): void;
  fail(error: unknown): void;
}

/**
 * Interprets the effects of passes: answers each with exactly one call of `reply`, before returning or later. What it
 * throws is thrown into the pass. Drivers wrap one another: one that injects faults or records gives the next one what
 * it does not touch, with a reply of its own where it wants to see or change the answer.
 */
export interface Driver {
  /** A pass is about to begin. */
  begin?(pass: PassInProgress): void;
  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void;
  /** What passes say that it, or who observes it, hears; everything where it does not say. */
  readonly hearing?: Hearing;
}

/** A pass as drivers see it. */
export interface PassInProgress extends PassRecord {
  /** Whether it has ended or was aborted: answers that come now are dropped. */
  readonly over: boolean;
  /**
   * Ends the pass where it is. Its `finally` blocks run; of what they still ask for, only locks are given back.
   */
  abort(): void;
}

/** What a pass belongs to. */
export interface PassOwner {
  readonly name: string;
  readonly driver: Driver;
  readonly reconcile: (key: string) => Reconcile;
  /** @param outcome undefined when the pass was aborted */
  passEnded(pass: Pass, outcome: Outcome | undefined): void;
}

/** One run of a key by one worker. */
export class Pass implements PassInProgress, Reply {
  readonly id: number;
  readonly item: QueuedItem;
  readonly key: string;
  readonly worker: number;
  readonly attempt: number;
  readonly trigger: Trigger;
  readonly priority: number;
  readonly queuedUs: number;
  readonly readyUs: number;
  readonly startedUs: number;

  readonly #owner: PassOwner;
  #generator: Reconcile | undefined;
  /** True while the loop below is on the stack: answers given meanwhile are picked up by it. */
  #running = false;
  #answered: 'no' | 'answer' | 'error' = 'no';
  #answer: unknown;
  #aborted = false;
  #over = false;

  constructor(owner: PassOwner, id: number, worker: number, item: QueuedItem, attempt: number, startedUs: number) {
    this.#owner = owner;
    this.id = id;
    this.item = item;
    this.key = item.key;
    this.worker = worker;
    this.attempt = attempt;
    this.trigger = item.trigger;
    this.priority = item.priority;
    this.queuedUs = item.queuedUs;
    this.readyUs = item.readyUs;
    this.startedUs = startedUs;
  }

  get controller(): string {
    return this.#owner.name;
  }

  get over(): boolean {
    return this.#over;
  }

  start(): void {
    this.#answered = 'answer';
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

  abort(): void {
    if (this.#over) return;
    this.#aborted = true;
    if (!this.#running) this.#run();
  }

  #run(): void {
    if (this.#over) return;
    let outcome: Outcome | undefined;
    this.#running = true;
    try {
      outcome = this.#advance();
    } catch (error) {
      outcome = { kind: 'error', error };
    } finally {
      this.#running = false;
      hear(undefined);
    }
    if (outcome === undefined) {
      if (!this.#aborted) return;
      this.#unwind();
    }
    this.#over = true;
    this.#generator = undefined;
    this.#owner.passEnded(this, outcome);
  }

  /** Goes on as long as there are answers; gives the outcome when the pass has ended. */
  #advance(): Outcome | undefined {
    const { driver } = this.#owner;
    if (this.#generator === undefined) {
      driver.begin?.(this);
      this.#generator = this.#owner.reconcile(this.key);
    }
    const generator = this.#generator;
    while (this.#answered !== 'no') {
      const failed = this.#answered === 'error';
      const answer = this.#answer;
      this.#answered = 'no';
      this.#answer = undefined;
      hear(driver.hearing);
      const step = failed ? generator.throw(answer) : generator.next(answer as never);
      if (step.done === true) return step.value;
      // An answer that came before is still taken: it may be a lock, which the pass then gives back.
      if (this.#aborted) break;
      try {
        driver.perform(step.value, this, this);
      } catch (error) {
        this.fail(error);
      }
    }
    return undefined;
  }

  /** Runs the `finally` blocks of what was cut short; locks are given back, nothing else is done any more. */
  #unwind(): void {
    this.#running = true;
    try {
      let step = this.#generator?.return(done);
      while (step?.done === false) {
        if (step.value.kind === 'unlock') {
          this.#owner.driver.perform(step.value, this, this);
          step = this.#generator?.next(undefined as never);
        } else step = this.#generator?.return(done);
      }
    } catch {
      // The pass was aborted: nobody handles an error of its clean-up.
    } finally {
      this.#running = false;
    }
  }
}
