import type { SharedEffect } from './effect.ts';

/** Locks by name and values by name, shared by the passes of one process. */
export class SharedState {
  /** Those who wait for a lock that is held, first come, first served. A lock that nobody holds has no entry. */
  readonly #locks = new Map<string, (() => void)[]>();
  readonly #kept = new Map<string, unknown>();

  /** @param answer called once with the effect's answer: at once, or when a lock becomes free */
  perform(effect: SharedEffect, answer: (value: unknown) => void): void {
    switch (effect.kind) {
      case 'lock':
        this.#lock(effect.name, () => answer(undefined));
        return;
      case 'unlock':
        this.#unlock(effect.name);
        answer(undefined);
        return;
      case 'keep':
        this.#kept.set(effect.name, effect.kept);
        answer(undefined);
        return;
      case 'recall':
        answer(this.#kept.get(effect.name));
        return;
    }
  }

  #lock(name: string, granted: () => void): void {
    const waiting = this.#locks.get(name);
    if (waiting !== undefined) {
      waiting.push(granted);
      return;
    }
    this.#locks.set(name, []);
    granted();
  }

  #unlock(name: string): void {
    const next = this.#locks.get(name)?.shift();
    if (next === undefined) this.#locks.delete(name);
    else next();
  }
}
