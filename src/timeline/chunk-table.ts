import { grown } from './grow-array.ts';
import type { Slab } from './slab.ts';

/** Stands for no chunk. */
export const NONE = -1;

/** Parts that a chunk's span is divided into, one for each bit of `busy`. */
const PARTS = 32;
const ALL_PARTS = 0xffff_ffff;

/**
 * By chunk: the span of its bars and the lane's next chunk. Drawing a short time looks at these of every chunk of every
 * lane in view and at little else, so they lie side by side.
 */
export class ChunkTable {
  minUs = new Float64Array(64);
  maxUs = new Float64Array(64);
  next = new Int32Array(64);
  /** The parts of the span that bars touch: passes are short and far between, so a short time mostly meets none. */
  busy = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A chunk without bars that nothing follows. */
  add(): number {
    if (this.#length === this.next.length) {
      this.minUs = grown(this.minUs, this.#length * 2);
      this.maxUs = grown(this.maxUs, this.#length * 2);
      this.next = grown(this.next, this.#length * 2);
      this.busy = grown(this.busy, this.#length * 2);
    }
    const chunk = this.#length++;
    this.minUs[chunk] = Infinity;
    this.maxUs[chunk] = -Infinity;
    this.next[chunk] = NONE;
    this.busy[chunk] = ALL_PARTS;
    return chunk;
  }

  /** Whether a bar of the chunk may touch the span, which touches the chunk's. */
  isBusy(chunk: number, fromUs: number, toUs: number): boolean {
    const busy = this.busy[chunk] as number;
    return busy === ALL_PARTS || (busy & this.#parts(chunk, fromUs, toUs)) !== 0;
  }

  /** A bar has been added to the chunk; where in the span its bars are is not known until it is located again. */
  extend(chunk: number, startUs: number, endUs: number): void {
    if (startUs < (this.minUs[chunk] as number)) this.minUs[chunk] = startUs;
    if (endUs > (this.maxUs[chunk] as number)) this.maxUs[chunk] = endUs;
    this.busy[chunk] = ALL_PARTS;
  }

  /** Notes where in its span the chunk's bars are, which lie in the slab. */
  locate(chunk: number, slab: Slab, within: number): void {
    const baseUs = slab.baseUs[within] as number;
    const end = slab.end(within);
    let busy = 0;
    for (let at = slab.first(within); at < end; at++) {
      const startUs = baseUs + (slab.offsetUs[at] as number);
      busy |= this.#parts(chunk, startUs, startUs + slab.durationUs(at));
    }
    this.busy[chunk] = busy;
  }

  /** The parts that a span touches. Rounding keeps the order of times, so spans that touch have a part in common. */
  #parts(chunk: number, fromUs: number, toUs: number): number {
    const minUs = this.minUs[chunk] as number;
    const partUs = ((this.maxUs[chunk] as number) - minUs) / PARTS;
    const first = Math.max(0, Math.floor((fromUs - minUs) / partUs));
    const last = Math.min(PARTS - 1, Math.floor((toUs - minUs) / partUs));
    return (ALL_PARTS << first) & (ALL_PARTS >>> (PARTS - 1 - last));
  }
}
