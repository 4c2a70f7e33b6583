import { Column, TimeColumn, type ColumnParts, type TimeColumnParts } from './columns.ts';

export interface SpansParts {
  readonly base: TimeColumnParts;
  readonly ends: ColumnParts;
  readonly lasted: ColumnParts;
}

/**
 * Columns of a beginning and an end in microseconds. NaN stands for one of them that is not known, or that has not come
 * yet; never for both.
 */
export class Spans {
  /** The beginning, or else the end. */
  readonly #base = new TimeColumn();
  /** 0 where the base is the end; not known, which takes no memory, where it is the beginning. */
  readonly #ends = new Column(Int8Array);
  readonly #lasted = new Column(Int32Array);

  get length(): number {
    return this.#base.length;
  }

  push(startedUs: number, endedUs: number): void {
    const hasStart = !Number.isNaN(startedUs);
    const baseUs = hasStart ? startedUs : endedUs;
    const index = this.#base.length;
    this.#base.push(baseUs);
    if (!hasStart) this.#ends.put(index, 0);
    this.#lasted.put(index, endedUs - baseUs);
  }

  /** What had no end has one now. */
  end(index: number, endedUs: number): void {
    this.#lasted.set(index, endedUs - this.#base.get(index));
  }

  /** The beginning, or the end of what has no known beginning. */
  baseUs(index: number): number {
    return this.#base.get(index);
  }

  startedUs(index: number): number {
    return this.#ends.get(index) === 0 ? NaN : this.#base.get(index);
  }

  endedUs(index: number): number {
    return this.#base.get(index) + this.#lasted.get(index);
  }

  parts(): SpansParts {
    return { base: this.#base.parts(), ends: this.#ends.parts(), lasted: this.#lasted.parts() };
  }

  take({ base, ends, lasted }: SpansParts): void {
    this.#base.take(base);
    this.#ends.take(ends);
    this.#lasted.take(lasted);
  }
}
