import { KIND_MASK } from './bars.ts';
import { OTHER_PASS, SAME_LANE, type PackedBars } from './packed-bars.ts';

/**
 * Goes over packed bars; `next` moves to the first bar, then to each that follows. What a bar is lies in typed arrays:
 * fields would need an object of its own for each number that has no room in 31 bits, which times have not.
 */
export class BarReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Lane, kind, pass and detail. */
  readonly #numbers = new Int32Array(4);
  /** Start and duration. */
  readonly #times = new Float64Array(2);

  constructor({ bytes }: PackedBars) {
    this.#bytes = new Uint8Array(bytes);
  }

  /** @returns whether there is another bar */
  next(): boolean {
    if (this.#at === this.#bytes.length) return false;
    const [numbers, times] = [this.#numbers, this.#times];
    const head = this.#bytes[this.#at++] as number;
    if ((head & SAME_LANE) === 0) numbers[0] = (numbers[0] as number) + this.#signed();
    numbers[1] = head & KIND_MASK;
    if ((head & OTHER_PASS) !== 0) numbers[2] = (numbers[2] as number) + this.#signed();
    numbers[3] = this.#number();
    times[0] = (times[0] as number) + this.#signed();
    const duration = this.#number();
    times[1] = duration === 0 ? Infinity : duration - 1;
    return true;
  }

  get lane(): number {
    return this.#numbers[0] as number;
  }

  get kind(): number {
    return this.#numbers[1] as number;
  }

  get pass(): number {
    return this.#numbers[2] as number;
  }

  get detail(): number {
    return this.#numbers[3] as number;
  }

  get startUs(): number {
    return this.#times[0] as number;
  }

  /** Infinity while it has no end. */
  get durationUs(): number {
    return this.#times[1] as number;
  }

  #number(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++] as number;
    let value = byte & 127;
    // Shifts are faster than multiplying, and have 31 bits.
    for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
      byte = bytes[at++] as number;
      value |= (byte & 127) << shift;
    }
    for (let scale = 2 ** 28; byte > 127; scale *= 128) {
      byte = bytes[at++] as number;
      value += (byte & 127) * scale;
    }
    this.#at = at;
    return value;
  }

  #signed(): number {
    const value = this.#number();
    if (value > 0x7fff_ffff) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    return (value >>> 1) ^ -(value & 1);
  }
}
