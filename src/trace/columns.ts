const CHUNK_BITS = 14;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;
/** Rows that a column's first chunk has room for at first. */
const FEW = 128;

type Narrow = Int8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
type NarrowConstructor = (new (buffer: number | ArrayBuffer) => Narrow) & { readonly BYTES_PER_ELEMENT: number };

/** What a column consists of: plain data and buffers, which can go to another thread. */
export interface ColumnParts {
  readonly length: number;
  /** Of a chunk without a known value there is no buffer, and of one with the same value in each row only that. */
  readonly chunks: readonly (ArrayBuffer | number | undefined)[];
  readonly apart: ReadonlyMap<number, number>;
}

/**
 * A column of numbers, nearly all integers that fit a narrow type; the others are kept apart, so that any
 * number comes back as it was. NaN says that a value is not known, and so does a row that nothing was written to: what is
 * not known takes neither time nor, where all of a column is, memory. Grows by chunks, which are never copied; the first
 * alone doubles until it is whole, so that a short run allocates little. A chunk whose rows are all the same is that number
 * until another one comes: nothing was held back, say, or everything is known from a run.
 */
export class Column {
  readonly #make: NarrowConstructor;
  /** The narrow type's least value says that the number is kept apart, the next one that it is not known. */
  readonly #apart: number;
  readonly #unknown: number;
  #others = new Map<number, number>();
  /** A number stands for itself in each row of the chunk, of the last one in those that there are. */
  #chunks: (Narrow | number | undefined)[] = [];
  #length = 0;

  constructor(make: NarrowConstructor) {
    this.#make = make;
    this.#apart = -(2 ** (8 * make.BYTES_PER_ELEMENT - 1));
    this.#unknown = this.#apart + 1;
  }

  /** One more than the last row that was written to. */
  get length(): number {
    return this.#length;
  }

  /** Writes to the row after the last one. */
  push(value: number): void {
    this.#write(this.#length, value);
  }

  /** Writes to a new row, if there is something to write. */
  put(index: number, value: number | undefined): void {
    if (value === undefined || Number.isNaN(value)) return;
    this.#write(index, value);
  }

  get(index: number): number {
    const chunk = this.#chunks[index >>> CHUNK_BITS];
    if (chunk === undefined) return NaN;
    if (typeof chunk === 'number') return index < this.#length ? chunk : NaN;
    const value = chunk[index & MASK] as number;
    if (value > this.#unknown) return value;
    return value === this.#apart ? (this.#others.get(index) as number) : NaN;
  }

  set(index: number, value: number): void {
    const chunk = this.#chunks[index >>> CHUNK_BITS];
    if (typeof chunk === 'object' && chunk[index & MASK] === this.#apart) this.#others.delete(index);
    this.#write(index, value);
  }

  /** The column's memory itself, not a copy. */
  parts(): ColumnParts {
    return {
      length: this.#length,
      chunks: this.#chunks.map((chunk) => (typeof chunk === 'object' ? chunk.buffer : chunk)),
      apart: this.#others,
    };
  }

  /** Becomes the column that the parts are of. */
  take({ length, chunks, apart }: ColumnParts): void {
    this.#length = length;
    this.#chunks = chunks.map((chunk) => (typeof chunk === 'object' ? new this.#make(chunk) : chunk));
    this.#others = new Map(apart);
  }

  #write(index: number, value: number): void {
    const place = index >>> CHUNK_BITS;
    const length = this.#length;
    let chunk = this.#chunks[place];
    if (chunk === value && index <= length) {
      if (index === length) this.#length++;
      return;
    }
    if (index >= length) {
      // Rows that are left out of a chunk are not known, whatever the others are.
      if (index > length && place > 0) this.#spell(length >>> CHUNK_BITS);
      this.#length = index + 1;
    }
    if (chunk === undefined && (index & MASK) === 0 && index >= length && this.#fits(value)) {
      this.#begin(place, value);
      return;
    }
    if (typeof chunk === 'number') chunk = this.#spell(place, length);
    if (Number.isNaN(value)) {
      if (chunk !== undefined && chunk.length > (index & MASK)) chunk[index & MASK] = this.#unknown;
      return;
    }
    if (chunk === undefined || chunk.length <= (index & MASK)) chunk = this.#makeRoom(place, (index & MASK) + 1);
    chunk[index & MASK] = value;
    if (chunk[index & MASK] === value && value > this.#unknown) return;
    chunk[index & MASK] = this.#apart;
    this.#others.set(index, value);
  }

  #fits(value: number): boolean {
    return Number.isInteger(value) && value > this.#unknown && value < -this.#apart;
  }

  #begin(place: number, chunk: Narrow | number): void {
    for (let before = this.#chunks.length; before < place; before++) this.#chunks.push(undefined);
    this.#chunks[place] = chunk;
  }

  /** Writes out the rows of a chunk that were all the same, up to a length of the column. */
  #spell(place: number, length = this.#length): Narrow | undefined {
    const chunk = this.#chunks[place];
    if (typeof chunk !== 'number') return chunk;
    const rows = Math.min(CHUNK, length - place * CHUNK);
    this.#chunks[place] = undefined;
    return this.#makeRoom(place, rows).fill(chunk, 0, rows);
  }

  /** A chunk with room for this many rows in place of the one that is there. */
  #makeRoom(place: number, rows: number): Narrow {
    const old = this.#chunks[place];
    let size = place > 0 ? CHUNK : FEW;
    while (size < rows) size *= 2;
    const chunk = new this.#make(size).fill(this.#unknown);
    if (typeof old === 'object') chunk.set(old);
    this.#begin(place, chunk);
    return chunk;
  }
}

/** This many times in a row are kept as distances from the first of them. */
const TIMES_BITS = 10;

export interface TimeColumnParts {
  readonly firsts: readonly number[];
  readonly distances: ColumnParts;
}

/** A column of times in microseconds, added more or less in order. */
export class TimeColumn {
  #firsts: number[] = [];
  readonly #distances = new Column(Int32Array);

  get length(): number {
    return this.#distances.length;
  }

  push(timeUs: number): void {
    const index = this.#distances.length;
    if ((index & ((1 << TIMES_BITS) - 1)) === 0) this.#firsts.push(timeUs);
    this.#distances.push(timeUs - (this.#firsts[index >>> TIMES_BITS] as number));
  }

  get(index: number): number {
    return (this.#firsts[index >>> TIMES_BITS] as number) + this.#distances.get(index);
  }

  parts(): TimeColumnParts {
    return { firsts: this.#firsts, distances: this.#distances.parts() };
  }

  take({ firsts, distances }: TimeColumnParts): void {
    this.#firsts = [...firsts];
    this.#distances.take(distances);
  }
}
