import { KIND_MASK } from './bars.ts';
import type { PixelColumns } from './pixel-columns.ts';

/** Bars of a chunk. Of every chunk the span and the kinds are known, so that drawing can skip it or draw it as one. */
const CHUNK = 16;
export const CHUNK_BITS = 8;
const SLAB_CHUNKS = 1 << CHUNK_BITS;
export const CHUNK_MASK = SLAB_CHUNKS - 1;
const SLAB = CHUNK * SLAB_CHUNKS;
/** Durations from here on, 36 minutes, have no room in a word. */
const LONG = 0x8000_0000;

/** Memory for the bars of many chunks; bars of one chunk lie side by side. */
export class Slab {
  /** Starts, in microseconds after the chunk's base; a bar that is too far from it begins another chunk. */
  readonly offsetUs = new Int32Array(SLAB);
  readonly pass = new Int32Array(SLAB);
  /** Kind in the low six bits, the detail above DETAIL_SHIFT. */
  readonly tag = new Uint32Array(SLAB);
  /** By chunk: what its bars' starts are counted from, the set of their kinds, and how many they are. */
  readonly baseUs = new Float64Array(SLAB_CHUNKS);
  readonly kinds = new Uint32Array(SLAB_CHUNKS);
  /** The same of kinds from 32 on, which are few. */
  readonly highKinds = new Uint32Array(SLAB_CHUNKS);
  readonly count = new Uint8Array(SLAB_CHUNKS);
  /** Durations in microseconds; from LONG on their places among those that a word does not hold. */
  readonly #duration = new Uint32Array(SLAB);
  readonly #longUs: number[] = [];

  /** Whether one more bar can be in the chunk, one that begins then. */
  hasRoom(within: number, startUs: number): boolean {
    const count = this.count[within] as number;
    const offsetUs = startUs - (this.baseUs[within] as number);
    return count < CHUNK && (count === 0 || (offsetUs | 0) === Math.trunc(offsetUs));
  }

  /** Adds a bar to a chunk that has room for it. */
  add(within: number, startUs: number, durationUs: number, pass: number, tag: number): void {
    const at = this.end(within);
    const count = this.count[within] as number;
    if (count === 0) this.baseUs[within] = startUs;
    this.offsetUs[at] = startUs - (this.baseUs[within] as number);
    this.#duration[at] = durationUs < LONG ? durationUs : LONG + this.#longUs.push(durationUs) - 1;
    this.pass[at] = pass;
    this.tag[at] = tag;
    this.count[within] = count + 1;
    const kind = tag & KIND_MASK;
    const kinds = kind < 32 ? this.kinds : this.highKinds;
    kinds[within] = (kinds[within] as number) | (1 << (kind & 31));
  }

  durationUs(at: number): number {
    const duration = this.#duration[at] as number;
    return duration < LONG ? duration : (this.#longUs[duration - LONG] as number);
  }

  /** The number of the chunk's first bar, and that after its last. */
  first(within: number): number {
    return within * CHUNK;
  }

  end(within: number): number {
    return within * CHUNK + (this.count[within] as number);
  }
}

/**
 * Draws a chunk's bars, which lie between `minUs` and `maxUs`, into columns; see BarStore.bin().
 * @returns whether there may be one among them that is seen
 */
export function binChunk(slab: Slab, within: number, minUs: number, maxUs: number, columns: PixelColumns): boolean {
  const { fromUs, pixelsPerUs, width, slot, value, step, values } = columns;
  const firstX = Math.floor((minUs - fromUs) * pixelsPerUs);
  const isOnePixel = firstX >= 0 && (maxUs - fromUs) * pixelsPerUs <= firstX + 1;
  if (isOnePixel && firstX < width) {
    binWhole(slab.kinds[within] as number, 0, firstX, columns);
    const highKinds = slab.highKinds[within] as number;
    if (highKinds !== 0) binWhole(highKinds, 32, firstX, columns);
    return true;
  }
  const { offsetUs, tag } = slab;
  const baseUs = slab.baseUs[within] as number;
  const end = slab.end(within);
  let seen = false;
  for (let number = slab.first(within); number < end; number++) {
    const from = (baseUs + (offsetUs[number] as number) - fromUs) * pixelsPerUs;
    if (from >= width) continue;
    const kind = (tag[number] as number) & KIND_MASK;
    const kindSlot = slot[kind] as number;
    if (kindSlot < 0) continue;
    const to = from + slab.durationUs(number) * pixelsPerUs;
    if (to <= 0 && from < 0) continue;
    seen = true;
    const x = from < 0 ? 0 : from | 0;
    let endX = Math.ceil(to);
    if (endX <= x) endX = x + 1;
    else if (endX > width) endX = width;
    const rank = value[kind] as number;
    const endAt = kindSlot + endX * step;
    for (let at = kindSlot + x * step; at < endAt; at += step) {
      if ((values[at] as number) < rank) values[at] = rank;
    }
  }
  return seen;
}

/** All bars of a chunk that lies within one pixel. @param kinds a set of 32, from `first` on */
function binWhole(kinds: number, first: number, x: number, { slot, value, step, values }: PixelColumns): void {
  for (let left = kinds; left !== 0; left &= left - 1) {
    const kind = first + 31 - Math.clz32(left & -left);
    const kindSlot = slot[kind] as number;
    if (kindSlot < 0) continue;
    const at = kindSlot + x * step;
    if ((values[at] as number) < (value[kind] as number)) values[at] = value[kind] as number;
  }
}
