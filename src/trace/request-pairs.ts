import type { Rows } from './rows.ts';

/** What is worked out once for each pair of verb and resource: there are many requests, and few pairs. */
export class RequestPairs<T> {
  readonly #rows: Rows;
  readonly #make: (verb: string | undefined, resource: string | undefined) => T;
  readonly #made = new Map<number, T>();

  /** @param make takes undefined for what is not known */
  constructor(rows: Rows, make: (verb: string | undefined, resource: string | undefined) => T) {
    this.#rows = rows;
    this.#make = make;
  }

  /** That of the request's pair. */
  of(request: number): T {
    const { verb, resource } = this.#rows.requests;
    const [verbWord, resourceWord] = [verb.get(request), resource.get(request)];
    // Of an unknown verb or resource the number is NaN, which `-1` stands for.
    const pair = (verbWord >= 0 ? verbWord : -1) * 2 ** 16 + (resourceWord >= 0 ? resourceWord : -1);
    let made = this.#made.get(pair);
    if (made === undefined) {
      const { words } = this.#rows;
      made = this.#make(words.textOf(verbWord), words.textOf(resourceWord));
      this.#made.set(pair, made);
    }
    return made;
  }
}
