import { visibleText } from '../base/visible-text.ts';

const CHUNK_BITS = 14;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

type Narrow = Int8Array | Int16Array | Int32Array;

/**
 * A column of numbers, nearly all of which are integers that fit a narrow type; the others are kept apart, so that any
 * number comes back as it was. Grows by chunks: growing never copies, and short logs stay small.
 */
export class Column {
  readonly #make: new (length: number) => Narrow;
  /** The narrow type's least value says that the number is kept apart. */
  readonly #apart: number;
  readonly #others = new Map<number, number>();
  readonly #chunks: Narrow[] = [];
  #length = 0;

  constructor(make: (new (length: number) => Narrow) & { readonly BYTES_PER_ELEMENT: number }) {
    this.#make = make;
    this.#apart = -(2 ** (8 * make.BYTES_PER_ELEMENT - 1));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const index = this.#length++;
    if ((index & MASK) === 0) this.#chunks.push(new this.#make(CHUNK));
    this.#put(index, value);
  }

  get(index: number): number {
    const value = (this.#chunks[index >>> CHUNK_BITS] as Narrow)[index & MASK] as number;
    return value === this.#apart ? (this.#others.get(index) as number) : value;
  }

  set(index: number, value: number): void {
    if ((this.#chunks[index >>> CHUNK_BITS] as Narrow)[index & MASK] === this.#apart) this.#others.delete(index);
    this.#put(index, value);
  }

  #put(index: number, value: number): void {
    const chunk = this.#chunks[index >>> CHUNK_BITS] as Narrow;
    chunk[index & MASK] = value;
    if (chunk[index & MASK] === value && value !== this.#apart) return;
    chunk[index & MASK] = this.#apart;
    this.#others.set(index, value);
  }
}

/** So many times in a row are kept as distances from the first of them. */
const TIMES_BITS = 10;

/** A column of times in microseconds, added more or less in order. */
export class TimeColumn {
  readonly #firsts: number[] = [];
  readonly #distances = new Column(Int32Array);

  push(timeUs: number): void {
    const index = this.#distances.length;
    if ((index & ((1 << TIMES_BITS) - 1)) === 0) this.#firsts.push(timeUs);
    this.#distances.push(timeUs - (this.#firsts[index >>> TIMES_BITS] as number));
  }

  get(index: number): number {
    return (this.#firsts[index >>> TIMES_BITS] as number) + this.#distances.get(index);
  }
}

/** Strings by number: each distinct string is kept once, in the form in which it may be shown. Number 0 is the empty string. */
export class StringTable {
  readonly #strings: string[] = [''];
  readonly #ids = new Map<string, number>([['', 0]]);
  /** The string asked for last: a pass asks for its runner's name many times in a row. */
  #lastText = '';
  #lastId = 0;

  id(text: string): number {
    if (text === this.#lastText) return this.#lastId;
    this.#lastId = this.#lookUp(text);
    this.#lastText = text;
    return this.#lastId;
  }

  #lookUp(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#strings.length;
      this.#strings.push(visibleText(text));
      this.#ids.set(text, id);
    }
    return id;
  }

  text(id: number): string {
    return this.#strings[id] ?? '';
  }
}
