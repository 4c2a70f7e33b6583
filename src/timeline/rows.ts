/** Lanes are never higher than this by themselves. */
export const TALLEST_LANE_PX = 60;
const LANE_STEPS_PX = [1, 2, 3, 4, 6, 8, 10, 12, 18, 24, 30, 40, TALLEST_LANE_PX, 80];
/** Lanes that share a row are a power of two, at most this many. */
const MAX_LANES_A_PIXEL = 4096;

/**
 * Vertical scale: rows of `lanePx` pixels, each shared by `lanesAPixel` lanes. Rows need not be whole pixels high, so
 * that any number of lanes fills any height: then some take a pixel more than others.
 */
export interface LaneScale {
  readonly lanePx: number;
  readonly lanesAPixel: number;
}

export interface RowGroup {
  /** Lanes in the order in which they are shown. */
  readonly lanes: ArrayLike<number>;
  readonly collapsed: boolean;
}

/** Where a vertical position lies: in a group's header, or in one of its lanes. */
interface RowHit {
  readonly group: number;
  /** Index into the group's lanes; -1 in its header. */
  readonly index: number;
  /** Pixels below the row's top. */
  readonly offset: number;
}

/** The rows of the page from top to bottom: for each group a header and, unless it is collapsed, its lanes. */
export class Rows {
  readonly groups: readonly RowGroup[];
  readonly scale: LaneScale;
  readonly headerPx: number;
  readonly heightPx: number;
  readonly #tops: number[] = [];

  constructor(groups: readonly RowGroup[], scale: LaneScale, headerPx: number) {
    this.groups = groups;
    this.scale = scale;
    this.headerPx = headerPx;
    let top = 0;
    for (const group of groups) {
      this.#tops.push(top);
      top += headerPx + this.bodyPx(group);
    }
    this.heightPx = top;
  }

  top(group: number): number {
    return this.#tops[group] ?? 0;
  }

  bodyPx(group: RowGroup): number {
    return group.collapsed ? 0 : this.rowTop(Math.ceil(group.lanes.length / this.scale.lanesAPixel));
  }

  /** Top of a row in its group, below the header. */
  rowTop(row: number): number {
    return Math.floor(row * this.scale.lanePx);
  }

  /** Top of the lane with this index in its group. */
  laneTop(group: number, index: number): number {
    return this.top(group) + this.headerPx + this.rowTop(Math.floor(index / this.scale.lanesAPixel));
  }

  /** Height of the lane with this index. */
  lanePxOf(index: number): number {
    const row = Math.floor(index / this.scale.lanesAPixel);
    return this.rowTop(row + 1) - this.rowTop(row);
  }

  at(y: number): RowHit | undefined {
    for (let group = this.groups.length - 1; group >= 0; group--) {
      const inside = Math.floor(y) - this.top(group);
      if (inside < 0) continue;
      if (inside < this.headerPx) return { group, index: -1, offset: inside };
      const { lanes, collapsed } = this.groups[group] as RowGroup;
      const body = inside - this.headerPx;
      const row = this.#rowAt(body);
      const index = row * this.scale.lanesAPixel;
      if (collapsed || index >= lanes.length) return undefined;
      return { group, index, offset: this.scale.lanesAPixel > 1 ? 0 : body - this.rowTop(row) };
    }
    return undefined;
  }

  /** The row whose pixels include this one: the last that begins at it or before. */
  #rowAt(body: number): number {
    let row = Math.ceil((body + 1) / this.scale.lanePx) - 1;
    // What was rounded may be one off.
    while (this.rowTop(row) > body) row--;
    while (this.rowTop(row + 1) <= body) row++;
    return row;
  }
}

/**
 * The scale at which the lanes of all groups fill the height, within limits: a few lanes are not higher than
 * `tallestPx`, and many share rows.
 * @param lanes of each group, without those that are collapsed
 */
export function scaleToFit(lanes: readonly number[], heightPx: number, tallestPx = TALLEST_LANE_PX): LaneScale {
  const rowsOf = (lanesAPixel: number): number => lanes.reduce((sum, count) => sum + Math.ceil(count / lanesAPixel), 0);
  let lanesAPixel = 1;
  while (lanesAPixel < MAX_LANES_A_PIXEL && rowsOf(lanesAPixel) > heightPx) lanesAPixel *= 2;
  const sharePx = Math.max(1, heightPx / Math.max(1, rowsOf(lanesAPixel)));
  return { lanePx: Math.min(sharePx, tallestPx), lanesAPixel };
}

/** The next scale up (`direction` 1) or down (-1). */
export function nextScale({ lanePx, lanesAPixel }: LaneScale, direction: 1 | -1): LaneScale {
  if (lanesAPixel > 1 || (lanePx <= 1 && direction < 0)) {
    const next = direction > 0 ? lanesAPixel / 2 : Math.min(MAX_LANES_A_PIXEL, lanesAPixel * 2);
    return { lanePx: 1, lanesAPixel: next };
  }
  const step = direction > 0 ? LANE_STEPS_PX.find((px) => px > lanePx) : LANE_STEPS_PX.findLast((px) => px < lanePx);
  return { lanePx: step ?? lanePx, lanesAPixel: 1 };
}
