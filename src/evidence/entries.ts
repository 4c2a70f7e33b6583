import { PackedNumbers } from './packed-numbers.ts';
import type { Seen } from './seen.ts';

/** What follows the last entry of a list. */
export const NONE = -1;

/**
 * What lines say of runners, in columns: a log of a gigabyte has millions of such lines, too many for an object each. An entry
 * is a number; entries form lists by naming the one that follows.
 */
export class Entries {
  readonly #lines = new PackedNumbers();
  readonly #moments = new PackedNumbers();
  readonly #kinds = new PackedNumbers();
  /** How far away the next one of the list is; 0 after the last. */
  readonly #toNext = new PackedNumbers();
  /** Moments are shared: with a clock of whole seconds hundreds of lines have the same. */
  readonly #us = new PackedNumbers();
  readonly #withinUs = new PackedNumbers();
  readonly #sources = new PackedNumbers();
  readonly #last = { us: NaN, withinUs: NaN, source: NaN };

  /** How much there is: entries and moments. */
  get size(): number {
    return this.#lines.length + this.#us.length;
  }

  /** @param kind what the entry says, by a list of the caller's */
  add(seen: Seen, kind: number): number {
    const entry = this.#lines.length;
    this.#lines.push(seen.line);
    this.#moments.push(this.#momentOf(seen));
    this.#kinds.push(kind);
    this.#toNext.push(0);
    return entry;
  }

  /** The entry says something else from now on. */
  replace(entry: number, seen: Seen, kind: number): void {
    this.#lines.set(entry, seen.line);
    this.#moments.set(entry, this.#momentOf(seen));
    this.#kinds.set(entry, kind);
  }

  link(entry: number, next: number): void {
    this.#toNext.set(entry, next === NONE ? 0 : next - entry);
  }

  next(entry: number): number {
    const distance = this.#toNext.get(entry);
    return distance === 0 ? NONE : entry + distance;
  }

  kind(entry: number): number {
    return this.#kinds.get(entry);
  }

  seen(entry: number): Seen {
    const moment = this.#moments.get(entry);
    const at = { us: this.#us.get(moment), withinUs: this.#withinUs.get(moment) };
    return { source: this.#sources.get(moment), line: this.#lines.get(entry), at };
  }

  #momentOf({ at: { us, withinUs }, source }: Seen): number {
    const last = this.#last;
    if (us !== last.us || withinUs !== last.withinUs || source !== last.source) {
      last.us = us;
      last.withinUs = withinUs;
      last.source = source;
      this.#us.push(us);
      this.#withinUs.push(withinUs);
      this.#sources.push(source);
    }
    return this.#us.length - 1;
  }
}
