import type { Rows } from './rows.ts';

/** What is worked out once for each pair of verb and resource: there are many requests, and few pairs. */
export class RequestPairs<T> {
  readonly #rows: Rows;
  readonly #make: (verb: string | undefined, resource: string | undefined) => T;
  /** By the numbers of verb and resource, each one more than it is: place 0 is for what is not known. */
  readonly #made: T[][] = [];

  /** @param make takes undefined for what is not known */
  constructor(rows: Rows, make: (verb: string | undefined, resource: string | undefined) => T) {
    this.#rows = rows;
    this.#make = make;
  }

  /** That of the request's pair. */
  of(request: number): T {
    const { verb, resource } = this.#rows.requests;
    const [verbWord, resourceWord] = [verb.get(request), resource.get(request)];
    const ofVerb = (this.#made[verbWord >= 0 ? verbWord + 1 : 0] ??= []);
    const place = resourceWord >= 0 ? resourceWord + 1 : 0;
    let made = ofVerb[place];
    if (made === undefined) {
      const { words } = this.#rows;
      made = ofVerb[place] = this.#make(words.textOf(verbWord), words.textOf(resourceWord));
    }
    return made;
  }
}
