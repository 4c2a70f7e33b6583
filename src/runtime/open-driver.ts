import type { Disposable } from '../base/disposable.ts';
import type { ReconcileEffect } from './effects.ts';
import type { Hearing } from './hearing.ts';
import type { Driver, PassInProgress, Reply } from './pass.ts';

/** A driver between which and its passes another one can be put while they run, as a debugger is. */
export class OpenDriver implements Driver {
  readonly #inner: Driver;
  #outer: Driver;

  constructor(inner: Driver) {
    this.#inner = inner;
    this.#outer = inner;
  }

  /** Whether something is in between. */
  get isOpen(): boolean {
    return this.#outer !== this.#inner;
  }

  /** @param wrap makes the driver in between, around the one there is. @returns takes it out again */
  open(wrap: (inner: Driver) => Driver): Disposable {
    this.#outer = wrap(this.#inner);
    return { dispose: () => (this.#outer = this.#inner) };
  }

  begin(pass: PassInProgress): void {
    this.#outer.begin?.(pass);
  }

  get hearing(): Hearing | undefined {
    return this.#outer.hearing;
  }

  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void {
    this.#outer.perform(effect, pass, reply);
  }
}
