import { firstThat } from '../base/first-that.ts';
import { addTo } from '../base/group.ts';

/** Moments, which are numbers that grow, by a name, each list in order, so that the nearest one is found by bisection. */
export class MomentIndex {
  readonly #lists = new Map<string, number[]>();

  /** Moments are added in order. */
  add(name: string, moment: number): void {
    addTo(this.#lists, name, moment);
  }

  /** The last one at or before a moment. */
  lastUpTo(name: string, moment: number): number | undefined {
    const list = this.#lists.get(name) ?? [];
    return list[countUpTo(list, moment) - 1];
  }

  /** All from a moment on, in order. */
  *from(name: string, moment: number): IterableIterator<number> {
    const list = this.#lists.get(name) ?? [];
    for (let at = countUpTo(list, moment - 1); at < list.length; at++) yield list[at] as number;
  }
}

/** How many of ascending moments are at or before one. */
export function countUpTo(moments: readonly number[], moment: number): number {
  return firstThat(moments.length, (place) => (moments[place] as number) > moment);
}
