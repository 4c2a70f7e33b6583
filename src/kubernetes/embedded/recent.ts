import { isSame } from './alike.ts';

/** How many values are looked through: kinds of objects, and sets of runners, in use at a time. */
const MOST = 16;

/** Values that came lately: equal ones are one in memory. */
export class Recent {
  readonly #values: unknown[] = [];
  #oldest = 0;

  /** The value that came before and is equal, fields in the same order, or the value itself. */
  one<T>(value: T): T {
    for (const known of this.#values) if (known === value || isSame(known, value)) return known as T;
    this.#values[this.#oldest] = value;
    this.#oldest = (this.#oldest + 1) % MOST;
    return value;
  }
}
