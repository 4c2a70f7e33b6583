import { lengthened } from './lengthened.ts';

/** Stands for no chunk. */
export const NONE = -1;

/**
 * By chunk: the span of its bars and the lane's next chunk. Drawing a short time looks at these of every chunk of every
 * lane in view and at little else, so they lie side by side.
 */
export class ChunkTable {
  minUs = new Float64Array(64);
  maxUs = new Float64Array(64);
  next = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A chunk without bars that nothing follows. */
  add(): number {
    if (this.#length === this.next.length) {
      this.minUs = lengthened(this.minUs, this.#length * 2);
      this.maxUs = lengthened(this.maxUs, this.#length * 2);
      this.next = lengthened(this.next, this.#length * 2);
    }
    const chunk = this.#length++;
    this.minUs[chunk] = Infinity;
    this.maxUs[chunk] = -Infinity;
    this.next[chunk] = NONE;
    return chunk;
  }
}
