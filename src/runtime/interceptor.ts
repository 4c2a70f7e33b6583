import type { PassObserver } from './observer.ts';
import type { PassInProgress } from './pass.ts';
import type { Trigger } from './work-queue.ts';

/** A pass whose answers go through a driver that sits in front of the one that gives them. */
export class InterceptedPass implements PassInProgress {
  readonly #pass: PassInProgress;
  readonly #onAnswer: (answer: unknown) => void;
  readonly #onError: (error: unknown) => void;

  constructor(pass: PassInProgress, onAnswer: (answer: unknown) => void, onError: (error: unknown) => void) {
    this.#pass = pass;
    this.#onAnswer = onAnswer;
    this.#onError = onError;
  }

  get worker(): number {
    return this.#pass.worker;
  }

  get observer(): PassObserver | undefined {
    return this.#pass.observer;
  }

  get key(): string {
    return this.#pass.key;
  }

  get trigger(): Trigger {
    return this.#pass.trigger;
  }

  get queuedUs(): number {
    return this.#pass.queuedUs;
  }

  get readyUs(): number {
    return this.#pass.readyUs;
  }

  get attempt(): number {
    return this.#pass.attempt;
  }

  resume(answer: unknown): void {
    this.#onAnswer(answer);
  }

  fail(error: unknown): void {
    this.#onError(error);
  }
}
