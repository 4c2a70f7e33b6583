import type { Moment } from './moments.ts';

/**
 * Values by key with all that they have been: what a key held at any moment is found by bisection. A change counts from the
 * moment that follows it.
 */
export class History<T> {
  readonly #changes = new Map<string, { readonly moments: Moment[]; readonly values: (T | undefined)[] }>();

  /** @param value undefined when the key is gone */
  change(key: string, moment: Moment, value: T | undefined): void {
    const of = this.#changes.get(key);
    if (of === undefined) this.#changes.set(key, { moments: [moment], values: [value] });
    else {
      of.moments.push(moment);
      of.values.push(value);
    }
  }

  at(key: string, moment: Moment): T | undefined {
    const of = this.#changes.get(key);
    return of?.values[upTo(of.moments, moment)];
  }

  /** Every key that holds something at the moment. */
  *entriesAt(moment: Moment): IterableIterator<readonly [key: string, value: T]> {
    for (const [key, { moments, values }] of this.#changes) {
      const value = values[upTo(moments, moment)];
      if (value !== undefined) yield [key, value];
    }
  }

  /** Every change of a key, oldest first. */
  *changesOf(key: string): IterableIterator<readonly [moment: Moment, value: T | undefined]> {
    const of = this.#changes.get(key);
    if (of === undefined) return;
    for (const [index, moment] of of.moments.entries()) yield [moment, of.values[index]];
  }
}

/** Index of the last change at or before the moment; -1 when there is none. */
function upTo(moments: readonly Moment[], moment: Moment): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] as Moment) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
