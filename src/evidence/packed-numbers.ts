const CHUNK_BITS = 12;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

type Width = typeof Int8Array | typeof Int16Array | typeof Int32Array | typeof Float64Array;

/**
 * A column of finite numbers, in chunks that grow and are never copied whole. A chunk keeps distances from its first number, in
 * as few bytes as they need: line numbers, and times, take two or four bytes in place of eight, what hardly changes takes one.
 */
export class PackedNumbers {
  readonly #chunks: InstanceType<Width>[] = [];
  readonly #firsts: number[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const index = this.#length++;
    if ((index & MASK) === 0) {
      this.#chunks.push(new Int8Array(CHUNK));
      this.#firsts.push(value);
    }
    this.set(index, value);
  }

  /** @param index of a number that was pushed */
  get(index: number): number {
    const chunk = index >>> CHUNK_BITS;
    return (this.#firsts[chunk] as number) + ((this.#chunks[chunk] as Int32Array)[index & MASK] as number);
  }

  set(index: number, value: number): void {
    const chunk = index >>> CHUNK_BITS;
    const numbers = this.#chunks[chunk] as Int32Array;
    const distance = value - (this.#firsts[chunk] as number);
    const place = index & MASK;
    const before = numbers[place] as number;
    numbers[place] = distance;
    if (numbers[place] === distance) return;
    numbers[place] = before;
    const wider = new (widthOf(distance))(CHUNK);
    wider.set(numbers);
    wider[place] = distance;
    this.#chunks[chunk] = wider;
  }
}

function widthOf(distance: number): Width {
  if ((distance << 16) >> 16 === distance) return Int16Array;
  return (distance | 0) === distance ? Int32Array : Float64Array;
}
