import { KINDS } from './bars.ts';
import type { BarStore } from './bar-store.ts';
import type { PixelColumns } from './pixel-columns.ts';
import { DRAW_ORDER, laneShape, type LaneShape, ROWS_A_BAND, slotsOfBand, stripeGapPx } from './lane-shape.ts';
import { onLine, type Paint, type Palette, PERIOD_PX } from './palette.ts';
import type { Overview } from './overview.ts';
import type { LaneScale, Rows } from './rows.ts';
import type { Viewport } from './viewport.ts';

/** An image in memory: one 32-bit word a pixel, row by row. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixels: Uint32Array;
}

export interface Scene {
  readonly rows: Rows;
  /** The bars of each group of `rows`. */
  readonly stores: readonly BarStore[];
  readonly viewport: Viewport;
  /** Rows' vertical position at the picture's top. */
  readonly scrollPx: number;
  /** Where bars without an end reach to. */
  readonly nowUs: readonly number[];
  /** Added to a group's times, so that runs can be laid one upon the other. */
  readonly shiftUs: readonly number[];
  /** Of groups that have one for the lanes and the scale of `rows`. */
  readonly overviews?: readonly (Overview | undefined)[];
}

/** What is seen where there are no bars. */
export interface Backdrop {
  readonly colour: number;
  /** Pixel columns of the grid's lines. */
  readonly lines: readonly number[];
  readonly lineColour: number;
}

/** A stripe has fewer values than this: with line and phase they fit a byte. */
const STRIPE_VALUES = 32;
/** Added to a stripe's value where the backdrop has a line. */
const ON_LINE = STRIPE_VALUES;
/** A stripe's pixels repeat after a pattern's period; two that lie side by side are alike. */
const PHASES = PERIOD_PX / 2;
/** A value with the line and the phase of its column: one byte. */
const VALUES = 2 * STRIPE_VALUES * PHASES;
const VALUE_MASK = VALUES - 1;
const EACH_ROW = 0x0101_0101;

/**
 * Draws the visible lanes. Bars are first brought down to one value a pixel column and track, which costs a few
 * nanoseconds a bar whatever its length, and the columns are then painted.
 */
export class Painter {
  readonly #shapeOf: (lanePx: number) => LaneShape;
  #shape: LaneShape = laneShape(1);
  #widthPx = 0;
  /** Of a lane with details: track by track the values by pixel column. */
  #columns = new Uint8Array(0);
  #slot = new Int32Array(KINDS);
  /** By pixel column the values of a band's rows, a byte each, and the same bytes. */
  #words = new Int32Array(0);
  #bytes = new Uint8Array(0);
  #slots: readonly Int32Array[] = [];
  /** The pixels of a band's rows, and each row's. */
  #band = new Int32Array(0);
  #bandRows: readonly Uint32Array[] = [];
  /** By pixel column: its phase, and whether a line goes through it, for each of a band's rows. */
  #lines = new Int32Array(0);
  /** By row of a band the colour of each value of a stripe, off and on lines, in each phase. */
  readonly #stripeColours = Array.from({ length: ROWS_A_BAND }, () => new Int32Array(VALUES));

  /** @param shapeOf how lanes of a height are drawn */
  constructor(shapeOf = laneShape) {
    this.#shapeOf = shapeOf;
  }

  paint(scene: Scene, palette: Palette, backdrop: Backdrop, picture: Picture): void {
    const { rows, scrollPx } = scene;
    this.#prepare(rows.scale.lanePx, picture.widthPx);
    paintBackdrop(backdrop, picture);
    if (this.#shape.columns === 1) this.#mixStripes(palette, backdrop);
    rows.groups.forEach((group, number) => {
      if (group.collapsed) return;
      const store = scene.stores[number];
      const top = rows.top(number) + rows.headerPx - scrollPx;
      if (store === undefined || top >= picture.heightPx || top + rows.bodyPx(group) <= 0) return;
      if (this.#shape.columns === 1) this.#paintStripes(scene, number, store, top, picture);
      else this.#paintLanes(scene, number, store, top, palette, picture);
    });
  }

  #prepare(lanePx: number, widthPx: number): void {
    if (this.#shape.heightPx === lanePx && this.#widthPx === widthPx) return;
    this.#shape = this.#shapeOf(lanePx);
    this.#widthPx = widthPx;
    this.#columns = new Uint8Array(this.#shape.columns * widthPx);
    this.#slot = this.#shape.column.map((column) => (column < 0 ? -1 : column * widthPx));
    this.#words = new Int32Array(widthPx);
    this.#bytes = new Uint8Array(this.#words.buffer);
    this.#slots = slotsOfBand(this.#shape);
    const band = new Int32Array(ROWS_A_BAND * widthPx);
    this.#band = band;
    this.#bandRows = this.#slots.map((_, inBand) => new Uint32Array(band.buffer, inBand * widthPx * 4, widthPx));
    this.#lines = new Int32Array(widthPx);
  }

  #mixStripes(palette: Palette, { colour, lines, lineColour }: Backdrop): void {
    this.#stripeColours.forEach((colours, inBand) => {
      for (let at = 0; at < VALUES; at++) {
        const value = at % STRIPE_VALUES;
        const phase = Math.floor(at / (2 * STRIPE_VALUES));
        const paint = palette[this.#shape.kindOf[value] as number];
        if (value === 0) colours[at] = (at & ON_LINE) === 0 ? colour : lineColour;
        else if (paint !== undefined) colours[at] = stripeColour(paint, phase * 2, inBand);
      }
    });
    for (let x = 0; x < this.#lines.length; x++) this.#lines[x] = ((x >> 1) % PHASES) * 2 * STRIPE_VALUES * EACH_ROW;
    for (const x of lines) this.#lines[x] = (this.#lines[x] as number) | (ON_LINE * EACH_ROW);
  }

  /** Lanes that are too low for details: one kind a pixel column. */
  #paintStripes(scene: Scene, group: number, store: BarStore, top: number, picture: Picture): void {
    const { scale } = scene.rows;
    const { lanes } = scene.rows.groups[group] as Rows['groups'][number];
    const { lanesAPixel } = scale;
    const { from, to } = rowsInView(scale, lanes.length, top, picture.heightPx);
    const view = viewOf(scene, group, picture.widthPx);
    const columns = this.#slots.map((slot) => {
      return { ...view, slot, value: this.#shape.value, step: ROWS_A_BAND, values: this.#bytes };
    });
    const prepared = lanesAPixel > 1 ? scene.overviews?.[group] : undefined;
    const overview = prepared?.binUs(view.pixelsPerUs) === undefined ? undefined : prepared;
    for (let band = Math.floor(from / ROWS_A_BAND); band * ROWS_A_BAND < to; band++) {
      this.#words.fill(0);
      overview?.read(band, view.fromUs, view.pixelsPerUs, picture.widthPx, this.#words);
      let isTouched = overview !== undefined;
      const firstRow = Math.max(from, band * ROWS_A_BAND);
      const endRow = Math.min(to, (band + 1) * ROWS_A_BAND);
      for (let row = firstRow; row < endRow; row++) {
        const first = row * lanesAPixel;
        const end = Math.min(lanes.length, first + lanesAPixel);
        const into = columns[row % ROWS_A_BAND] as PixelColumns;
        if (overview === undefined) isTouched = store.bin(lanes, first, end, into) || isTouched;
        else if (!overview.holdsOpenBars) store.binOpen(lanes, first, end, into);
      }
      if (!isTouched) continue;
      this.#paintBand();
      for (let row = firstRow; row < endRow; row++) {
        const bottom = top + scene.rows.rowTop(row + 1) - stripeGapPx(scale.lanePx);
        this.#copyStripe(row % ROWS_A_BAND, top + scene.rows.rowTop(row), bottom, picture);
      }
    }
  }

  #paintBand(): void {
    const [words, lines, band] = [this.#words, this.#lines, this.#band];
    const [inFirst, inSecond, inThird, inFourth] = this.#stripeColours as [
      Int32Array,
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    const second = words.length;
    const third = 2 * second;
    const fourth = 3 * second;
    for (let x = 0; x < second; x++) {
      const word = (words[x] as number) | (lines[x] as number);
      band[x] = inFirst[word & VALUE_MASK] as number;
      band[second + x] = inSecond[(word >> 8) & VALUE_MASK] as number;
      band[third + x] = inThird[(word >> 16) & VALUE_MASK] as number;
      band[fourth + x] = inFourth[(word >> 24) & VALUE_MASK] as number;
    }
  }

  #copyStripe(inBand: number, top: number, bottom: number, { widthPx, heightPx, pixels }: Picture): void {
    const stripe = this.#bandRows[inBand] as Uint32Array;
    const end = Math.min(heightPx, bottom);
    for (let y = Math.max(0, top); y < end; y++) pixels.set(stripe, y * widthPx);
  }

  #paintLanes(scene: Scene, group: number, store: BarStore, top: number, palette: Palette, picture: Picture): void {
    const { scale } = scene.rows;
    const { lanes } = scene.rows.groups[group] as Rows['groups'][number];
    const { from, to } = rowsInView(scale, lanes.length, top, picture.heightPx);
    const view = viewOf(scene, group, picture.widthPx);
    const values = this.#columns.fill(0);
    const columns = { ...view, slot: this.#slot, value: this.#shape.value, step: 1, values };
    for (let row = from; row < to; row++) {
      if (!store.bin(lanes, row, row + 1, columns)) continue;
      this.#paintLane(top + scene.rows.rowTop(row), palette, picture);
      values.fill(0);
    }
  }

  /** In runs of equal pixels. */
  #paintLane(top: number, palette: Palette, picture: Picture): void {
    const { kindOf } = this.#shape;
    const { widthPx } = picture;
    const values = this.#columns;
    for (let x = 0; x < widthPx;) {
      let end = x + 1;
      while (end < widthPx && this.#same(x, end)) end++;
      // From the back to the front; each kind covers its own rows.
      for (let at = DRAW_ORDER.length - 1; at >= 0; at--) {
        const column = DRAW_ORDER[at] as number;
        const value = values[column * widthPx + x] as number;
        if (value === 0) continue;
        const kind = kindOf[column * KINDS + value] as number;
        this.#fill(kind, palette[kind] as Paint, x, end, top, picture);
      }
      x = end;
    }
  }

  #same(x: number, other: number): boolean {
    for (let at = 0; at < DRAW_ORDER.length; at++) {
      const base = (DRAW_ORDER[at] as number) * this.#widthPx;
      if (this.#columns[base + x] !== this.#columns[base + other]) return false;
    }
    return true;
  }

  #fill(kind: number, paint: Paint, fromX: number, toX: number, laneTop: number, picture: Picture): void {
    const { widthPx, heightPx, pixels } = picture;
    const first = Math.max(0, laneTop + (this.#shape.top[kind] as number));
    const last = Math.min(heightPx, laneTop + (this.#shape.bottom[kind] as number));
    for (let y = first; y < last; y++) {
      const row = y * widthPx;
      if (paint.pattern === 'solid') {
        pixels.fill(paint.colour, row + fromX, row + toX);
        continue;
      }
      for (let x = fromX; x < toX; x++) pixels[row + x] = onLine(paint.pattern, x, y) ? paint.colour : paint.gap;
    }
  }
}

/** A stripe's rows of pixels are alike: patterns go from one stripe to the next, a line's slope by two columns. */
export function stripeColour({ pattern, colour, gap }: Paint, x: number, row: number): number {
  return onLine(pattern, x - (x % 2), (row % ROWS_A_BAND) * 2) ? colour : gap;
}

function paintBackdrop({ colour, lines, lineColour }: Backdrop, { widthPx, heightPx, pixels }: Picture): void {
  pixels.fill(colour);
  for (const x of lines) {
    for (let y = 0; y < heightPx; y++) pixels[y * widthPx + x] = lineColour;
  }
}

/** The rows of a group that are in the picture, the last excluded. */
function rowsInView(
  { lanePx, lanesAPixel }: LaneScale,
  lanes: number,
  top: number,
  heightPx: number,
): { from: number; to: number } {
  return {
    from: Math.max(0, Math.floor(-top / lanePx)),
    to: Math.min(Math.ceil(lanes / lanesAPixel), Math.ceil((heightPx - top) / lanePx)),
  };
}

/** The part of time that is drawn of a group, in the group's own time. */
export function viewOf(
  { viewport, shiftUs, nowUs }: Scene,
  group: number,
  width: number,
): Pick<PixelColumns, 'fromUs' | 'pixelsPerUs' | 'width' | 'nowUs'> {
  const { fromUs, pixelsPerUs } = viewport;
  return { fromUs: fromUs - (shiftUs[group] ?? 0), pixelsPerUs, width, nowUs: nowUs[group] ?? 0 };
}
