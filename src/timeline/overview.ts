import type { Bar, BarStore } from './bar-store.ts';
import { laneShape, ROWS_A_BAND, slotsOfBand } from './lane-shape.ts';

/** Bins of the finest level: one for this many bars, within limits. The more bars, the more there is to gain. */
const BARS_A_BIN = 128;
const FEWEST_BINS = 4_096;
const MOST_BINS = 32_768;
/**
 * The longest bin to draw, in pixels: edges are off by at most this much. The finest level may be used up to 2 px per
 * bin, because past it every bar must be drawn individually, at the zoom where that costs most.
 */
const MAX_BIN_PX = 1;
const EIGHTH_BITS = 0x8080_8080 | 0;

/**
 * Many lanes drawn once in advance, at a high resolution: for each row of lanes that share a pixel the value of each
 * bin of time, and the same in bins twice as long, and so on (a mip-map). Drawing all lanes then takes the same time
 * however many bars there are. Bars are rounded outwards to whole bins; more can be added as they come.
 */
export class Overview {
  readonly lanesAPixel: number;
  readonly lanes: ArrayLike<number>;
  /** Whether bars without an end are in it. They grow over time, so they are drawn on top of it instead. */
  readonly holdsOpenBars: boolean;
  /** Number of bars in it that have an end. */
  #bars: number;
  #binUs: number;
  readonly #shape = laneShape(1);
  /** By lane; -1 for lanes that are not in it. */
  readonly #rowOfLane: Int32Array;
  readonly #bands: number;
  /** Band by band the bins of each level; level n has bins of `#binUs` times 2 to the n. */
  readonly #levels: readonly Int32Array<ArrayBuffer>[];
  /** The same memory as bytes: those of a bin's rows, the first row's first. */
  readonly #bytes: readonly Uint8Array[];
  readonly #bins: readonly number[];
  /** By pixel of the picture drawn last: the bins that touch it, three at most; if fewer, some twice. */
  #firstBin = new Int32Array(0);
  #middleBin = new Int32Array(0);
  #lastBin = new Int32Array(0);
  /** The pixels that bins touch, which lie side by side. */
  #fromX = 0;
  #toX = 0;
  #mapKey = '';

  /** @param nowUs where bars without an end reach to; left out, these are not in it */
  constructor(store: BarStore, lanes: ArrayLike<number>, lanesAPixel: number, nowUs?: number) {
    this.lanes = lanes;
    this.lanesAPixel = lanesAPixel;
    this.holdsOpenBars = nowUs !== undefined;
    this.#bars = store.length;
    this.#rowOfLane = new Int32Array(store.lanes).fill(-1);
    for (let index = 0; index < lanes.length; index++) {
      this.#rowOfLane[lanes[index] as number] = Math.floor(index / lanesAPixel);
    }
    const rows = Math.ceil(lanes.length / lanesAPixel);
    this.#bands = Math.ceil(rows / ROWS_A_BAND);
    const bins = Math.min(MOST_BINS, Math.max(FEWEST_BINS, 2 ** Math.ceil(Math.log2(store.length / BARS_A_BIN))));
    this.#binUs = 2 ** Math.max(0, Math.ceil(Math.log2((Math.max(store.endUs, nowUs ?? 0) + 1) / bins)));
    const levels = [new Int32Array(this.#bands * bins)];
    const finest = bytesOf(levels[0] as Int32Array<ArrayBuffer>);
    const slots = slotsOfBand(this.#shape);
    const { value } = this.#shape;
    const scale = { fromUs: 0, pixelsPerUs: 1 / this.#binUs, width: bins, nowUs: nowUs ?? -Infinity };
    for (let row = 0; row < rows; row++) {
      const first = row * lanesAPixel;
      const last = Math.min(lanes.length, first + lanesAPixel);
      const inBand = row % ROWS_A_BAND;
      const base = (row - inBand) * bins;
      const values = finest.subarray(base, base + bins * ROWS_A_BAND);
      const slot = slots[inBand] as Int32Array;
      store.bin(lanes, first, last, { ...scale, slot, value, step: ROWS_A_BAND, values });
    }
    const counts = [bins];
    while ((counts.at(-1) as number) > 1) {
      levels.push(halved(levels.at(-1) as Int32Array));
      counts.push((counts.at(-1) as number) / 2);
    }
    this.#levels = levels;
    this.#bytes = levels.map(bytesOf);
    this.#bins = counts;
  }

  get bars(): number {
    return this.#bars;
  }

  /** Takes a bar that the store has got since; those without an end are not for it. */
  add({ lane, kind, startUs, endUs }: Bar): void {
    if (endUs === Infinity) return;
    this.#bars++;
    const row = this.#rowOfLane[lane] ?? -1;
    if (row < 0 || this.#shape.column[kind] !== 0) return;
    while (endUs >= this.#binUs * (this.#bins[0] as number)) this.#lengthen();
    const value = this.#shape.value[kind] as number;
    let first = Math.floor(startUs / this.#binUs);
    let end = Math.max(first + 1, Math.ceil(endUs / this.#binUs));
    for (const [number, bytes] of this.#bytes.entries()) {
      const inBand = row % ROWS_A_BAND;
      const base = (row - inBand) * (this.#bins[number] as number) + inBand;
      let isNew = false;
      for (let at = base + first * ROWS_A_BAND; at < base + end * ROWS_A_BAND; at += ROWS_A_BAND) {
        if ((bytes[at] as number) >= value) continue;
        bytes[at] = value;
        isNew = true;
      }
      if (!isNew) return;
      first >>= 1;
      end = (end + 1) >> 1;
    }
  }

  /** Makes room for twice the time: each level becomes what the coarser one was. */
  #lengthen(): void {
    this.#binUs *= 2;
    for (const [number, level] of this.#levels.entries()) {
      const coarser = this.#levels[number + 1];
      if (coarser === undefined) return;
      const bins = this.#bins[number] as number;
      for (let band = 0; band < this.#bands; band++) {
        const base = band * bins;
        level.set(coarser.subarray(base / 2, (base + bins) / 2), base);
        level.fill(0, base + bins / 2, base + bins);
      }
    }
  }

  /** Length of the bins that are used at a scale; undefined where even the finest are too long. */
  binUs(pixelsPerUs: number): number | undefined {
    const level = this.#levelFor(pixelsPerUs);
    return level < 0 ? undefined : this.#binUs * 2 ** level;
  }

  /**
   * By pixel the highest values of the bars that touch it in the band's rows, the first row's in the lowest byte; pixels
   * that lie before or after all bins are left as they are.
   */
  read(band: number, fromUs: number, pixelsPerUs: number, width: number, words: Int32Array): void {
    const level = this.#levelFor(pixelsPerUs);
    this.#mapPixels(level, fromUs, pixelsPerUs, width);
    const values = this.#levels[level] as Int32Array;
    const base = band * (this.#bins[level] as number);
    const [firstBin, middleBin, lastBin, toX] = [this.#firstBin, this.#middleBin, this.#lastBin, this.#toX];
    for (let x = this.#fromX; x < toX; x++) {
      const first = values[base + (firstBin[x] as number)] as number;
      const middle = values[base + (middleBin[x] as number)] as number;
      const last = values[base + (lastBin[x] as number)] as number;
      words[x] = larger(larger(first, middle), last);
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
    const binUs = this.#binUs * 2 ** level;
    const key = `${level} ${binUs} ${fromUs} ${pixelsPerUs} ${width}`;
    if (key === this.#mapKey) return;
    this.#mapKey = key;
    if (this.#firstBin.length < width) {
      this.#firstBin = new Int32Array(width);
      this.#middleBin = new Int32Array(width);
      this.#lastBin = new Int32Array(width);
    }
    const bins = this.#bins[level] as number;
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

function bytesOf({ buffer }: Int32Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer);
}

/** Every two bins as one; a band's bins are an even number, so that bands do not mix. */
function halved(values: Int32Array): Int32Array<ArrayBuffer> {
  const half = new Int32Array(values.length / 2);
  for (let at = 0; at < half.length; at++) {
    half[at] = larger(values[at * 2] as number, values[at * 2 + 1] as number);
  }
  return half;
}

/** By byte the larger of two words' values, which are below 128. The eighth bits hold which of them is a's. */
function larger(a: number, b: number): number {
  const isFirst = ((a | EIGHTH_BITS) - b) & EIGHTH_BITS;
  const mask = (isFirst - (isFirst >>> 7)) | isFirst;
  return b ^ ((a ^ b) & mask);
}
