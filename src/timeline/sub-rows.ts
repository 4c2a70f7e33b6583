import { firstThat } from '../base/first-that.ts';

/** Spans of time that do not overlap, in order. */
class Row {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Takes the span if it overlaps none that is there. */
  take(fromUs: number, toUs: number): boolean {
    const at = firstThat(this.#ends.length, (place) => (this.#ends[place] as number) > fromUs);
    if (at < this.#starts.length && (this.#starts[at] as number) < toUs) return false;
    // Spans come nearly in order of time: it is the last that this one goes behind, or before.
    this.#starts.splice(at, 0, fromUs);
    this.#ends.splice(at, 0, toUs);
    return true;
  }

  /** The last span, which had no end, ends. Nothing has been put behind it. */
  end(toUs: number): void {
    this.#ends[this.#ends.length - 1] = toUs;
  }
}

/** Rows for things that may happen at the same time: each is put into the first row in which nothing overlaps it. */
export class SubRows {
  readonly #rows: Row[] = [];

  /**
   * @param toUs Infinity for what has not ended yet
   * @returns the number of the row, one more than those there are for a new one
   */
  place(fromUs: number, toUs: number): number {
    const found = this.#rows.findIndex((row) => row.take(fromUs, toUs));
    if (found >= 0) return found;
    const row = new Row();
    row.take(fromUs, toUs);
    return this.#rows.push(row) - 1;
  }
  /** What was put into the row without an end has one now. */
  end(row: number, toUs: number): void {
    this.#rows[row]?.end(toUs);
  }
}
