import { countUpTo } from './moment-index.ts';
import type { Moment } from './moments.ts';

/** What held something is kept whole after this many changes, or more where more do. */
const CHANGES_A_CHECKPOINT = 1_000;

/** What was held after some of the changes. */
interface Checkpoint<T> {
  readonly changes: number;
  readonly held: ReadonlyMap<string, T>;
}

/**
 * Values by key with all that they have been: what a key held at any moment is found by bisection, what all of them held
 * from the checkpoint before it. A change counts from the moment that follows it.
 */
export class History<T> {
  readonly #changes = new Map<string, { readonly moments: Moment[]; readonly values: (T | undefined)[] }>();
  /** All changes in order. */
  readonly #moments: Moment[] = [];
  readonly #keys: string[] = [];
  readonly #values: (T | undefined)[] = [];
  readonly #held = new Map<string, T>();
  readonly #checkpoints: Checkpoint<T>[] = [];

  /** @param value undefined when the key is gone */
  change(key: string, moment: Moment, value: T | undefined): void {
    const of = this.#changes.get(key);
    if (of === undefined) this.#changes.set(key, { moments: [moment], values: [value] });
    else {
      of.moments.push(moment);
      of.values.push(value);
    }
    this.#moments.push(moment);
    this.#keys.push(key);
    this.#values.push(value);
    put(this.#held, key, value);
    const since = this.#keys.length - (this.#checkpoints.at(-1)?.changes ?? 0);
    if (since >= Math.max(CHANGES_A_CHECKPOINT, this.#held.size))
      this.#checkpoints.push({ changes: this.#keys.length, held: new Map(this.#held) });
  }

  at(key: string, moment: Moment): T | undefined {
    const of = this.#changes.get(key);
    return of?.values[countUpTo(of.moments, moment) - 1];
  }

  /** Every key that holds something at the moment. */
  entriesAt(moment: Moment): ReadonlyMap<string, T> {
    const changes = countUpTo(this.#moments, moment);
    const before = this.#checkpoints.findLast((checkpoint) => checkpoint.changes <= changes);
    const held = new Map(before?.held);
    for (let at = before?.changes ?? 0; at < changes; at++) put(held, this.#keys[at] as string, this.#values[at]);
    return held;
  }

  /** All that ever held something. */
  keys(): IterableIterator<string> {
    return this.#changes.keys();
  }

  /** Every change of a key, oldest first. */
  *changesOf(key: string): IterableIterator<readonly [moment: Moment, value: T | undefined]> {
    const of = this.#changes.get(key);
    if (of === undefined) return;
    for (const [index, moment] of of.moments.entries()) yield [moment, of.values[index]];
  }
}

/** The order of a map's keys is that of their last change. */
function put<T>(held: Map<string, T>, key: string, value: T | undefined): void {
  held.delete(key);
  if (value !== undefined) held.set(key, value);
}
