import type { BarStore } from './bar-store.ts';
import { KINDS } from './bars.ts';
import { KEPT, laneShape } from './lane-shape.ts';

/** Bins of the finest level: one for so many bars, within limits. The more bars, the more there is to gain. */
const BARS_A_BIN = 128;
const FEWEST_BINS = 4_096;
const MOST_BINS = 32_768;
/**
 * A bin is at most so many pixels long where it is used: edges lie at most that far from where they belong. The finest
 * may be twice as long, since where they no longer do, there are the most bars that have to be drawn one by one.
 */
const MAX_BIN_PX = 1;

/**
 * Many lanes drawn once in advance, at a high resolution: for each row of lanes that share a pixel the value of each
 * bin of time, and the same in bins twice as long, and so on (a mip-map). Drawing all lanes then takes the same time
 * however many bars there are. Bars are rounded outwards to whole bins.
 */
export class Overview {
  readonly lanesAPixel: number;
  readonly lanes: ArrayLike<number>;
  /** Number of bars and moment for which it was made. */
  readonly bars: number;
  readonly #binUs: number;
  readonly #rows: number;
  /** Row by row the bins of each level; level n has bins of `#binUs` times 2 to the n. */
  readonly #levels: readonly Uint8Array[];
  readonly #bins: readonly number[];
  /** By pixel of the picture drawn last: the bins that touch it, three at most; if fewer, some twice. */
  #firstBin = new Int32Array(0);
  #middleBin = new Int32Array(0);
  #lastBin = new Int32Array(0);
  /** The pixels that bins touch, which lie side by side. */
  #fromX = 0;
  #toX = 0;
  #mapKey = '';

  constructor(store: BarStore, lanes: ArrayLike<number>, lanesAPixel: number, nowUs: number) {
    this.lanes = lanes;
    this.lanesAPixel = lanesAPixel;
    this.bars = store.length;
    this.#rows = Math.ceil(lanes.length / lanesAPixel);
    const bins = Math.min(MOST_BINS, Math.max(FEWEST_BINS, 2 ** Math.ceil(Math.log2(store.length / BARS_A_BIN))));
    this.#binUs = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, store.endUs, nowUs) / bins)));
    const shape = laneShape(1);
    const slot = Int32Array.from({ length: KINDS }, (_, kind) => (shape.column[kind] === 0 ? 0 : -1));
    const finest = new Uint8Array(this.#rows * bins);
    for (let row = 0; row < this.#rows; row++) {
      const first = row * lanesAPixel;
      const last = Math.min(lanes.length, first + lanesAPixel);
      const columns = finest.subarray(row * bins, (row + 1) * bins);
      store.bin(lanes, first, last, 0, 1 / this.#binUs, bins, nowUs, slot, shape.value, columns);
    }
    const levels: Uint8Array[] = [finest];
    const counts = [bins];
    while ((counts.at(-1) as number) > 1) {
      levels.push(halved(levels.at(-1) as Uint8Array));
      counts.push((counts.at(-1) as number) / 2);
    }
    this.#levels = levels;
    this.#bins = counts;
  }

  /** Length of the bins that are used at a scale; undefined where even the finest are too long. */
  binUs(pixelsPerUs: number): number | undefined {
    const level = this.#levelFor(pixelsPerUs);
    return level < 0 ? undefined : this.#binUs * 2 ** level;
  }

  /**
   * Draws a row into a line of pixels: where bars touch a pixel, the colour of the highest value among them.
   * @param colours by value; 0 for the value 0
   * @param at where the line begins
   */
  paint(
    row: number,
    fromUs: number,
    pixelsPerUs: number,
    width: number,
    colours: Uint32Array,
    pixels: Uint32Array,
    at: number,
  ): void {
    const level = this.#levelFor(pixelsPerUs);
    this.#mapPixels(level, fromUs, pixelsPerUs, width);
    const values = this.#levels[level] as Uint8Array;
    const base = row * (this.#bins[level] as number);
    // Without branches, which would be guessed wrongly at every other pixel.
    const [firstBin, middleBin, lastBin, toX] = [this.#firstBin, this.#middleBin, this.#lastBin, this.#toX];
    for (let x = this.#fromX; x < toX; x++) {
      const first = values[base + (firstBin[x] as number)] as number;
      const middle = values[base + (middleBin[x] as number)] as number;
      const last = values[base + (lastBin[x] as number)] as number;
      const highest = larger(larger(first, middle), last);
      pixels[at + x] = ((pixels[at + x] as number) & (KEPT[highest] as number)) | (colours[highest] as number);
    }
  }

  /** The coarsest level that is fine enough, -1 for none. Its bins are longer than half a pixel: at most three touch one. */
  #levelFor(pixelsPerUs: number): number {
    const level = Math.floor(Math.log2(MAX_BIN_PX / (this.#binUs * pixelsPerUs)));
    if (level < 0) return level === -1 ? 0 : -1;
    return Math.min(level, this.#levels.length - 1);
  }

  /** Which bins touch each pixel; the same for all rows of a picture. */
  #mapPixels(level: number, fromUs: number, pixelsPerUs: number, width: number): void {
    const key = `${level} ${fromUs} ${pixelsPerUs} ${width}`;
    if (key === this.#mapKey) return;
    this.#mapKey = key;
    if (this.#firstBin.length < width) {
      this.#firstBin = new Int32Array(width);
      this.#middleBin = new Int32Array(width);
      this.#lastBin = new Int32Array(width);
    }
    const bins = this.#bins[level] as number;
    const binUs = this.#binUs * 2 ** level;
    [this.#fromX, this.#toX] = [0, 0];
    for (let bin = 0; bin < bins; bin++) {
      const from = (bin * binUs - fromUs) * pixelsPerUs;
      const to = from + binUs * pixelsPerUs;
      if (to <= 0 || from >= width) continue;
      const end = Math.min(width, Math.max(Math.floor(from) + 1, Math.ceil(to)));
      let x = Math.max(0, Math.floor(from));
      if (this.#toX === 0) this.#fromX = this.#toX = x;
      for (; x < end; x++) {
        if (x < this.#toX) this.#middleBin[x] = this.#lastBin[x] as number;
        else {
          this.#firstBin[x] = this.#middleBin[x] = bin;
          this.#toX = x + 1;
        }
        this.#lastBin[x] = bin;
      }
    }
  }
}

/** Every two bins as one; a row's bins are an even number, so that rows do not mix. */
function halved(values: Uint8Array): Uint8Array {
  const half = new Uint8Array(values.length / 2);
  for (let at = 0; at < half.length; at++) {
    half[at] = Math.max(values[at * 2] as number, values[at * 2 + 1] as number);
  }
  return half;
}

/** Of two numbers that are not negative. */
function larger(a: number, b: number): number {
  const difference = a - b;
  return a - (difference & (difference >> 31));
}
