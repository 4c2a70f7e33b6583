import { visibleText } from '../base/visible-text.ts';

const CHUNK_BITS = 14;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

type NumberArray = Float64Array | Int32Array | Uint16Array | Uint8Array;

/** A column of numbers that grows by chunks, so that growing never copies and short logs stay small. */
export class Column {
  readonly #make: new (length: number) => NumberArray;
  readonly #chunks: NumberArray[] = [];
  #length = 0;

  constructor(make: new (length: number) => NumberArray) {
    this.#make = make;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const index = this.#length++;
    if ((index & MASK) === 0) this.#chunks.push(new this.#make(CHUNK));
    (this.#chunks[index >>> CHUNK_BITS] as NumberArray)[index & MASK] = value;
  }

  get(index: number): number {
    return (this.#chunks[index >>> CHUNK_BITS] as NumberArray)[index & MASK] as number;
  }

  set(index: number, value: number): void {
    (this.#chunks[index >>> CHUNK_BITS] as NumberArray)[index & MASK] = value;
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
