import { KINDS } from './bars.ts';
import type { BarStore } from './bar-store.ts';
import { DRAW_ORDER, KEPT, laneShape, type LaneShape } from './lane-shape.ts';
import { onLine, type Paint, type Palette } from './palette.ts';
import type { Overview } from './overview.ts';
import type { Rows } from './rows.ts';
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

/**
 * Draws the visible lanes. Bars are first brought down to one value a pixel column and track, which costs a few
 * nanoseconds a bar whatever its length, and the columns are then painted in runs of equal pixels.
 */
export class Painter {
  #columns = new Uint8Array(0);
  #slot = new Int32Array(KINDS);
  #shape: LaneShape = laneShape(1);
  #slotWidth = 0;
  readonly #stripeColours = new Uint32Array(KINDS);
  #stripePx = 1;

  /** Draws over what the picture holds: its background and grid. */
  paint(scene: Scene, palette: Palette, picture: Picture): void {
    const { rows, scrollPx } = scene;
    this.#prepare(rows.scale.lanePx, picture.widthPx);
    rows.groups.forEach((group, number) => {
      if (group.collapsed) return;
      const store = scene.stores[number];
      const top = rows.top(number) + rows.headerPx - scrollPx;
      if (store === undefined || top >= picture.heightPx || top + rows.bodyPx(group) <= 0) return;
      this.#paintGroup(scene, number, store, top, palette, picture);
    });
  }

  #paintGroup(scene: Scene, group: number, store: BarStore, top: number, palette: Palette, picture: Picture): void {
    const { lanes } = scene.rows.groups[group] as Rows['groups'][number];
    const { lanePx, lanesAPixel } = scene.rows.scale;
    const { widthPx, heightPx } = picture;
    const fromUs = scene.viewport.fromUs - (scene.shiftUs[group] ?? 0);
    const nowUs = scene.nowUs[group] ?? 0;
    const { pixelsPerUs } = scene.viewport;
    const firstRow = Math.max(0, Math.floor(-top / lanePx));
    const lastRow = Math.min(Math.ceil(lanes.length / lanesAPixel), Math.ceil((heightPx - top) / lanePx));
    if (this.#shape.columns === 1) this.#mixStripe(palette);
    const overview = lanesAPixel > 1 ? scene.overviews?.[group] : undefined;
    const { value } = this.#shape;
    const columns = this.#columns.fill(0);
    if (overview?.binUs(pixelsPerUs) !== undefined) {
      for (let row = Math.max(firstRow, -top); row < Math.min(lastRow, heightPx - top); row++) {
        const first = row * lanesAPixel;
        const end = Math.min(lanes.length, first + lanesAPixel);
        overview.read(row, fromUs, pixelsPerUs, widthPx, columns);
        const isMore =
          !overview.holdsOpenBars &&
          store.binOpen(lanes, first, end, fromUs, pixelsPerUs, widthPx, nowUs, this.#slot, value, columns);
        this.#paintStripe(top + row, picture);
        if (isMore) columns.fill(0);
      }
      return;
    }
    for (let row = firstRow; row < lastRow; row++) {
      const first = row * lanesAPixel;
      const end = Math.min(lanes.length, first + lanesAPixel);
      if (!store.bin(lanes, first, end, fromUs, pixelsPerUs, widthPx, nowUs, this.#slot, value, columns)) continue;
      this.#paintLane(top + row * lanePx, palette, picture);
      columns.fill(0);
    }
  }

  #prepare(lanePx: number, widthPx: number): void {
    if (this.#shape.heightPx === lanePx && this.#slotWidth === widthPx) return;
    this.#shape = laneShape(lanePx);
    this.#slotWidth = widthPx;
    this.#columns = new Uint8Array(this.#shape.columns * widthPx);
    this.#slot = this.#shape.column.map((column) => (column < 0 ? -1 : column * widthPx));
  }

  #paintLane(top: number, palette: Palette, picture: Picture): void {
    if (this.#shape.columns === 1) {
      this.#paintStripe(top, picture);
      return;
    }
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

  /** The colour of each value in lanes that are too low for details; that of 0, which is nothing, stays 0. */
  #mixStripe(palette: Palette): void {
    const { kindOf, bottom } = this.#shape;
    for (let value = 1; value < KINDS; value++) {
      this.#stripeColours[value] = palette[kindOf[value] as number]?.colour ?? 0;
    }
    this.#stripePx = Math.max(...bottom);
  }

  /** A lane that is too low for details: one colour a pixel column. */
  #paintStripe(top: number, { widthPx, heightPx, pixels }: Picture): void {
    const values = this.#columns;
    const colours = this.#stripeColours;
    const lastRow = Math.min(heightPx, top + this.#stripePx);
    for (let row = Math.max(0, top); row < lastRow; row++) {
      const first = row * widthPx;
      for (let x = 0; x < widthPx; x++) {
        const value = values[x] as number;
        pixels[first + x] = ((pixels[first + x] as number) & (KEPT[value] as number)) | (colours[value] as number);
      }
    }
  }

  #same(x: number, other: number): boolean {
    for (let at = 0; at < DRAW_ORDER.length; at++) {
      const base = (DRAW_ORDER[at] as number) * this.#slotWidth;
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
      for (let x = fromX; x < toX; x++) {
        if (onLine(paint.pattern, x, y)) pixels[row + x] = paint.colour;
        else if (paint.gap !== 0) pixels[row + x] = paint.gap;
      }
    }
  }
}
