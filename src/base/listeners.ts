import type { Disposable } from './disposable.ts';

/**
 * Who hears of one kind of event, in the order in which they came. A listener that throws is reported and contained:
 * the others still hear the event, and its sender goes on.
 */
export class Listeners<About extends unknown[]> {
  readonly #onError: (error: unknown) => void;
  /** Replaced by every change: an event under way reaches those that were there when it began. */
  #all: readonly ((...about: About) => void)[] = [];

  /** @param onError hears of every error that a listener throws */
  constructor(onError: (error: unknown) => void = throwLater) {
    this.#onError = onError;
  }

  get isAny(): boolean {
    return this.#all.length > 0;
  }

  /** @returns ends the listening */
  add(listener: (...about: About) => void): Disposable {
    this.#all = [...this.#all, listener];
    let isOver = false;
    return {
      dispose: () => {
        if (isOver) return;
        isOver = true;
        const index = this.#all.indexOf(listener);
        this.#all = this.#all.toSpliced(index, 1);
      },
    };
  }

  tell(...about: About): void {
    for (const listener of this.#all) {
      try {
        listener(...about);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  #report(error: unknown): void {
    try {
      this.#onError(error);
    } catch (failure) {
      throwLater(failure);
    }
  }
}

/** Where nobody else hears of errors: nothing is interrupted, and the process learns of it as of any uncaught error. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
