import { KIND_MASK } from './bars.ts';
import type { Columns } from './columns.ts';

/** Bars of a chunk. Of every chunk the span and the kinds are known, so that drawing can skip it or draw it as one. */
const CHUNK = 16;
export const CHUNK_BITS = 8;
const SLAB_CHUNKS = 1 << CHUNK_BITS;
export const CHUNK_MASK = SLAB_CHUNKS - 1;
/** Words of a bar: start after the chunk's base, duration, pass, and tag. */
export const BAR_WORDS = 4;
/** A duration with this bit is the place of one that has no room in a word, 36 minutes or more. */
const LONG = 1 << 31;

/** Memory for the bars of many chunks. A bar's words lie side by side, as a chunk's bars do: memory is fetched in lines of 64 bytes. */
export class Slab {
  readonly #words = new Int32Array(SLAB_CHUNKS * CHUNK * BAR_WORDS);
  /** By chunk: what its bars' starts are counted from in microseconds, the set of their kinds, and how many they are. */
  readonly baseUs = new Float64Array(SLAB_CHUNKS);
  readonly kinds = new Uint32Array(SLAB_CHUNKS);
  readonly count = new Uint8Array(SLAB_CHUNKS);
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
    this.#words[at] = startUs - (this.baseUs[within] as number);
    this.#words[at + 1] = durationUs < 2 ** 31 ? durationUs : LONG | (this.#longUs.push(durationUs) - 1);
    this.#words[at + 2] = pass;
    this.#words[at + 3] = tag;
    this.count[within] = count + 1;
    this.kinds[within] = (this.kinds[within] as number) | (1 << (tag & KIND_MASK));
  }

  /** Place of the chunk's first bar; each further one is BAR_WORDS behind the one before. */
  first(within: number): number {
    return within * CHUNK * BAR_WORDS;
  }

  /** The place behind its last bar. */
  end(within: number): number {
    return (within * CHUNK + (this.count[within] as number)) * BAR_WORDS;
  }

  /** Start of the bar at a place, in microseconds after its chunk's base. */
  offsetUs(at: number): number {
    return this.#words[at] as number;
  }

  durationUs(at: number): number {
    const duration = this.#words[at + 1] as number;
    return duration >= 0 ? duration : (this.#longUs[duration ^ LONG] as number);
  }

  pass(at: number): number {
    return this.#words[at + 2] as number;
  }

  /** Kind in the low five bits, the detail above DETAIL_SHIFT. */
  tag(at: number): number {
    return this.#words[at + 3] as number;
  }
}

/**
 * Draws a chunk's bars, which lie between `minUs` and `maxUs`, into columns; see BarStore.bin().
 * @returns whether there may be one among them that is seen
 */
export function binChunk(slab: Slab, within: number, minUs: number, maxUs: number, columns: Columns): boolean {
  const { fromUs, pixelsPerUs, width, slot, value, step, values } = columns;
  const firstX = Math.floor((minUs - fromUs) * pixelsPerUs);
  const isOnePixel = firstX >= 0 && (maxUs - fromUs) * pixelsPerUs <= firstX + 1;
  if (isOnePixel && firstX < width) {
    binWhole(slab.kinds[within] as number, firstX, columns);
    return true;
  }
  const baseUs = slab.baseUs[within] as number;
  const end = slab.end(within);
  let seen = false;
  for (let bar = slab.first(within); bar < end; bar += BAR_WORDS) {
    const from = (baseUs + slab.offsetUs(bar) - fromUs) * pixelsPerUs;
    if (from >= width) continue;
    const kind = slab.tag(bar) & KIND_MASK;
    const kindSlot = slot[kind] as number;
    if (kindSlot < 0) continue;
    const to = from + slab.durationUs(bar) * pixelsPerUs;
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

/** All bars of a chunk that lies within one pixel. */
function binWhole(kinds: number, x: number, { slot, value, step, values }: Columns): void {
  for (let left = kinds; left !== 0; left &= left - 1) {
    const kind = 31 - Math.clz32(left & -left);
    const kindSlot = slot[kind] as number;
    if (kindSlot < 0) continue;
    const at = kindSlot + x * step;
    if ((values[at] as number) < (value[kind] as number)) values[at] = value[kind] as number;
  }
}
